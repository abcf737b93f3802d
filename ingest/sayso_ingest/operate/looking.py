"""How who only looks opens a project: its log, and what its published copy says of how far it is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files
from pathlib import Path

from sayso_ingest.eventlog import PLAINTEXT, LogReader, Positions, Security, open_reader
from sayso_ingest.places import log_folder
from sayso_ingest.warehouse import Published, read_statements

_SQL = read_statements(files(__package__) / "looking.sql")


@contextmanager
def reading(log: str, folder: Path, security: Security = PLAINTEXT) -> Iterator[LogReader]:
    """Open the log of a project to look into it; raises like `open_reader`."""
    reader = open_reader(log, folder=log_folder(folder), project=folder.name, security=security)
    try:
        yield reader
    finally:
        reader.close()


def positions_of(copy: Published) -> dict[str, int]:
    """Up to where each source of the log is in a copy."""
    return dict(copy.table(_SQL["positions"])[1])


def topics_in(positions: Positions) -> list[str]:
    """Name the partitions of topics in Kafka among the sources that have landed: no file has a / in its name."""
    return sorted(source for source in positions if "/" in source)


@dataclass(frozen=True, slots=True)
class Page:
    """What a copy says of itself; times are UTC, None where nothing has come in yet."""

    events: int
    last_received_at: datetime | None
    last_landed_at: datetime | None
    published_at: datetime

    @classmethod
    def of(cls, copy: Published) -> Page:
        """Read it."""
        [page] = copy.query(_SQL["page"])
        return cls(**page)
