"""Landings of more rows than a row group has: DuckDB writes them into the file at once, past its WAL."""

from __future__ import annotations

import subprocess
import sys
import uuid
from datetime import UTC, datetime
from pathlib import Path

import pytest
from blank import open_warehouse
from sayso_ingest.warehouse import Batch, Published, Publisher, Warehouse, copy_file

pytestmark = pytest.mark.slow

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
ROWS = 130_000
WAITING = """
import os, runpy, sys, time
_, flag, copier, *sys.argv[1:] = sys.argv
while not os.path.exists(flag):
    time.sleep(0.01)
runpy.run_path(copier, run_name="__main__")
"""


def land(warehouse: Warehouse, count: int) -> None:
    ids = [str(uuid.uuid4()) for _ in range(count)]
    columns = {"event_id": ids, "kind": ["thumb"] * count, "target": ids, "content_hash": list(range(count))}
    warehouse.land(Batch(events=[warehouse.rows(columns)]), now=NOW)


def whole(folder: Path) -> tuple[int, int]:
    """Rows of the copy, and those whose texts can be read and are right."""
    with Published.open(folder) as copy:
        sql = "SELECT count(*), count(*) FILTER (target = event_id::VARCHAR) FROM events"
        return copy.table(sql)[1][0]


def test_what_is_landed_in_bulk_during_a_copy_leaves_the_copy_alone(tmp_path: Path) -> None:
    """It goes into blocks that the copy takes for free; the next copy has it."""
    warehouse = open_warehouse(tmp_path)
    land(warehouse, ROWS)
    flag = tmp_path / "go"
    copier = (sys.executable, "-c", WAITING, str(flag), copy_file.__file__)
    publisher = Publisher(warehouse, tmp_path, interval=0, copier=copier)
    publisher.start(now=NOW)
    before = warehouse.path.stat().st_size
    land(warehouse, ROWS)
    assert warehouse.path.stat().st_size > before
    assert warehouse.unsaved_bytes() < 1_000_000
    flag.touch()
    assert publisher.poll(wait=True)
    assert whole(tmp_path) == (ROWS, ROWS)
    publisher.start(now=NOW)
    assert publisher.poll(wait=True)
    assert whole(tmp_path) == (2 * ROWS, 2 * ROWS)
    warehouse.close()


def test_what_was_landed_in_bulk_is_there_after_a_kill(tmp_path: Path) -> None:
    """kill -9 right after the commit, with no checkpoint since."""
    code = (
        "import os, sys; from pathlib import Path; from sayso_ingest.warehouse import Warehouse\n"
        "from integration.warehouse.test_bulk import ROWS, land\n"
        "land(Warehouse.open(Path(sys.argv[1])), ROWS); os.kill(os.getpid(), 9)"
    )
    paths = [str(Path(__file__).parents[2]), *filter(None, sys.path)]
    ended = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path[:0] = {paths!r}\n{code}", str(tmp_path)], check=False
    )
    assert ended.returncode == -9
    warehouse = open_warehouse(tmp_path)
    sql = "SELECT count(*), count(*) FILTER (target = event_id::VARCHAR) FROM events"
    assert warehouse.query(sql) == [(ROWS, ROWS)]
    warehouse.close()
