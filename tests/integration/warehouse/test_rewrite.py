"""A live file that is written anew holds the same rows, and nothing of those that were removed from it."""

from __future__ import annotations

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
