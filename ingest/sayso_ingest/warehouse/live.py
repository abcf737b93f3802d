"""The live file: written by the lander alone, one transaction a batch."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from importlib.resources import files
from pathlib import Path
from typing import Any
from uuid import UUID

import pyarrow as pa

from sayso_ingest.errors import WarehouseError
from sayso_ingest.warehouse.connect import ALIAS, Connection, DataErrors, DriverError, open_live
from sayso_ingest.warehouse.definition import Definition, read_definitions, read_statements

log = logging.getLogger(__name__)

_ROOM = files("sayso_ingest.warehouse")
STATEMENTS = read_statements(_ROOM / "statements.sql")
FILE = "warehouse.duckdb"

Row = Mapping[str, Any]

UNSTORABLE = (*DataErrors, pa.ArrowException, OverflowError, TypeError, ValueError)
"""What a row raises that cannot be stored: in the driver, or on the way to it."""


class UnstorableBatch(WarehouseError):
    """The batch holds a row that cannot be stored; none of it was."""


@dataclass(frozen=True, slots=True)
class Batch:
    """What one landing writes, and where the lander stands after it."""

    events: Sequence[Row] = ()
    rejects: Sequence[Row] = ()
    counts: Sequence[Row] = ()
    positions: Mapping[str, int] = field(default_factory=dict)


class Warehouse:
    """A project's live file."""

    def __init__(self, path: Path, views: Sequence[Definition]) -> None:
        self.path = path
        self._views = views
        self._connection: Connection | None = None

    @classmethod
    def open(cls, project_folder: Path, *, views: Iterable[Definition] = ()) -> Warehouse:
        """Open (or make) the live file of a project, migrated, with its own views and those handed in.

        Raises:
            WarehouseLocked: another lander has it open.
            WarehouseError: it cannot be opened or migrated.
        """
        warehouse = cls(project_folder / "live" / FILE, [*read_definitions(_ROOM / "views"), *views])
        warehouse.reopen()
        return warehouse

    def reopen(self) -> None:
        """Attach the file again: what is committed is there, what was not is not.

        After a failed commit or checkpoint the driver's state is not to be trusted, the file is.
        """
        self.close()
        self._connection = open_live(self.path)
        try:
            _migrate(self._connection)
            _define(self._connection, self._views)
        except DriverError as error:
            self.close()
            raise WarehouseError(f"{self.path} cannot be brought up to date: {error}") from error

    def close(self) -> None:
        """Let go of the file."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def positions(self) -> dict[str, int]:
        """The next offset to read of each source, as of the last landing."""
        return dict(self._rows(STATEMENTS["positions"]))

    def stored(self, ids: Sequence[str]) -> dict[UUID, int]:
        """Say which of these event ids are stored already, with the hash of what each said."""
        if not ids:
            return {}
        with self._table("id_batch", pa.table({"event_id": pa.array(ids, pa.string())})):
            return dict(self._rows(STATEMENTS["ids_stored"], [min(ids), max(ids)]))

    def land(self, batch: Batch, *, now: datetime) -> None:
        """Write rows, rejects, counts and positions in one transaction.

        Raises:
            UnstorableBatch: a row cannot be stored; nothing was written.
            WarehouseError: the disk or the file failed; nothing was written, and the file was attached again.
        """
        try:
            with self._transaction() as connection:
                landing = self._rows(STATEMENTS["next_landing"])[0][0]
                stamp = {"landed_at": now.replace(tzinfo=None), "landing": landing}
                self._insert("events", batch.events, "event_batch", "land_events", stamp)
                stamp = {"landed_at": stamp["landed_at"]}
                self._insert("rejects", batch.rejects, "reject_batch", "land_rejects", stamp)
                self._insert("counts", batch.counts, "count_batch", "land_counts", stamp)
                for source, offset in batch.positions.items():
                    connection.execute(STATEMENTS["forget_position"], [source])
                    connection.execute(STATEMENTS["set_position"], [source, offset])
        except UNSTORABLE as error:
            raise UnstorableBatch(f"A row cannot be stored: {error}") from error
        except DriverError as error:
            self.reopen()
            raise WarehouseError(f"Landing into {self.path} failed, nothing was written: {error}") from error

    def can_store(self, events: Sequence[Row]) -> bool:
        """Say whether these rows of `events` could be stored; nothing is."""
        self._live.execute("BEGIN")
        try:
            self._insert("events", events, "event_batch", "land_events", {})
        except UNSTORABLE:
            return False
        finally:
            self._live.execute("ROLLBACK")
        return True

    def forget(self, sources: Iterable[str]) -> None:
        """Drop the positions of sources that are gone from the log."""
        with self._transaction() as connection:
            for source in sources:
                connection.execute(STATEMENTS["forget_position"], [source])

    def fold(self, *, now: datetime) -> None:
        """Bring the state tables up to the last landing, and say in `published` what a copy made now holds."""
        with self._transaction() as connection:
            folded = self._rows(STATEMENTS["progress"])[0][1]
            for statement in ("fold_verdicts", "fold_interactions", "fold_ties"):
                connection.execute(STATEMENTS[statement], [folded])
            connection.execute(STATEMENTS["mark_folded"])
            connection.execute(STATEMENTS["clear_published"])
            connection.execute(STATEMENTS["set_published"], [now.replace(tzinfo=None)])

    def checkpoint(self) -> None:
        """Move everything committed into the file itself.

        Raises:
            WarehouseError: it failed (a full disk); the file was attached again and holds all that is committed.
        """
        try:
            self._live.execute(f"CHECKPOINT {ALIAS}")
        except DriverError as error:
            self.reopen()
            raise WarehouseError(f"The checkpoint of {self.path} failed: {error}") from error

    def landing(self) -> int:
        """The number of the last landing."""
        return int(self._rows(STATEMENTS["progress"])[0][0])

    def unsaved_bytes(self) -> int:
        """Bytes that are committed and wait for a checkpoint."""
        wal = self.path.with_name(self.path.name + ".wal")
        return wal.stat().st_size if wal.exists() else 0

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """Run a question on the live file; for the lander and its tests, readers use the published copy."""
        return self._rows(sql)

    @property
    def _live(self) -> Connection:
        if self._connection is None:
            raise WarehouseError(f"{self.path} is closed.")
        return self._connection

    def _rows(self, sql: str, params: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        return self._live.execute(sql, list(params)).fetchall()

    def _insert(self, table: str, rows: Sequence[Row], batch: str, statement: str, stamp: Row) -> None:
        if not rows:
            return
        names = [name for name, *_ in self._rows(f"DESCRIBE {table}")]
        held = set[str]().union(*rows)
        columns: dict[str, pa.Array] = {}
        for name in names:
            type_ = ARROW_TYPES.get(name, pa.string())
            if name in stamp:
                columns[name] = pa.repeat(pa.scalar(stamp[name], type_), len(rows))
            elif name in held:
                columns[name] = pa.array([row.get(name) for row in rows], type_)
            else:
                columns[name] = pa.nulls(len(rows), type_)
        with self._table(batch, pa.table(columns)):
            self._live.execute(STATEMENTS[statement])

    @contextmanager
    def _table(self, name: str, table: pa.Table) -> Iterator[None]:
        self._live.register(name, table)
        try:
            yield
        finally:
            self._live.unregister(name)

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        connection = self._live
        connection.execute("BEGIN")
        try:
            yield connection
            connection.execute("COMMIT")
        except BaseException:
            # A failed COMMIT leaves no transaction to roll back.
            try:
                connection.execute("ROLLBACK")
            except DriverError:
                log.debug("nothing to roll back")
            raise


def _arrow_types() -> dict[str, pa.DataType]:
    times = ("occurred_at", "occurred_at_sent", "received_at", "sent_at", "landed_at")
    integers = ("landing", "seq", "log_offset", "length", "n")
    numbers = (
        "sample_rate", "score", "decided_in_ms", "survival_after_s", "survival_kept", "min", "max",
        "visible_ms", "latency_ms", "cost",
    )  # fmt: skip
    return {
        **dict.fromkeys(times, pa.timestamp("us")),
        **dict.fromkeys(integers, pa.int64()),
        **dict.fromkeys(numbers, pa.float64()),
        **dict.fromkeys(("reasons", "rejected", "tags"), pa.list_(pa.string())),
        "verified": pa.bool_(),
        "content_hash": pa.uint64(),
        "raw": pa.binary(),
    }


ARROW_TYPES = _arrow_types()
"""Types of the columns that are not text."""


def _migrate(connection: Connection) -> None:
    connection.execute("CREATE TABLE IF NOT EXISTS migrations (name VARCHAR, applied_at TIMESTAMP)")
    done = {name for (name,) in connection.execute("SELECT name FROM migrations").fetchall()}
    scripts = sorted(
        (f for f in (_ROOM / "migrations").iterdir() if f.name.endswith(".sql")), key=lambda f: f.name
    )
    for script in scripts:
        if script.name in done:
            continue
        connection.execute("BEGIN")
        connection.execute(script.read_text(encoding="utf-8"))
        connection.execute("INSERT INTO migrations VALUES (?, now()::TIMESTAMP)", [script.name])
        connection.execute("COMMIT")
        # A WAL that holds changes of the schema is the part of recovery with the longest record of bugs.
        connection.execute(f"CHECKPOINT {ALIAS}")


def _define(connection: Connection, views: Sequence[Definition]) -> None:
    macros = (_ROOM / "macros.sql").read_text(encoding="utf-8")
    statements = [macros, *(statement for view in views for statement in view.statements())]
    digest = hashlib.sha256("\0".join(statements).encode()).hexdigest()
    if connection.execute("SELECT 1 FROM migrations WHERE name = ?", [f"views {digest}"]).fetchall():
        return
    connection.execute("BEGIN")
    for statement in statements:
        connection.execute(statement)
    connection.execute("DELETE FROM migrations WHERE name LIKE 'views %'")
    connection.execute("INSERT INTO migrations VALUES (?, now()::TIMESTAMP)", [f"views {digest}"])
    connection.execute("COMMIT")
    connection.execute(f"CHECKPOINT {ALIAS}")
