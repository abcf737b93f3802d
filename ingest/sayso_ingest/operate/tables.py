"""Opening what a project's lander writes, by the setting `warehouse`: its live file, or the lake."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

from sayso_ingest.analysis import catalog
from sayso_ingest.operate.erased import check_none_is_back, remember
from sayso_ingest.settings import Settings
from sayso_ingest.warehouse import LakePublisher, LakeWarehouse, Publisher, Store, Warehouse, lake_of


def open_tables(settings: Settings, folder: Path) -> tuple[Store, Publisher | LakePublisher]:
    """Open a project's tables for the one that writes them, and what publishes them.

    Raises:
        WarehouseLocked: another one writes them.
        WarehouseError: they cannot be opened.
    """
    interval = settings.publish_interval
    lake = lake_of(settings, folder.name)
    if lake:
        tables = LakeWarehouse.open(lake, folder, views=catalog())
        upkeep, keep = settings.lake_upkeep, settings.lake_keep
        return tables, LakePublisher(tables, interval=interval, upkeep=upkeep, keep=keep)
    warehouse = Warehouse.open(folder, views=catalog())
    return warehouse, Publisher(warehouse, folder, interval=interval)


def open_to_land(settings: Settings, folder: Path) -> tuple[Store, Publisher | LakePublisher]:
    """Open them likewise to land and publish: nothing that was erased is in them, and none of it lands again.

    Raises:
        WarehouseLocked: as above.
        WarehouseError: they cannot be opened, or an older state was put back.
    """
    with ExitStack() as opened:
        tables, publisher = open_tables(settings, folder)
        opened.callback(tables.close)
        remember(tables, folder)
        check_none_is_back(tables, folder)
        opened.pop_all()
    return tables, publisher
