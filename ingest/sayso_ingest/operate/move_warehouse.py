"""A project's warehouse from its file to a lake, but never what was erased and came back with an older state."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from sayso_ingest.analysis import catalog
from sayso_ingest.operate import erased
from sayso_ingest.places import live_warehouse
from sayso_ingest.warehouse import Lake, MovedWarehouse, Warehouse, move_to_lake


def move_warehouse(
    folder: Path, lake: Lake, *, say: Callable[[str], None] = lambda _: None
) -> MovedWarehouse:
    """Take a project's warehouse from its file to a lake, where it is published at once.

    Raises:
        NotFound: the project has no file.
        WarehouseError: it has events that were erased, or could not be moved. The file is as it was.
    """
    if live_warehouse(folder).exists():
        with closing(Warehouse.open(folder, views=catalog())) as file:
            erased.remember(file, folder)
            erased.check_none_is_back(file, folder, settings="SAYSO_WAREHOUSE=duckdb ")
    return move_to_lake(folder, lake, views=catalog(), say=say)
