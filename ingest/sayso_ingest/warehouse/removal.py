"""Removing events and rejects for good, in a transaction of the caller's; what is folded is folded anew after it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from importlib.resources import files
from typing import NamedTuple

from sayso_ingest.warehouse.connect import Connection
from sayso_ingest.warehouse.definition import read_statements

SQL = read_statements(files("sayso_ingest.warehouse") / "removal.sql")
FOLDED = (
    "verdict_state",
    "retraction_state",
    "interaction_state",
    "replaced_interactions",
    "remark_state",
    "exposure_state",
    "report_state",
    "decision_state",
)
"""The state tables that are made of events alone. Ties outlive the event that told them: see `remove_ties`."""


class Removed(NamedTuple):
    """How much of one sort was removed."""

    what: str
    before: datetime | None
    n: int


def remove_by_age(connection: Connection, before: Mapping[str, datetime], *, now: datetime) -> list[Removed]:
    """Remove what was received before the time of its kind (or `rejects`); times are UTC, without a zone."""
    connection.execute(SQL["cutoffs"], [list(before), list(before.values())])
    connection.execute(SQL["past"])
    connection.execute(SQL["bared"])
    removed = [Removed(*row) for row in connection.execute(SQL["past_counts"]).fetchall()]
    if not removed:
        return []
    for step in ("remove_past", "bare", "remove_rejects", "remove_ties", "remove_identities"):
        connection.execute(SQL[step])
    note(connection, removed, why="age", now=now)
    fold_anew(connection)
    return removed


def note(connection: Connection, removed: list[Removed], *, why: str, now: datetime) -> None:
    """Leave a record of the act."""
    for one in removed:
        connection.execute(SQL["note_removal"], [now, why, one.what, one.before, one.n])


def fold_anew(connection: Connection) -> None:
    """Empty what is folded."""
    for table in FOLDED:
        connection.execute(f"TRUNCATE {table}")
    connection.execute(SQL["fold_anew"])
