"""Folding: the state tables catch up with what has landed. What each step does is told in fold.sql and settle.sql."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files

from sayso_ingest.warehouse.connect import Connection
from sayso_ingest.warehouse.definition import read_statements

_ROOM = files("sayso_ingest.warehouse")
_WHEN = re.compile(r"^-- when: (\w+)$", re.MULTILINE)
STEPS = read_statements(_ROOM / "fold.sql") | read_statements(_ROOM / "settle.sql")


FOLD_EVENTS = 250_000
"""Events folded at once, or those of one landing, so that memory has a bound also when all is folded anew."""


@dataclass(frozen=True, slots=True)
class Slice:
    """Landings that are folded at once: those after one, up to and with another, and how many events they have."""

    after: int
    upto: int
    events: int


def slices(counts: Iterable[tuple[int, int]], *, after: int, last: int) -> Iterator[Slice]:
    """Cut the landings after one, up to the last, into slices; `counts` says which of them have how many events."""
    upto, events = after, 0
    for landing, count in counts:
        if events and events + count > FOLD_EVENTS:
            yield Slice(after, upto, events)
            after, events = upto, 0
        upto, events = landing, events + count
    if after < last:
        yield Slice(after, last, events)


def fold(connection: Connection, *, after: int, upto: int) -> None:
    """Fold the events of the landings after `after`, up to and with `upto`; in a transaction of the caller's."""
    run(connection, STEPS, after=after, upto=upto)


def run(connection: Connection, steps: Mapping[str, str], **bounds: int) -> None:
    """Run statements in their order, but for those that say `when` of a table that has no rows."""
    for statement in steps.values():
        needed = _WHEN.search(statement)
        if needed and not connection.execute(f"FROM {needed[1]} LIMIT 1").fetchall():
            continue
        # The driver refuses a value that a statement does not ask for.
        connection.execute(
            statement, {name: value for name, value in bounds.items() if f"${name}" in statement}
        )
