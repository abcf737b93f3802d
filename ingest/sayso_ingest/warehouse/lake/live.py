"""The lake as its lander writes it."""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sayso_ingest import locks
from sayso_ingest.errors import WarehouseAway, WarehouseError, WarehouseLocked
from sayso_ingest.places import live_warehouse
from sayso_ingest.warehouse.arrow import without_nul
from sayso_ingest.warehouse.connect import Connection, DriverError
from sayso_ingest.warehouse.copied import unless_copied
from sayso_ingest.warehouse.definition import Definition
from sayso_ingest.warehouse.fold import Slice
from sayso_ingest.warehouse.lake.address import Lake
from sayso_ingest.warehouse.lake.attach import open_for_writing
from sayso_ingest.warehouse.lake.near import FEW, fold_near
from sayso_ingest.warehouse.lake.purge import purge
from sayso_ingest.warehouse.lake.snapshot import state_of
from sayso_ingest.warehouse.lake.upkeep import STATEMENTS, flush, look_after, write_anew
from sayso_ingest.warehouse.migrate import define, migrate
from sayso_ingest.warehouse.store import Store
from sayso_ingest.warehouse.transaction import transaction

if TYPE_CHECKING:
    import pyarrow as pa

LOCK = "lake.lock"


class LakeWarehouse(Store):
    """A project's lake.

    On this machine a lock keeps a second lander out of it, as the driver does of a file; on others the marks of
    `progress` do (Store).
    """

    _failure = WarehouseAway

    def __init__(self, lake: Lake, folder: Path, views: Iterable[Definition]) -> None:
        super().__init__(views)
        self.lake = lake
        self._folder = folder
        self._lock: int | None = None

    @classmethod
    def open(cls, lake: Lake, project_folder: Path, *, views: Iterable[Definition] = ()) -> LakeWarehouse:
        """Open (or make) the lake of a project, migrated, with its own views and those handed in.

        Raises:
            WarehouseError: it cannot be opened or migrated, or what landed until now is in a file still.
        """
        file = live_warehouse(project_folder)
        if file.exists() and not state_of(lake).landing:
            raise WarehouseError(
                f"{lake} is empty, and what landed until now is in {file}: nothing is begun anew beside it. Take it "
                "along with `sayso warehouse move`, or set SAYSO_WAREHOUSE to duckdb again."
            )
        file.parent.mkdir(parents=True, exist_ok=True)
        warehouse = cls(lake, file.parent, views)
        warehouse.reopen()
        return warehouse

    @property
    def where(self) -> str:
        """What the lake is called."""
        return str(self.lake)

    @property
    def folder(self) -> Path:
        """Where a file would be."""
        return self._folder

    def checkpoint(self) -> None:
        """See that what is committed is on disk: PostgreSQL and S3 servers see to it, DuckDB's own files wait."""
        if not self.lake.on_s3:
            os.sync()

    def look_after(self, *, keep: float) -> None:
        """Merge small files, and remove what has been replaced for `keep` seconds; in the lander, between two landings.

        While somebody copies it, nothing is removed: what they read may be of any age.

        Raises:
            WarehouseError: that failed; nothing is lost by it.
        """
        try:
            with unless_copied(self._folder) as remove:
                look_after(self._live, keep=keep, remove=remove)
        except DriverError as error:
            raise WarehouseError(f"Looking after {self.where} failed: {error}") from error

    def rewrite(self) -> None:
        """Write files anew without what was removed from them; upkeep removes the old ones."""
        try:
            write_anew(self._live)
        except DriverError as error:
            raise WarehouseError(f"Files of {self.where} cannot be written anew: {error}") from error

    def purge(self, *, now: datetime) -> list[str]:
        """Remove at once what was removed and replaced, whoever reads it; name what cannot be reached.

        Raises:
            WarehouseError: that failed. Begin again.
        """
        self.rewrite()
        with transaction(self._live, self.where, "publishing") as connection:
            self._say_published(connection, now)  # all that comes before it goes
        try:
            return list(purge(self._live, self.lake))
        except DriverError as error:
            raise WarehouseError(
                f"Not all of what {self.where} had before could be removed: {error}"
            ) from error

    def unsaved_bytes(self) -> int:
        """Nothing waits: what is committed is in the lake."""
        return 0

    def close(self) -> None:
        """Let go of it."""
        super().close()
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def _attach(self) -> Connection:
        lock = os.open(self._folder / LOCK, os.O_CREAT | os.O_RDONLY, 0o644)
        try:
            if not locks.take(lock):
                raise WarehouseLocked(
                    f"{self.where} is open in another process. One lander at a time writes it: stop the other one."
                )
            connection = open_for_writing(self.lake)
        except BaseException:
            os.close(lock)
            raise
        self._lock = lock
        return connection

    def _check(self) -> None:
        """What is gone says so itself."""

    def _fitting(self, rows: pa.Table) -> pa.Table:
        # PostgreSQL has no such character, neither in rows that it keeps nor in the bounds of those in files.
        return without_nul(rows)

    def _define(self, connection: Connection) -> None:
        if migrate(connection, in_lake=True):
            # Rows that the catalog keeps lie in a table for each form that a table of ours has had. A later flush would
            # take away those of old forms under who reads.
            flush(connection)
        define(connection, self._views, in_lake=True)

    def _fold(self, connection: Connection, slice_: Slice) -> None:
        if slice_.events > FEW:
            super()._fold(connection, slice_)
        else:
            fold_near(connection, after=slice_.after, upto=slice_.upto)

    def _say_published(self, connection: Connection, now: datetime) -> None:
        super()._say_published(connection, now)
        connection.execute(STATEMENTS["publish"])
