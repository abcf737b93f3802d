"""Folding: the state tables catch up with what has landed. What each step does is told in fold.sql and settle.sql."""

from __future__ import annotations

import re
from importlib.resources import files

from sayso_ingest.warehouse.connect import Connection
from sayso_ingest.warehouse.definition import read_statements

_ROOM = files("sayso_ingest.warehouse")
_WHEN = re.compile(r"^-- when: (\w+)$", re.MULTILINE)
STEPS = read_statements(_ROOM / "fold.sql") | read_statements(_ROOM / "settle.sql")


def fold(connection: Connection, *, after: int, upto: int) -> None:
    """Fold the events of the landings after `after`, up to and with `upto`; in a transaction of the caller's."""
    for statement in STEPS.values():
        needed = _WHEN.search(statement)
        if needed and not connection.execute(f"FROM {needed[1]} LIMIT 1").fetchall():
            continue
        # The driver refuses a value that a statement does not ask for.
        bounds = {
            name: value for name, value in (("after", after), ("upto", upto)) if f"${name}" in statement
        }
        connection.execute(statement, bounds)
