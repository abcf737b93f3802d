"""The live file: written by the lander alone, one transaction a batch."""

from __future__ import annotations

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

from sayso_ingest.errors import UnstorableBatch, WarehouseError
from sayso_ingest.warehouse.connect import ALIAS, Connection, DataErrors, DriverError, open_live
from sayso_ingest.warehouse.definition import Definition, read_definitions, read_statements
from sayso_ingest.warehouse.migrate import define, migrate
from sayso_ingest.warehouse.published import FILE as PUBLISHED_FILE

log = logging.getLogger(__name__)

_ROOM = files("sayso_ingest.warehouse")
STATEMENTS = read_statements(_ROOM / "statements.sql")
FILE = "warehouse.duckdb"

Row = Mapping[str, Any]

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

UNSTORABLE = (*DataErrors, pa.ArrowException, OverflowError, TypeError, ValueError)
"""What a row raises that cannot be stored: in the driver, or on the way to it."""


@dataclass(frozen=True, slots=True)
class Batch:
    """What one landing writes, and where the lander stands after it."""

    events: Sequence[Row] = ()
    rejects: Sequence[Row] = ()
    counts: Sequence[Row] = ()
    client_losses: Sequence[Row] = ()
    """Totals: of each key, client and reason the highest one ever landed holds."""
    positions: Mapping[str, int] = field(default_factory=dict)


class Warehouse:
    """A project's live file."""

    def __init__(self, path: Path, views: Sequence[Definition]) -> None:
        self.path = path
        self._views = views
        self._connection: Connection | None = None
        self._place: tuple[int, int] | None = None

    @classmethod
    def open(cls, project_folder: Path, *, views: Iterable[Definition] = ()) -> Warehouse:
        """Open (or make) the live file of a project, migrated, with its own views and those handed in.

        The questions of analysis are handed in as `views` by who puts the rooms together: any client then finds
        them in the file, and this room need not know them.

        Raises:
            WarehouseLocked: another lander has it open.
            WarehouseError: it cannot be opened or migrated.
        """
        warehouse = cls(project_folder / "live" / FILE, [*read_definitions(_ROOM / "views"), *views])
        published = project_folder / PUBLISHED_FILE
        if published.exists() and not warehouse.path.exists():
            raise WarehouseError(
                f"{warehouse.path} is gone, and {published} is still there. Put it back from a backup, or go on from "
                f"what was last published: cp {published} {warehouse.path} && chmod u+w {warehouse.path}"
            )
        warehouse.reopen()
        return warehouse

    def reopen(self) -> None:
        """Attach the file again: what is committed is there, what was not is not.

        After a failed commit or checkpoint the driver's state is not to be trusted, the file is.
        """
        self.close()
        if self._place is not None:
            self._check_place()
        self._connection = open_live(self.path)
        self._place = _place_of(self.path)
        try:
            migrate(self._connection)
            define(self._connection, self._views)
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
        """Write rows, rejects, counts and positions in one transaction. Verdicts follow with the next `fold`.

        Raises:
            UnstorableBatch: a row cannot be stored; nothing was written.
            WarehouseError: the disk or the file failed; nothing was written. Open the file again before going on.
        """
        self._check_place()
        try:
            with self._transaction("landing") as connection:
                landing = self._rows(STATEMENTS["next_landing"])[0][0]
                stamp = {"landed_at": now.replace(tzinfo=None), "landing": landing}
                self._insert("events", batch.events, "event_batch", "land_events", stamp)
                stamp = {"landed_at": stamp["landed_at"]}
                self._insert("rejects", batch.rejects, "reject_batch", "land_rejects", stamp)
                self._insert("counts", batch.counts, "count_batch", "land_counts", stamp)
                self._insert("client_losses", batch.client_losses, "loss_batch", "land_client_losses", stamp)
                for source, offset in batch.positions.items():
                    connection.execute(STATEMENTS["forget_position"], [source])
                    connection.execute(STATEMENTS["set_position"], [source, offset])
        except UNSTORABLE as error:
            raise UnstorableBatch(f"A row cannot be stored: {error}") from error

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
        with self._transaction("forgetting positions") as connection:
            for source in sources:
                connection.execute(STATEMENTS["forget_position"], [source])

    def fold(self, *, now: datetime) -> None:
        """Bring the state tables up to the last landing, and say in `published` what a copy made now holds."""
        with self._transaction("folding") as connection:
            folded = self._rows(STATEMENTS["progress"])[0][1]
            for statement in ("fold_verdicts", "fold_interactions", "fold_ties"):
                connection.execute(STATEMENTS[statement], [folded])
            connection.execute(STATEMENTS["mark_folded"])
            connection.execute(STATEMENTS["clear_published"])
            connection.execute(STATEMENTS["set_published"], [now.replace(tzinfo=None)])

    def checkpoint(self) -> None:
        """Move everything committed into the file itself.

        Raises:
            WarehouseError: it failed (a full disk). Open the file again: it holds all that is committed.
        """
        self._check_place()
        try:
            self._live.execute(f"CHECKPOINT {ALIAS}")
        except DriverError as error:
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

    def _check_place(self) -> None:
        """Refuse to go on in a file that was removed or replaced underneath: what it holds, nobody would find."""
        if _place_of(self.path) != self._place:
            raise WarehouseError(
                f"{self.path} was removed or replaced while it was open. Stop the service before changing files in "
                "its folder, put the file back, and start it again."
            )

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
        held = set[str]().union(*rows)
        columns: dict[str, pa.Array] = {}
        for name, sql_type, *_ in self._rows(f"DESCRIBE {table}"):
            type_ = ARROW_TYPES[sql_type]
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
    def _transaction(self, what: str) -> Iterator[Connection]:
        connection = self._live
        try:
            connection.execute("BEGIN")
            yield connection
            connection.execute("COMMIT")
        except DataErrors:
            _roll_back(connection)
            raise
        except DriverError as error:
            # A failed COMMIT leaves the driver's state in doubt, not the file.
            _roll_back(connection)
            raise WarehouseError(
                f"{what.capitalize()} in {self.path} failed, nothing was written: {error}"
            ) from error
        except BaseException:
            _roll_back(connection)
            raise


def _roll_back(connection: Connection) -> None:
    try:
        connection.execute("ROLLBACK")
    except DriverError:
        log.debug("nothing to roll back")


def _place_of(path: Path) -> tuple[int, int] | None:
    try:
        stat = path.stat()
    except FileNotFoundError:
        return None
    return stat.st_dev, stat.st_ino
