"""The interface between a run and a tracker, and what a tracker is given: plain values and files."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol, Self

from sayso_ingest.event import JSON


@dataclass(frozen=True, slots=True)
class Table:
    """Rows below names, each with a value a column: text, a number, true or false, or None."""

    columns: tuple[str, ...]
    rows: tuple[tuple[JSON, ...], ...]


@dataclass(frozen=True, slots=True)
class Logged:
    """A run as every tracker takes it. Names have letters, digits and `_-./: ` alone; nothing in it is a secret."""

    run_id: str
    key: str
    """40 hexadecimal digits that are this run's and no other's, for trackers that take an id of ours."""
    project: str
    """Where it belongs, unless the tracker is told another place."""
    began_ms: int
    ended_ms: int
    account: str
    """The run in words, as Markdown."""
    parameters: Mapping[str, str | int]
    metrics: Mapping[str, float]
    table: Table
    files: tuple[str, ...]
    """Paths of what is kept with it; no two have the same name."""

    def row(self) -> dict[str, JSON]:
        """It as plain values."""
        return dataclasses.asdict(self)

    @classmethod
    def from_row(cls, row: Mapping[str, JSON]) -> Self:
        """Read back what `row` wrote, also from JSON."""
        table = row["table"]
        rows = tuple(tuple(values) for values in table["rows"])
        return cls(
            **{**row, "table": Table(tuple(table["columns"]), rows), "files": tuple(row["files"])},
        )


class Tracker(Protocol):
    """Takes runs; the same run again is the same entry, brought up to date."""

    def log(self, logged: Logged) -> str:
        """Log a run, and return where it can be seen: an address, or where to find it.

        Raises:
            MissingExtra: the tracker's package is not installed.
            SaysoError: the tracker is away, or does not take it.
        """
