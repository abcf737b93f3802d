"""A live file that is written anew holds the same rows, and nothing of those that were removed from it."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from blank import open_warehouse
from disks import full, mounted
from integration.lander.agreement import NOW, check, land
from integration.lander.oracle.facts import Facts
from integration.warehouse.test_migrations import HISTORY, said
from sayso_ingest.errors import WarehouseError
from sayso_ingest.warehouse import Warehouse
from sayso_ingest.warehouse.rewrite import rewrite

PLANTED = "a text that stands nowhere else, unlike any other one: xylophone-quartz-jukebox"


@pytest.fixture
def warehouse(tmp_path: Path) -> Iterator[Warehouse]:
    """A warehouse with a history, and with a comment that is planted in it."""
    opened = open_warehouse(tmp_path / "project")
    land(opened, HISTORY, 0)
    land(opened, [said(16, "comment", {"text": PLANTED}, actor="cy")], 1)
    opened.fold(now=NOW)
    opened.checkpoint()
    yield opened
    opened.close()


def test_what_was_removed_is_in_it_no_more(warehouse: Warehouse) -> None:
    assert PLANTED.encode() in warehouse.path.read_bytes()
    positions, landing = warehouse.positions(), warehouse.landing()
    warehouse.query("DELETE FROM events WHERE text IS NOT NULL AND actor = 'cy'")
    warehouse.remove_by_age({"signal": NOW - timedelta(days=1000)}, now=NOW)
    warehouse.query("DELETE FROM remark_state WHERE who = 'actor:cy'")
    warehouse.query("DELETE FROM verdict_state WHERE who = 'actor:cy'")
    warehouse.rewrite()
    assert PLANTED.encode() not in warehouse.path.read_bytes()
    assert [path.name for path in warehouse.path.parent.iterdir()] == [warehouse.path.name]
    check(warehouse, Facts(HISTORY))
    assert (warehouse.positions(), warehouse.landing()) == (positions, landing)


def test_landing_goes_on_in_it(warehouse: Warehouse) -> None:
    warehouse.rewrite()
    last = said(17, "thumb", {"value": "up"}, actor="ann")
    land(warehouse, [last], 2)
    warehouse.fold(now=NOW)
    assert warehouse.stored([HISTORY[0].event["id"]])
    assert warehouse.query("SELECT value FROM verdicts WHERE who = 'actor:ann' AND kind = 'thumb'") == [
        ("up",)
    ]


def test_a_disk_that_is_full_leaves_the_old_one(tmp_path: Path) -> None:
    with mounted(tmp_path / "disk", megabytes=16) as disk:
        warehouse = open_warehouse(disk / "project")
        land(warehouse, HISTORY, 0)
        warehouse.fold(now=NOW)
        warehouse.checkpoint()
        with full(disk), pytest.raises(WarehouseError, match="No space left"):
            warehouse.rewrite()
        warehouse.reopen()
        check(warehouse, Facts(HISTORY))
        warehouse.close()


OPENING = """
import os
import sys
from contextlib import suppress
from pathlib import Path
from sayso_ingest.errors import WarehouseLocked
from sayso_ingest.warehouse.connect import open_live

path = Path(sys.argv[1])
draft = path.with_name(f".{path.name}.anew")
while len(sys.argv) > 2:  # until rows are being copied
    with suppress(FileNotFoundError):
        if draft.stat().st_size > 1_000_000 or draft.with_name(f"{draft.name}.wal").stat().st_size > 1_000_000:
            break
while True:
    try:
        connection = open_live(path)
        break
    except WarehouseLocked:
        pass
connection.execute("CREATE TABLE somebody_was_here AS SELECT 1")
os._exit(0)
"""


def test_nobody_can_begin_a_wal_for_the_old_file_that_would_not_fit_the_new_one(tmp_path: Path) -> None:
    """Another process opens it as soon as it can, and leaves its WAL, as one that is killed does."""
    warehouse = open_warehouse(tmp_path / "project")
    land(warehouse, HISTORY, 0)
    warehouse.query(
        "INSERT INTO events SELECT events.* REPLACE (uuid() AS event_id) FROM events, range(10_000)"
    )
    count = warehouse.query("SELECT count(*) FROM events")
    warehouse.checkpoint()
    warehouse.close()
    with subprocess.Popen([sys.executable, "-c", OPENING, str(warehouse.path), "wait"]) as other:
        time.sleep(1)  # until it waits; where it does not yet, this finds nothing, and is no failure
        rewrite(warehouse.path)
        assert other.wait(60) == 0
    warehouse = open_warehouse(tmp_path / "project")
    assert warehouse.query("SELECT count(*) FROM events") == count
    assert warehouse.query("FROM somebody_was_here") == [(1,)]
    warehouse.close()


def test_a_file_that_somebody_else_wrote_to_meanwhile_stays_with_what_they_wrote(
    warehouse: Warehouse,
) -> None:
    warehouse.close()
    subprocess.run([sys.executable, "-c", OPENING, str(warehouse.path)], check=True)
    wal = warehouse.path.with_name(f"{warehouse.path.name}.wal")
    before = warehouse.path.read_bytes(), wal.read_bytes()
    with pytest.raises(WarehouseError, match="somebody else has written to it meanwhile"):
        rewrite(warehouse.path)
    assert (warehouse.path.read_bytes(), wal.read_bytes()) == before
    warehouse.reopen()
    assert warehouse.query("FROM somebody_was_here") == [(1,)]
