"""What one landing writes, and how its rows come into their tables, in a transaction of the caller's."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pyarrow as pa

from sayso_ingest.warehouse.arrow import ARROW_TYPES, Row, Rows, columns_of, registered, stacked, to_arrow
from sayso_ingest.warehouse.connect import Connection
from sayso_ingest.warehouse.repeats import told_apart
from sayso_ingest.warehouse.statements import STATEMENTS

TABLES = ("events", "rejects", "counts", "client_losses")
"""The tables that rows are landed in."""

Types = Mapping[str, Mapping[str, pa.DataType]]
"""Of each of those tables, how rows come to each column."""

Fitting = Callable[[pa.Table], pa.Table]
"""Makes of rows what can be stored where they go."""


@dataclass(frozen=True, slots=True)
class Batch:
    """What one landing writes, and where the lander stands after it."""

    events: Sequence[Rows] = ()
    rejects: Sequence[Row] = ()
    counts: Sequence[Row] = ()
    client_losses: Sequence[Row] = ()
    """Totals: of each key, client and reason the highest one ever landed holds."""
    positions: Mapping[str, int] = field(default_factory=dict)


def types_of(connection: Connection) -> Types:
    """Ask the tables for their columns."""
    return {table: _types_of(connection, table) for table in TABLES}


def insert(
    connection: Connection, batch: Batch, types: Types, *, landed_at: datetime, landing: int, fitting: Fitting
) -> None:
    """Insert the rows of a batch; a reject that came before is counted."""
    insert_events(connection, batch.events, landed_at, landing, fitting=fitting)
    rejects, repeats = told_apart(connection, batch.rejects, types["rejects"])
    others = {"rejects": rejects, "counts": [*batch.counts, *repeats], "client_losses": batch.client_losses}
    for table, rows in others.items():
        if rows:
            _insert(connection, table, fitting(to_arrow(columns_of(rows), types[table])), landed_at)


def insert_events(
    connection: Connection,
    events: Sequence[Rows],
    landed_at: datetime | None,
    landing: int | None,
    *,
    fitting: Fitting,
) -> None:
    """Insert rows of events, all in one go."""
    tables = [rows.table for rows in events if len(rows)]
    if tables:
        _insert(connection, "events", fitting(stacked(tables)), landed_at, landing)


def _types_of(connection: Connection, table: str) -> Mapping[str, pa.DataType]:
    columns = connection.execute(f"DESCRIBE {table}").fetchall()
    return {name: ARROW_TYPES[sql_type] for name, sql_type, *_ in columns}


def _insert(connection: Connection, table: str, rows: pa.Table, *stamp: Any) -> None:
    """Insert rows, with the values of `stamp` in each of them."""
    with registered(connection, f"{table}_batch", rows):
        connection.execute(STATEMENTS[f"land_{table}"], stamp)
