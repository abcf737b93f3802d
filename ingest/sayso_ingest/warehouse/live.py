"""The live file: written by the lander alone, one transaction a batch."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from sayso_ingest.errors import WarehouseError
from sayso_ingest.places import live_warehouse
from sayso_ingest.warehouse.connect import ALIAS, Connection, DriverError, open_live
from sayso_ingest.warehouse.definition import Definition
from sayso_ingest.warehouse.migrate import define, migrate
from sayso_ingest.warehouse.place import Place, check_not_gone, check_not_older, check_place, place_of
from sayso_ingest.warehouse.published import FILE as PUBLISHED_FILE
from sayso_ingest.warehouse.rewrite import rewrite
from sayso_ingest.warehouse.store import Store


class Warehouse(Store):
    """A project's live file."""

    def __init__(self, path: Path, views: Iterable[Definition]) -> None:
        super().__init__(views)
        self.path = path
        self._place: Place | None = None

    @classmethod
    def open(cls, project_folder: Path, *, views: Iterable[Definition] = ()) -> Warehouse:
        """Open (or make) the live file of a project, migrated, with its own views and those handed in.

        The questions of analysis are handed in as `views` by who puts the rooms together: any client then finds
        them in the file, and this room need not know them.

        Raises:
            WarehouseLocked: another lander has it open.
            WarehouseError: it cannot be opened or migrated, it is gone, or it is older than what was published from it.
        """
        warehouse = cls(live_warehouse(project_folder), views)
        published = project_folder / PUBLISHED_FILE
        check_not_gone(warehouse.path, published)
        warehouse.reopen()
        try:
            check_not_older(warehouse.path, warehouse.landing(), published)
        except WarehouseError:
            warehouse.close()
            raise
        return warehouse

    @property
    def where(self) -> str:
        """The path of the file."""
        return str(self.path)

    @property
    def folder(self) -> Path:
        """The folder of the file."""
        return self.path.parent

    def checkpoint(self) -> None:
        """Move everything committed into the file itself.

        Raises:
            WarehouseError: it failed (a full disk). Open the file again: it holds all that is committed.
        """
        self._check()
        try:
            self._live.execute(f"CHECKPOINT {ALIAS}")
        except DriverError as error:
            raise WarehouseError(f"The checkpoint of {self.path} failed: {error}") from error

    def rewrite(self) -> None:
        """Write the file anew, without what was removed from it; no copy of it may be under way.

        Raises:
            WarehouseError: it failed. Open the file again: it holds all that it did.
        """
        self.checkpoint()
        self.close()
        rewrite(self.path)
        self._place = None
        self.reopen()

    def unsaved_bytes(self) -> int:
        """Bytes that are committed and wait for a checkpoint."""
        wal = self.path.with_name(self.path.name + ".wal")
        return wal.stat().st_size if wal.exists() else 0

    def _attach(self) -> Connection:
        if self._place is not None:
            self._check()
        connection = open_live(self.path)
        self._place = place_of(self.path)
        return connection

    def _check(self) -> None:
        check_place(self.path, self._place)

    def _define(self, connection: Connection) -> None:
        migrate(connection)
        define(connection, self._views)
