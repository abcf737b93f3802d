"""Themes of what people write, as `sayso themes` found them last, with what the copy still has of their comments."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sayso_ingest.console.copy import Copy
from sayso_ingest.mining import Gathered, GatheredTheme, read_gathered
from sayso_ingest.places import gathered_file

QUOTES = """
    SELECT event_id::VARCHAR AS event_id, occurred_at, text
    FROM remark_state
    WHERE counts AND text IS NOT NULL AND event_id IN (SELECT unnest($ids::UUID[]))
"""


@dataclass(frozen=True, slots=True)
class Voiced:
    """A theme with its quotes."""

    theme: GatheredTheme
    quotes: list[dict[str, Any]]


def gathered(project_folder: Path) -> Gathered | None:
    """What was found last."""
    return read_gathered(gathered_file(project_folder))


def voiced(found: Gathered, copy: Copy) -> list[Voiced]:
    """Its themes with the words of their quotes, without those that were taken back since."""
    ids = [name for theme in found.themes for name in theme.quotes]
    said = {row["event_id"]: row for row in copy.rows(QUOTES, {"ids": ids})}
    return [Voiced(theme, [said[name] for name in theme.quotes if name in said]) for theme in found.themes]
