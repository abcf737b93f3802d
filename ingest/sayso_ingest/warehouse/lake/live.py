"""The lake as its lander writes it."""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sayso_ingest.errors import WarehouseError
from sayso_ingest.places import live_warehouse
from sayso_ingest.warehouse.arrow import without_nul
from sayso_ingest.warehouse.connect import Connection, DriverError
from sayso_ingest.warehouse.definition import Definition
from sayso_ingest.warehouse.lake.address import Lake
from sayso_ingest.warehouse.lake.attach import open_for_writing, published_snapshot
from sayso_ingest.warehouse.lake.upkeep import STATEMENTS, flush, look_after, write_anew
from sayso_ingest.warehouse.migrate import define, migrate
from sayso_ingest.warehouse.store import Store

if TYPE_CHECKING:
    import pyarrow as pa


class LakeWarehouse(Store):
    """A project's lake. No lock keeps a second lander out of it: the marks of `progress` do (Store)."""

    def __init__(self, lake: Lake, folder: Path, views: Iterable[Definition]) -> None:
        super().__init__(views)
        self.lake = lake
        self._folder = folder

    @classmethod
    def open(cls, lake: Lake, project_folder: Path, *, views: Iterable[Definition] = ()) -> LakeWarehouse:
        """Open (or make) the lake of a project, migrated, with its own views and those handed in.

        Raises:
            WarehouseError: it cannot be opened or migrated, or what landed until now is in a file still.
        """
        file = live_warehouse(project_folder)
        if file.exists() and published_snapshot(lake) is None:
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

        Raises:
            WarehouseError: that failed; nothing is lost by it.
        """
        try:
            look_after(self._live, keep=keep)
        except DriverError as error:
            raise WarehouseError(f"Looking after {self.where} failed: {error}") from error

    def rewrite(self) -> None:
        """Write files anew without what was removed from them; upkeep removes the old ones."""
        try:
            write_anew(self._live)
        except DriverError as error:
            raise WarehouseError(f"Files of {self.where} cannot be written anew: {error}") from error

    def unsaved_bytes(self) -> int:
        """Nothing waits: what is committed is in the lake."""
        return 0

    def _attach(self) -> Connection:
        return open_for_writing(self.lake)

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

    def _say_published(self, connection: Connection, now: datetime) -> None:
        super()._say_published(connection, now)
        connection.execute(STATEMENTS["publish"])
