"""What the last run gathered: themes with the ids of their comments, for the console, which reckons none itself.

The words of people are not kept here: whoever shows them asks the published copy, which no longer has what was taken
back.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sayso_ingest.private_file import replace

if TYPE_CHECKING:
    from sayso_ingest.mining.themes.themes import Theme, Themes


@dataclass(frozen=True, slots=True)
class GatheredTheme:
    """A theme as it was found; `rate`, `low` and `high` are its share of all comments with its 95 % interval."""

    id: str
    label: str
    comments: int
    people: int
    rate: float
    low: float
    high: float
    recent: int
    before: int
    trend: str
    versions: list[str]
    quotes: list[str]
    """Ids of the comments nearest to its middle."""
    members: list[str]
    """Ids of all its comments, the nearest first."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """All themes of a run, the most frequent first, when it was made (UTC, naive) and of how many comments."""

    made_at: datetime
    comments: int
    embedder: str
    themes: tuple[GatheredTheme, ...]

    def theme(self, name: str) -> GatheredTheme | None:
        """The theme of this id."""
        return next((theme for theme in self.themes if theme.id == name), None)


def keep_gathered(path: Path, found: Themes, *, now: datetime) -> None:
    """Write down what was found, in place of what was there; raises OSError where that cannot be written."""
    kept = {
        "made_at": now.isoformat(timespec="seconds"),
        "comments": found.comments,
        "embedder": found.embedder,
        "themes": [asdict(_kept(theme)) for theme in found.themes],
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    replace(path, json.dumps(kept, ensure_ascii=False))


def read_gathered(path: Path) -> Gathered | None:
    """Read it; None where no run has written one that this version can read."""
    try:
        kept: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        themes = tuple(GatheredTheme(**theme) for theme in kept["themes"])
        made_at = datetime.fromisoformat(kept["made_at"])
        return Gathered(made_at, int(kept["comments"]), str(kept["embedder"]), themes)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _kept(theme: Theme) -> GatheredTheme:
    return GatheredTheme(
        id=theme.id,
        label=theme.label,
        comments=theme.comments,
        people=theme.people,
        rate=theme.share.rate,
        low=theme.share.low,
        high=theme.share.high,
        recent=theme.recent,
        before=theme.before,
        trend=theme.trend,
        versions=[name for name, _ in theme.versions],
        quotes=[example.event_id for example in theme.examples],
        members=list(theme.members),
    )
