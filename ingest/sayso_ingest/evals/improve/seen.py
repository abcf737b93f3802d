"""What production says of each version of a prompt: how it was liked, and which file and commit it came from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files

from sayso_ingest.mining import Query
from sayso_ingest.warehouse import read_statements

SQL = read_statements(files(__package__) / "seen.sql")


@dataclass(frozen=True, slots=True)
class Place:
    """Where an application says that a text came from: the commit that wrote the file, and whether it was changed."""

    commit: str | None
    dirty: bool | None
    path: str | None


@dataclass(frozen=True, slots=True)
class Seen:
    """A version as production saw it. `up_rate` is 0 to 1 with its 95 % interval, None where nobody gave a thumb.

    Times are UTC, naive. `version` is None where an application names none.
    """

    name: str
    version: str | None
    interactions: int
    thumbs: int
    up: int
    down: int
    people: int
    up_rate: float | None
    up_low: float | None
    up_high: float | None
    first_at: datetime
    last_at: datetime
    places: tuple[Place, ...]


def read_seen(query: Query) -> list[Seen]:
    """Every version that answered in production, by name, those last used first."""
    return [
        Seen(
            name=row["prompt_name"],
            version=row["prompt_version"],
            places=tuple(Place(**place) for place in row["places"] or ()),
            **{name: row[name] for name in _SAME},
        )
        for row in query(SQL["versions"], [])
    ]


_SAME = (
    "interactions",
    "thumbs",
    "up",
    "down",
    "people",
    "up_rate",
    "up_low",
    "up_high",
    "first_at",
    "last_at",
)
