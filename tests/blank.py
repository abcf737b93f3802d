"""Empty warehouses: made once and copied for each test, since DuckDB takes a second to make the views."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from sayso_ingest.places import live_warehouse
from sayso_ingest.warehouse import Definition, Warehouse

_made: dict[tuple[str, ...], bytes] = {}


def open_warehouse(folder: Path, *, views: Iterable[Definition] = ()) -> Warehouse:
    """Open a project's warehouse; where nothing was ever published, it begins as a copy of one made before."""
    views = list(views)
    live = live_warehouse(folder)
    if not live.exists() and not any(folder.glob("*.duckdb")):
        live.parent.mkdir(parents=True, exist_ok=True)
        live.write_bytes(_empty(views))
    return Warehouse.open(folder, views=views)


def _empty(views: Sequence[Definition]) -> bytes:
    statements = tuple(statement for view in views for statement in view.statements())
    if statements not in _made:
        with TemporaryDirectory() as folder:
            Warehouse.open(Path(folder), views=views).close()
            _made[statements] = live_warehouse(Path(folder)).read_bytes()
    return _made[statements]
