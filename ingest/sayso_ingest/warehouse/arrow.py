"""Rows on their way into a table: columns of Python values -> one Arrow table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any

import pyarrow as pa

from sayso_ingest.warehouse.connect import Connection, DriverError

Row = Mapping[str, Any]
Columns = Mapping[str, Sequence[Any]]
"""Of each column that any of the rows has, the values, one a row."""

ARROW_TYPES: Mapping[str, pa.DataType] = {
    "VARCHAR": pa.string(),
    "VARCHAR[]": pa.list_(pa.string()),
    "JSON": pa.string(),
    "UUID": pa.string(),
    "BLOB": pa.binary(),
    "BOOLEAN": pa.bool_(),
    "DOUBLE": pa.float64(),
    "BIGINT": pa.int64(),
    "UBIGINT": pa.uint64(),
    "TIMESTAMP": pa.timestamp("us"),
}
"""How rows come to a column of each type that our tables have."""


def columns_of(rows: Sequence[Row]) -> Columns:
    """Turn rows into columns; a row without one of them has nothing in it."""
    names = set[str]().union(*rows)
    return {name: [row.get(name) for row in rows] for name in names}


def to_arrow(parts: Sequence[Columns], types: Mapping[str, pa.DataType], stamp: Row) -> pa.Table:
    """Put tables under each other, with the values of `stamp` in every row; all columns of `types` are there.

    Raises:
        ArrowInvalid, ArrowTypeError, OverflowError, ValueError: a value does not fit the type of its column.
    """
    tables = [
        pa.table({name: pa.array(values, types[name]) for name, values in part.items()}) for part in parts
    ]
    whole = pa.concat_tables([pa.schema(types).empty_table(), *tables], promote_options="default")
    for name, value in stamp.items():
        values = pa.repeat(pa.scalar(value, types[name]), whole.num_rows)
        whole = whole.set_column(whole.schema.get_field_index(name), name, values)
    return whole


@contextmanager
def registered(connection: Connection, name: str, table: pa.Table) -> Iterator[None]:
    """Let SQL on the connection read an Arrow table under a name."""
    connection.register(name, table)
    try:
        yield
    finally:
        # In a transaction that has failed nothing more runs, not even this; the roll-back takes the name away.
        with suppress(DriverError):
            connection.unregister(name)
