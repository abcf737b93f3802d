"""Reading what is published, as every room to the right of the warehouse does."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, TypeVar

from sayso_ingest.errors import NotFound, QueryError, WarehouseError
from sayso_ingest.warehouse.attached import Attached
from sayso_ingest.warehouse.connect import (
    Connection,
    DriverError,
    Interrupted,
    NotThere,
    OutOfMemory,
    is_question,
    open_published,
)
from sayso_ingest.warehouse.lake.address import Home, Lake
from sayso_ingest.warehouse.lake.attach import open_for_reading, published_snapshot
from sayso_ingest.warehouse.migrate import check_not_newer, known_migrations

if TYPE_CHECKING:
    import pyarrow as pa

FILE = "warehouse.duckdb"
_BEHIND_THE_LAKE = re.compile(
    r"\b(postgres|sqlite|ducklake)_\w+|__ducklake\w*|\bquery(_table)?\b(?=\W*\()", re.IGNORECASE
)
"""Functions by which SQL could put questions to a database of its choice, under the name of who opened the lake, and
`query`, which makes a statement of pieces of text."""
ROWS_AT_ONCE = 10_000
ARROW_ROWS_AT_ONCE = 100_000
"""More, for a batch becomes a row group of Parquet, and small ones are large files."""

_Answer = TypeVar("_Answer")

Params = Sequence[Any] | Mapping[str, Any]
"""Values for ? in their order, or for $name."""


class Published:
    """What is published of a project, in a file or a lake, as it was when this object was made."""

    def __init__(
        self,
        connection: Connection,
        *,
        memory: str | None = None,
        seconds: float | None = None,
        in_lake: bool = False,
    ) -> None:
        self._connection = connection
        self._in_lake = in_lake
        self._memory = memory
        self._seconds = seconds
        self._left = seconds

    @classmethod
    def open(
        cls,
        home: Home,
        *,
        memory: str | None = None,
        spill: Path | None = None,
        seconds: float | None = None,
        attached: Sequence[Attached] = (),
    ) -> Published:
        """Open what is published now in a project's folder or its lake, with what is `attached` to be joined.

        With `memory` ("2GB") a question that needs more fails, or puts it aside in the folder `spill`; with `seconds`
        all questions together may take so long, not counting what the caller does with the rows in between.

        Raises:
            NotFound: nothing has been published yet, or what is to be attached is not there.
            SettingError: the name of something attached is taken.
            WarehouseNewer: a newer version published it.
            WarehouseError: it cannot be opened.
        """
        if isinstance(home, Lake):
            connection = open_for_reading(home, memory=memory, spill=spill, attached=attached)
        else:
            _check_project(home)
            connection = open_published(home / FILE, memory=memory, spill=spill, attached=attached)
        what = str(home if isinstance(home, Lake) else home / FILE)
        try:
            check_not_newer(connection, what)
        except WarehouseError:
            connection.close()
            raise
        except DriverError as error:
            connection.close()
            problem = "cannot be read" if isinstance(home, Lake) else "is no warehouse"
            raise WarehouseError(f"{what} {problem}: {error}") from error
        return cls(connection, memory=memory, seconds=seconds, in_lake=isinstance(home, Lake))

    @classmethod
    def check(cls, file: Path) -> None:
        """See that a file that came from elsewhere is a copy, and all of it.

        Raises:
            WarehouseError: it cannot be opened, has fewer blocks than it says, or is something else.
        """
        with cls(open_published(file)) as copy:
            try:
                [size] = copy.query(
                    "SELECT block_size * total_blocks AS bytes FROM pragma_database_size() LIMIT 1"
                )
                copy.query("SELECT events FROM published")
            except QueryError as error:
                raise WarehouseError(f"it has no table `published`: {error}") from error
            if size["bytes"] > file.stat().st_size:
                raise WarehouseError(f"it ends before its {size['bytes']:,} bytes do")

    @staticmethod
    def version(home: Home) -> tuple[int, int] | None:
        """Name what is published now, so that it is told from the next one; None where there is nothing."""
        if isinstance(home, Lake):
            snapshot = published_snapshot(home)
            return None if snapshot is None else (snapshot, 0)
        try:
            stat = (home / FILE).stat()
        except OSError:
            return None
        return stat.st_ino, stat.st_mtime_ns

    def table(self, sql: str, params: Params = ()) -> tuple[list[str], list[tuple[Any, ...]]]:
        """Run one question; return the column names and the rows.

        Raises:
            QueryError: it does not run, or it would write.
        """
        columns, rows = self.stream(sql, params)
        return columns, list(rows)

    def stream(self, sql: str, params: Params = ()) -> tuple[list[str], Iterator[tuple[Any, ...]]]:
        """Run one question; return the column names and the rows as they are made, a few in memory at a time.

        Raises:
            QueryError: it does not run, or it would write; reading the rows may raise it too.
        """
        self._check(sql)
        result = self._ask(
            lambda: self._connection.execute(
                sql, dict(params) if isinstance(params, Mapping) else list(params)
            )
        )
        columns = _distinct([column[0] for column in result.description])
        return columns, self._rows(result)

    def arrow(self, sql: str, params: Params = ()) -> tuple[pa.Schema, Iterator[pa.RecordBatch]]:
        """Run one question; return the schema and the rows in Arrow batches as they are made; raises like `stream`."""
        import pyarrow as pa

        self._check(sql)
        # By way of a relation: what `execute` returns is copied into memory whole before it becomes Arrow.
        reader = self._ask(
            lambda: self._connection.sql(sql, params=params or None).to_arrow_reader(ARROW_ROWS_AT_ONCE)
        )
        names = _distinct(reader.schema.names)
        fields = [field.with_name(name) for field, name in zip(reader.schema, names, strict=True)]
        return pa.schema(fields), self._batches(reader, names)

    def query(self, sql: str, params: Params = ()) -> list[dict[str, Any]]:
        """Run one question; return a dictionary per row.

        Raises:
            QueryError: it does not run, or it would write.
        """
        columns, rows = self.table(sql, params)
        return [dict(zip(columns, row, strict=True)) for row in rows]

    def _check(self, sql: str) -> None:
        if not self._ask(lambda: is_question(self._connection, sql)):
            raise QueryError("Only SELECT is allowed here: the published copy is for reading.")
        if self._in_lake and (found := _BEHIND_THE_LAKE.search(sql)):
            raise QueryError(
                f"{found[0]} is not to be had here: it would reach past the tables of feedback into a catalog."
            )
        statements = len(self._connection.extract_statements(sql))
        if not statements:
            raise QueryError("There is no statement in this SQL. Write a SELECT.")
        if statements > 1:
            raise QueryError(f"There are {statements} statements in this SQL. Ask one at a time.")

    def _rows(self, result: Any) -> Iterator[tuple[Any, ...]]:
        while rows := self._ask(lambda: result.fetchmany(ROWS_AT_ONCE)):
            yield from rows

    def _batches(self, reader: pa.RecordBatchReader, names: Sequence[str]) -> Iterator[pa.RecordBatch]:
        import pyarrow as pa

        try:
            while (batch := self._ask(lambda: next(reader, None))) is not None:
                yield batch.rename_columns(names)
        except pa.ArrowException as error:
            raise QueryError(f"The query failed: {error}") from error

    def _ask(self, call: Callable[[], _Answer]) -> _Answer:
        """Let the driver work for as long as is left, and make of what it raises what people can read."""
        try:
            return call() if self._left is None else self._within_time(call)
        except Interrupted as error:
            raise QueryError(
                f"The query was stopped after {self._seconds:g} s. Ask for less, or allow more time with --timeout."
            ) from error
        except OutOfMemory as error:
            raise QueryError(
                f"The query needs more memory than it may have ({self._memory or 'as much as there is'}). "
                "Ask for less; `sayso sql` and `sayso ask` take --memory."
            ) from error
        except NotThere as error:
            raise QueryError(f"The query failed: {error}{self._if_behind()}") from error
        except DriverError as error:
            raise QueryError(f"The query failed: {error}") from error
        except OSError as error:
            raise QueryError(f"The query failed: {error}") from error

    def _if_behind(self) -> str:
        """Say why something may not be there: the copy is of an earlier version, until a lander has published."""
        try:
            done = {name for (name,) in self._connection.execute("SELECT name FROM migrations").fetchall()}
        except DriverError:
            return ""  # no file of ours
        if known_migrations() <= done:
            return ""
        return (
            "\nThis copy was published by an earlier sayso, which did not have all that this one knows. "
            "`sayso serve` (or `sayso land`) brings it up to date when it starts."
        )

    def _within_time(self, call: Callable[[], _Answer]) -> _Answer:
        """Let a thread ask: while this one waits in Python, it hears Ctrl-C, which the driver does not always."""
        began = time.monotonic()
        with ThreadPoolExecutor(1) as pool:
            asking = pool.submit(call)
            try:
                return asking.result(timeout=self._left)
            except TimeoutError:
                self._connection.interrupt()
                return asking.result()
            except KeyboardInterrupt:
                self._connection.interrupt()
                raise
            finally:
                self._left = max(0.0, (self._left or 0.0) - (time.monotonic() - began))

    def interrupt(self) -> None:
        """Stop the question that is being answered, if there is one; for another thread to call."""
        with suppress(DriverError):  # it may have been closed meanwhile
            self._connection.interrupt()

    def close(self) -> None:
        """Let go of the copy."""
        self._connection.interrupt()  # a question whose rows were not all fetched works on, and closing would wait
        self._connection.close()

    def __enter__(self) -> Published:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _check_project(folder: Path) -> None:
    if folder.is_dir():
        return
    others = sorted(path.parent.name for path in folder.parent.glob(f"*/{FILE}"))
    known = f"There are: {', '.join(others)}." if others else "There is none yet; `sayso serve` makes one."
    raise NotFound(
        f"There is no project {folder.name} in {folder.parent.absolute()}. {known} "
        "Is it in another folder? Name that with --data or SAYSO_DATA."
    )


def _distinct(columns: list[str]) -> list[str]:
    """Number the later ones of columns of the same name, as DuckDB does in a table: a, a_1."""
    seen: dict[str, int] = {}
    names = []
    for column in columns:
        count = seen.get(column, 0)
        seen[column] = count + 1
        names.append(f"{column}_{count}" if count else column)
    return names
