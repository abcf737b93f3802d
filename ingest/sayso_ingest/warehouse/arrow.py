"""Rows on their way into a table: columns of Python values -> one Arrow table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

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


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Events that fit the columns of their table, and are ready to be landed."""

    table: pa.Table
    ids: Sequence[str]
    """The event id of each row."""
    hashes: Sequence[int]
    """The hash of what each row says."""

    @classmethod
    def without_values(cls, events: Columns) -> Rows:
        """Rows of which only ids and hashes are wanted."""
        return cls(pa.table({}), events["event_id"], events["content_hash"])

    def __len__(self) -> int:
        return len(self.ids)

    def value(self, column: str, n: int) -> Any:
        """What row number n has in a column."""
        return self.table[column][n].as_py()

    def row(self, n: int) -> dict[str, Any]:
        """Row number n, with every column that has a value in it."""
        (row,) = self.table.slice(n, 1).to_pylist()
        return {name: value for name, value in row.items() if value is not None}

    def chosen(self, numbers: Sequence[int]) -> Rows:
        """The rows of these numbers."""
        chosen = self.table.take(pa.array(numbers, pa.int64()))
        return Rows(chosen, [self.ids[n] for n in numbers], [self.hashes[n] for n in numbers])


def to_arrow(columns: Columns, types: Mapping[str, pa.DataType]) -> pa.Table:
    """Turn columns of values into those of a table.

    Raises:
        ArrowInvalid, ArrowTypeError, OverflowError, ValueError: a value does not fit the type of its column.
    """
    return pa.table({name: pa.array(values, types[name]) for name, values in columns.items()})


def stacked(tables: Sequence[pa.Table]) -> pa.Table:
    """Put tables under each other; a column that one of them does not have is empty there."""
    return pa.concat_tables(tables, promote_options="default")


def without_nul(table: pa.Table) -> pa.Table:
    """Put U+FFFD in the place of NUL in every text, also in lists."""
    for n, field in enumerate(table.schema):
        texts = table.column(n)
        if field.type == pa.string() and _has_nul(texts):
            table = table.set_column(n, field, pc.replace_substring(texts, "\0", "\ufffd"))
        elif field.type == pa.list_(pa.string()) and _has_nul(pc.list_flatten(texts)):
            lists = [each and [text.replace("\0", "\ufffd") for text in each] for each in texts.to_pylist()]
            table = table.set_column(n, field, pa.array(lists, field.type))
    return table


def _has_nul(texts: pa.ChunkedArray) -> bool:
    return bool(pc.any(pc.match_substring(texts, "\0")).as_py())


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
