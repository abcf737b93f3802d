"""A fold of few events in a lake: some sixty statements over what was read first, rather than over the lake.

Each statement that asks a lake asks its catalog several times, and most of its files. What a fold of few events may
look at are some hundred rows.
"""

from __future__ import annotations

from importlib.resources import files

from sayso_ingest.warehouse.connect import ALIAS, Connection
from sayso_ingest.warehouse.definition import read_statements
from sayso_ingest.warehouse.fold import STEPS, fold, run

NEAR = read_statements(files("sayso_ingest.warehouse.lake") / "near.sql")
FEW = 20_000
"""Events of which all that is near fits the memory, texts and all; what more of them cost, they cost anyhow."""

_CHANGING = ("verdict_state", "exposure_state", "interaction_state", "remark_state")
"""Tables whose rows change: each row near has with it which one of the lake it is."""
_SAYS = "SELECT *, hash(t) AS said FROM {} t"
_SMALL = ("ties", "identity_state", "retraction_state")
_SAID_TWICE = ("fold_ties", "fold_forget_identities", "fold_identities", "fold_retractions")
"""What changes the small tables, said to the lake as it was said to what is near. To other tables a fold only adds, and
asks them nothing: what it writes there goes into the lake at once."""


def fold_near(connection: Connection, *, after: int, upto: int) -> None:
    """Fold the events of the landings after `after`, up to and with `upto`; in a transaction of the caller's."""
    run(connection, NEAR, after=after, upto=upto)
    for table in _CHANGING:
        connection.execute(f"CREATE OR REPLACE TEMP TABLE {table}_before AS {_SAYS.format(table)}")
    fold(connection, after=after, upto=upto)
    for table in _CHANGING:
        _write_changes(connection, table)
    _drop(connection, *_SMALL)
    run(connection, {name: STEPS[name] for name in _SAID_TWICE}, after=after, upto=upto)
    _drop(connection, "events", *_CHANGING)


def _write_changes(connection: Connection, table: str) -> None:
    """Write what a fold changed of a table, each row once."""
    now, before = f"({_SAYS.format(table)})", f"{table}_before"
    for made, of, without in (("gone", before, now), ("new", now, before)):
        connection.execute(
            f"CREATE OR REPLACE TEMP TABLE {made} AS FROM {of} ANTI JOIN {without} USING (lake_row, said)"
        )
    if connection.execute("FROM gone LIMIT 1").fetchall():
        connection.execute(f"DELETE FROM {ALIAS}.{table} WHERE rowid IN (SELECT lake_row FROM gone)")  # noqa: S608 - our names
    if connection.execute("FROM new LIMIT 1").fetchall():
        connection.execute(f"INSERT INTO {ALIAS}.{table} BY NAME SELECT * EXCLUDE (lake_row, said) FROM new")  # noqa: S608


def _drop(connection: Connection, *tables: str) -> None:
    for table in tables:
        connection.execute(f"DROP TABLE temp.{table}")
