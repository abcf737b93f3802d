"""Up to where each source of the log has landed, and where those stood that are gone from it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sayso_ingest.warehouse.connect import Connection
from sayso_ingest.warehouse.statements import STATEMENTS


@dataclass(frozen=True, slots=True)
class AcceptedGap:
    """A source whose position did not fit its log, and where landing goes on in it: nowhere, where `to` is None."""

    source: str
    stored: int | None
    to: int | None
    what: str


def stored(connection: Connection) -> dict[str, int]:
    """Return the next offset to read of each source."""
    return dict(connection.execute(STATEMENTS["positions"]).fetchall())


def move(connection: Connection, to: Mapping[str, int]) -> None:
    """Set the positions of some sources."""
    for source, offset in to.items():
        connection.execute(STATEMENTS["forget_position"], [source])
        connection.execute(STATEMENTS["set_position"], [source, offset])


def put_away(connection: Connection, sources: Iterable[str], *, now: datetime) -> None:
    """Put away the positions of sources that are gone from the log."""
    for source in sources:
        connection.execute(STATEMENTS["put_position_away"], [now.replace(tzinfo=None), source])
        connection.execute(STATEMENTS["forget_position"], [source])


def put_away_of(connection: Connection, sources: Iterable[str]) -> dict[str, int]:
    """Return the positions that were put away of some sources."""
    asked = list(sources)
    return dict(connection.execute(STATEMENTS["positions_put_away"], [asked]).fetchall()) if asked else {}


def bring_back(connection: Connection, found: Mapping[str, int]) -> None:
    """Take up positions again that were put away."""
    for source, offset in found.items():
        connection.execute(STATEMENTS["set_position"], [source, offset])
        connection.execute(STATEMENTS["drop_position_put_away"], [source])


def accept(connection: Connection, gaps: Iterable[AcceptedGap], *, now: datetime) -> None:
    """Move positions as was decided, and write down that it was."""
    for gap in gaps:
        if gap.to is None:
            put_away(connection, [gap.source], now=now)
        else:
            move(connection, {gap.source: gap.to})
        row = [now.replace(tzinfo=None), gap.source, gap.stored, gap.to, gap.what]
        connection.execute(STATEMENTS["accept_gap"], row)
