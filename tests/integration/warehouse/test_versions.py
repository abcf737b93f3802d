"""Warehouses that earlier versions made, kept as files: each opens, goes on, and says what a new one says."""

from __future__ import annotations

import json
import lzma
import shutil
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from integration.lander.agreement import NOW, VIEWS, answer, check, land
from integration.lander.oracle.facts import Arrival, Facts
from sayso_ingest.errors import WarehouseError
from sayso_ingest.operate import ensure_project
from sayso_ingest.places import live_warehouse
from sayso_ingest.warehouse import FILE, Published, Warehouse, known_migrations
from sayso_ingest.warehouse.connect import open_live
from service import run_here

VERSIONS = Path(__file__).with_name("versions")
KEPT = sorted(VERSIONS.glob("*.duckdb.xz"))
PARTS = [
    [Arrival(event, "pk", datetime.fromisoformat(event["occurred_at"]), None) for event in part]
    for part in json.loads((VERSIONS / "history.json").read_text())
]
HISTORY = [arrival for part in PARTS for arrival in part]


def test_there_is_a_file_of_every_earlier_version() -> None:
    """Of all but the first: the script after it came in the same commit. The newest one is made before the next."""
    scripts = sorted(name.removesuffix(".sql") for name in known_migrations())
    kept = [file.name.removesuffix(".duckdb.xz") for file in KEPT]
    assert kept in (scripts[1:], scripts[1:-1]), "Make it: tests/integration/warehouse/versions/make.py"
    assert sum(file.stat().st_size for file in KEPT) < 1 << 20


@pytest.fixture(scope="module")
def said_anew(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    """What the views say of the same history, landed now."""
    with closing(Warehouse.open(tmp_path_factory.mktemp("fresh"))) as fresh:
        for number, part in enumerate(PARTS):
            land(fresh, part, number)
        fresh.fold(now=NOW)
        return {view: answer(fresh, view, columns) for view, (columns, _) in VIEWS.items()}


@pytest.mark.slow
@pytest.mark.parametrize("kept", KEPT, ids=lambda file: file.name.partition(".")[0])
def test_what_an_earlier_version_made_says_what_a_new_one_says(
    kept: Path, said_anew: dict[str, object], tmp_path: Path
) -> None:
    """Also what it had not folded; and what is landed on top of it is folded with it."""
    live = live_warehouse(tmp_path)
    live.parent.mkdir()
    live.write_bytes(lzma.decompress(kept.read_bytes()))
    with closing(Warehouse.open(tmp_path)) as warehouse:
        warehouse.fold(now=NOW)
        assert {view: answer(warehouse, view, columns) for view, (columns, _) in VIEWS.items()} == said_anew
        assert warehouse.query("SELECT count(*) FROM rejects") == [(len(PARTS[0]),)]
        assert warehouse.stored([HISTORY[0].event["id"]])
        later = HISTORY[3]
        event = later.event | {
            "id": "00000000-0000-7000-8000-000000000000",
            "body": {"value": "down"},
            "occurred_at": (later.received_at + timedelta(days=1)).isoformat(),
        }
        last = Arrival(event, "pk", later.received_at + timedelta(days=1), None)
        land(warehouse, [last], 100)
        warehouse.fold(now=NOW)
        check(warehouse, Facts([*HISTORY, last]))


@pytest.fixture
def newer(tmp_path: Path) -> Path:
    """A project that a newer version has landed and published."""
    folder = tmp_path / "default"
    ensure_project(tmp_path, "default")
    Warehouse.open(folder).close()
    with closing(open_live(live_warehouse(folder))) as live:
        live.execute("INSERT INTO migrations VALUES ('9999_wiser.sql', now()::TIMESTAMP)")
    shutil.copy(live_warehouse(folder), folder / FILE)
    return folder


def test_a_newer_one_is_refused_by_the_lander_and_by_readers(newer: Path) -> None:
    with pytest.raises(WarehouseError, match=r"newer sayso.*9999_wiser.sql") as refused:
        Warehouse.open(newer)
    open_live(live_warehouse(newer)).close()  # nobody has it open
    assert refused.tb
    with pytest.raises(WarehouseError, match=r"newer sayso.*9999_wiser.sql.*Install that version"):
        Published.open(newer)
    outcome = run_here("sql", "FROM published", "--data", newer.parent)
    assert outcome.returncode == 1
    assert "newer sayso" in outcome.stderr
    doctor = run_here("doctor", "--data", newer.parent, "--port", "0")
    assert doctor.returncode == 1
    assert "9999_wiser.sql" in doctor.stdout
