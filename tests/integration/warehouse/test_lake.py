"""What is particular to a lake: who writes it, who reads it, how it is looked after, and what it keeps to itself."""

from __future__ import annotations

import logging
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from lakes import PASSWORD, SECRET, Servers
from landed import NOW, append, event, land, thumb
from sayso_ingest.analysis import catalog
from sayso_ingest.errors import NotFound, QueryError, WarehouseError, WarehouseLocked
from sayso_ingest.eventlog import open_reader
from sayso_ingest.lander import Lander
from sayso_ingest.places import live_warehouse, log_folder
from sayso_ingest.warehouse import (
    Batch,
    Lake,
    LakePublisher,
    LakeWarehouse,
    Published,
    Warehouse,
    move_to_lake,
)
from sayso_ingest.warehouse.lake import live, upkeep

pytestmark = pytest.mark.lake

ONE = "00000000-0000-7000-8000-00000000000{}"


@pytest.fixture
def lake(lake_servers: Servers, tmp_path: Path) -> Lake:
    return lake_servers.blank(tmp_path, catalog())


@pytest.fixture(scope="module")
def empty(lake_servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Lake:
    """A lake that holds nothing, published."""
    folder = tmp_path_factory.mktemp("project")
    lake = lake_servers.blank(folder, catalog())
    warehouse = LakeWarehouse.open(lake, folder, views=catalog())
    warehouse.fold(now=NOW)
    warehouse.close()
    return lake


def open_lander(lake: Lake, folder: Path) -> Lander:
    warehouse = LakeWarehouse.open(lake, folder, views=catalog())
    reader = open_reader("sqlite", folder=log_folder(folder), project=folder.name)
    return Lander(reader, warehouse, LakePublisher(warehouse, interval=0), now=lambda: NOW)


def land_all(lander: Lander) -> None:
    while lander.step():
        pass
    lander.publish_if_due(last=True)


def ask(lake: Lake, sql: str) -> list[tuple[Any, ...]]:
    with Published.open(lake) as published:
        return published.table(sql)[1]


def batch(warehouse: LakeWarehouse, *ids: str, **columns: list[Any]) -> Batch:
    rows = {"event_id": list(ids), "kind": ["thumb"] * len(ids), "content_hash": [1] * len(ids), **columns}
    return Batch(events=[warehouse.rows(rows)])


def test_events_land_once_and_are_read(lake: Lake, tmp_path: Path) -> None:
    """Repeats are counted, questions answered, positions kept; what is landed goes from the log."""
    lander = open_lander(lake, tmp_path)
    asked = event("interaction", target="m1", body={"input": "why", "output": "so"})
    first = thumb()
    append(tmp_path, asked, first, *[thumb(target=f"n{n}") for n in range(300)])
    land_all(lander)
    append(tmp_path, first, thumb("down", actor="ben"))
    land_all(lander)
    assert ask(lake, "SELECT count(*), count(DISTINCT event_id) FROM events") == [(303, 303)]
    assert ask(lake, "SELECT reason, n FROM counts") == [("repeat", 1)]
    assert ask(lake, "SELECT value, output FROM feedback WHERE target = 'm1' ORDER BY value") == [
        ("down", "so"),
        ("up", "so"),
    ]
    lander.abandon()
    again = open_lander(lake, tmp_path)
    assert not again.step()
    again.abandon()


def test_a_reader_keeps_what_it_opened_while_the_lake_is_looked_after(lake: Lake, tmp_path: Path) -> None:
    """Landing, folding, flushing, merging and cleaning up change nothing for it, and the next reader sees all."""
    lander = open_lander(lake, tmp_path)
    warehouse: Any = lander._warehouse
    append(tmp_path, *[thumb(target=f"m{n}") for n in range(20)])
    land_all(lander)
    warehouse.look_after(keep=3600)
    append(tmp_path, *[thumb("down", target=f"m{n}", actor="b") for n in range(200)])
    land_all(lander)
    with Published.open(lake) as published:
        before = sorted(published.table("FROM verdicts")[1], key=repr)
        append(tmp_path, *[thumb(None, target=f"m{n}") for n in range(20)])
        land_all(lander)
        warehouse.look_after(keep=3600)
        assert sorted(published.table("FROM verdicts")[1], key=repr) == before
    assert ask(lake, "SELECT count(*) FROM events") == [(240,)]
    lander.abandon()


def test_what_was_replaced_goes_after_a_while(
    lake: Lake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Small files become large ones, also of tables whose rows change; old ones go, but not what readers attach."""
    monkeypatch.setattr(upkeep, "MANY", 2)
    lander = open_lander(lake, tmp_path)
    warehouse: Any = lander._warehouse
    for turn in range(4):
        again = [thumb("down", target=f"m{n}", actor=f"a{turn - 1}", seq=9) for n in range(5)]
        append(tmp_path, *[thumb(target=f"m{n}", actor=f"a{turn}") for n in range(150)], *again)
        assert lander.step()
        if turn:
            lander.publish_if_due(last=True)

    def files(table: str) -> int:
        return len(warehouse.query(f"SELECT data_file FROM ducklake_list_files('warehouse', '{table}')"))

    assert files("events") >= 4
    assert files("verdict_state") >= 3
    warehouse.look_after(keep=0)
    assert (files("events"), files("verdict_state")) == (1, 1)
    snapshots = warehouse.query("SELECT count(*) FROM ducklake_snapshots('warehouse')")[0][0]
    assert snapshots < 10
    assert ask(lake, "SELECT count(*) FROM events") == [(620,)]
    lander.abandon()


def test_a_fold_of_many_events_says_the_same_as_of_few(
    lake: Lake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Few are folded over what was read of the lake first, many over the lake itself."""
    lander = open_lander(lake, tmp_path)
    said = []
    for few in (live.FEW, 0):
        monkeypatch.setattr(live, "FEW", few)
        asked = event("interaction", target=f"m{few}", body={"input": "why", "output": "so"})
        first = thumb(target=f"m{few}")
        detail = event("detail", target="", actor="ann", body={"about": first["id"], "comment": "wrong"})
        again = thumb("down", target=f"m{few}", actor="ben")
        append(tmp_path, first, asked, detail, again)
        land_all(lander)
        append(tmp_path, event("retraction", target="", actor="ben", body={"of": again["id"]}))
        land_all(lander)
        columns = "who, value, comment, output"
        said.append(ask(lake, f"SELECT {columns} FROM feedback WHERE target = 'm{few}' ORDER BY ALL"))
    assert said[0] == said[1]
    assert ("actor:ann", "up", "wrong", "so") in said[0]
    lander.abandon()


@pytest.mark.parametrize("at_once", [False, True])
def test_of_two_landers_one_stops(lake: Lake, tmp_path: Path, at_once: bool) -> None:
    """Whether one landed before the other began to, or both are in the middle of it: nothing lands twice."""
    first = LakeWarehouse.open(lake, tmp_path, views=catalog())
    second = LakeWarehouse.open(lake, tmp_path / "another machine", views=catalog())
    if at_once:
        first._connection.execute("BEGIN")  # type: ignore[union-attr]
        first._move("next_landing", [0])
        second.land(batch(second, ONE.format(1)), now=NOW)
        with pytest.raises(Exception, match="conflict"):
            first._connection.execute("COMMIT")  # type: ignore[union-attr]
    else:
        second.land(batch(second, ONE.format(1)), now=NOW)
        with pytest.raises(WarehouseLocked, match="another lander"):
            first.land(batch(first, ONE.format(1)), now=NOW)
    second.land(batch(second, ONE.format(2)), now=NOW)
    assert second.query("SELECT count(*) FROM events") == [(2,)]
    first.close()
    second.close()


def test_on_the_same_machine_a_second_lander_is_refused_at_once(lake: Lake, tmp_path: Path) -> None:
    first = LakeWarehouse.open(lake, tmp_path, views=catalog())
    with pytest.raises(WarehouseLocked, match="in another process"):
        LakeWarehouse.open(lake, tmp_path, views=catalog())
    first.close()
    LakeWarehouse.open(lake, tmp_path, views=catalog()).close()


def test_a_lander_that_was_overtaken_folds_nothing(lake: Lake, tmp_path: Path) -> None:
    """What another one has folded is not folded again."""
    first = LakeWarehouse.open(lake, tmp_path, views=catalog())
    first.land(batch(first, ONE.format(1), target=["t"], who=["a"], value=["up"]), now=NOW)
    slices = list(first._slices())
    second = LakeWarehouse.open(lake, tmp_path / "another machine", views=catalog())
    second.fold(now=NOW)
    first._slices = lambda: iter(slices)  # type: ignore[method-assign] # it asked a moment before the other one did
    with pytest.raises(WarehouseLocked):
        first.fold(now=NOW)
    assert second.query("SELECT count(*) FROM verdict_state") == [(1,)]
    first.close()
    second.close()


def test_a_text_with_nul_is_stored_with_a_sign_in_its_place(lake: Lake, tmp_path: Path) -> None:
    """PostgreSQL has no such character: whether a row is kept in the catalog, or the bounds of many in a file."""
    lander = open_lander(lake, tmp_path)
    append(tmp_path, event("comment", body={"text": "a\0b"}))
    land_all(lander)
    append(tmp_path, *[event("comment", target=f"t{n}", body={"text": f"a\0b{n}"}) for n in range(200)])
    land_all(lander)
    assert ask(lake, "SELECT count(*) FROM comments WHERE text = 'a\ufffdb'") == [(1,)]
    assert ask(lake, "SELECT count(*) FROM comments WHERE text = 'a\ufffdb7'") == [(1,)]
    assert ask(lake, "SELECT count(*) FROM rejects") == [(0,)]
    lander.abandon()


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM postgres_query('__ducklake_metadata_warehouse', 'SELECT 1 AS a')",
        "SELECT * FROM postgres_scan('dbname=postgres', 'pg_catalog', 'pg_user')",
        "SELECT * FROM \"postgres_scan\"('dbname=postgres', 'pg_catalog', 'pg_user')",
        "FROM query('SELECT * FROM postgres' || '_query(''x'', ''SELECT 1'')')",
        "FROM __ducklake_metadata_warehouse.ducklake_snapshot",
        "FROM ducklake_snapshots('warehouse')",
        "SELECT * FROM read_text('/etc/hostname')",
        "DELETE FROM events",
        "CALL ducklake_expire_snapshots('warehouse', older_than => now())",
    ],
)
def test_a_question_reaches_nothing_but_tables_and_views(empty: Lake, sql: str) -> None:
    """Neither PostgreSQL nor files: whoever may ask in the console has no more of the lake than of a copy."""
    with Published.open(empty) as published, pytest.raises(QueryError):
        published.table(sql)


def test_no_secret_is_told(empty: Lake, tmp_path: Path) -> None:
    """Neither by SQL, nor by messages, nor by a representation."""
    told = repr(empty) + str(empty)
    with Published.open(empty) as published:
        told += repr(published.table("SELECT * EXCLUDE (database_oid) FROM duckdb_databases()"))
        told += repr(published.table("FROM duckdb_secrets()"))
        told += repr(published.table("SELECT name, value FROM duckdb_settings()"))
    for wrong in ({"password": "not-" + PASSWORD}, {"secret": "not-" + SECRET, "data": empty.data + "2"}):
        with pytest.raises(WarehouseError) as caught:
            broken = LakeWarehouse.open(replace(empty, **wrong, project="other"), tmp_path, views=catalog())
            broken.land(batch(broken, *[ONE.format(n) for n in range(9)]), now=NOW)
        told += str(caught.value)
    assert PASSWORD not in told
    assert SECRET not in told


def test_nothing_published_is_said(lake_servers: Servers) -> None:
    """Where there is no lake yet, and who makes it."""
    with pytest.raises(NotFound, match="sayso land"):
        Published.open(lake_servers.new_lake())


def test_a_file_is_not_left_behind(lake_servers: Servers, tmp_path: Path) -> None:
    """Who names a lake in the settings of a project that has a file begins nothing anew."""
    live = live_warehouse(tmp_path)
    live.parent.mkdir(parents=True)
    live.write_bytes(b"")
    with pytest.raises(WarehouseError, match="begun anew"):
        LakeWarehouse.open(lake_servers.new_lake(), tmp_path)


def test_upkeep_that_fails_is_said_and_landing_goes_on(
    lake: Lake, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """It is tried again later; nothing depends on it."""
    times = iter([0.0, 0.0, 100.0, 100.0, 100.0])
    warehouse = LakeWarehouse.open(lake, tmp_path, views=catalog())
    publisher = LakePublisher(warehouse, upkeep=10, clock=lambda: next(times))
    warehouse.close()
    with caplog.at_level(logging.WARNING):
        publisher.poll()
    assert "tried again in 10 s" in caplog.text


def into_file(folder: Path) -> Path:
    """A project of that name whose warehouse is a file, with something of each sort in it."""
    folder.mkdir()
    append(
        folder,
        event("interaction", target="m1", body={"input": "wh\0y", "output": "so", "tags": ["a\0", "b"]}),
    )
    append(folder, *[thumb(target=f"m{n}", actor=f"a{n % 3}") for n in range(150)], dropped={"offline": 3})
    land(folder)
    return folder


def test_a_warehouse_moves_from_its_file_to_a_lake(lake_servers: Servers, tmp_path: Path) -> None:
    """All of it, checked; it goes on there exactly once, and nobody goes on in the file by mistake."""
    folder, lake = into_file(tmp_path / "p"), lake_servers.blank(tmp_path, catalog())
    with Published.open(folder) as copy:
        before = copy.table("FROM verdicts ORDER BY ALL")[1]
    moved = move_to_lake(folder, lake, views=catalog())
    assert ask(lake, "FROM verdicts ORDER BY ALL") == before
    # Both files of the log have landed and are gone.
    assert ask(lake, "SELECT count(*) FROM removed_sources") == [(2,)]
    assert ask(lake, "SELECT input, tags FROM events WHERE kind = 'interaction'") == [
        ("wh\ufffdy", ["a\ufffd", "b"])
    ]
    assert moved.kept.exists()
    lander = open_lander(lake, folder)
    assert not lander.step()
    lander.abandon()
    with pytest.raises(WarehouseError, match="moved into a lake"):
        Warehouse.open(folder)
    with pytest.raises(NotFound, match="moved already"):
        move_to_lake(folder, lake)


def test_a_move_that_was_killed_begins_anew(lake_servers: Servers, tmp_path: Path) -> None:
    """Nothing is published until all is there, and what was there of it is not doubled."""
    folder, lake = into_file(tmp_path / "p"), lake_servers.blank(tmp_path, catalog())

    def die(told: str) -> None:
        if told.startswith("ties") or told.startswith("verdict_state"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        move_to_lake(folder, lake, views=catalog(), say=die)
    with pytest.raises(NotFound):
        Published.open(lake)
    with pytest.raises(WarehouseError, match="begun anew"):
        LakeWarehouse.open(lake, folder)
    move_to_lake(folder, lake, views=catalog())
    assert ask(lake, "SELECT count(*), count(DISTINCT event_id) FROM events") == [(151, 151)]


def test_a_move_is_refused_while_a_lander_runs_and_into_a_lake_in_use(
    lake_servers: Servers, empty: Lake, tmp_path: Path
) -> None:
    folder, lake = into_file(tmp_path / "p"), lake_servers.blank(tmp_path, catalog())
    at_work = "import sys, time; from pathlib import Path; from sayso_ingest.warehouse import Warehouse\n" \
        "w = Warehouse.open(Path(sys.argv[1])); print('open', flush=True); time.sleep(60)"  # fmt: skip
    with subprocess.Popen([sys.executable, "-c", at_work, str(folder)], stdout=subprocess.PIPE) as other:
        assert other.stdout and other.stdout.readline()
        with pytest.raises(WarehouseLocked):
            move_to_lake(folder, lake)
        other.kill()
    used = LakeWarehouse.open(lake, tmp_path, views=catalog())
    for n in range(5):
        used.land(batch(used, ONE.format(n)), now=NOW)
    used.close()
    with pytest.raises(WarehouseError, match="something else has landed"):
        move_to_lake(folder, lake, views=catalog())
    assert live_warehouse(folder).exists()


def test_a_lake_of_others_that_is_as_far_as_the_file_is_left_alone_and_one_that_has_it_all_is_taken(
    lake_servers: Servers, tmp_path: Path
) -> None:
    folder, lake = into_file(tmp_path / "p"), lake_servers.blank(tmp_path, catalog())
    with closing(Warehouse.open(folder)) as file:
        as_far = file.landing()
    used = LakeWarehouse.open(lake, tmp_path, views=catalog())
    for n in range(as_far):
        used.land(batch(used, ONE.format(n)), now=NOW)
    used.fold(now=NOW)
    used.close()
    with pytest.raises(WarehouseError, match="If the lake is somebody else's"):
        move_to_lake(folder, lake, views=catalog())
    assert ask(lake, "SELECT count(*) FROM events") == [(as_far,)]

    other = lake_servers.blank(tmp_path / "other", catalog())
    moved = move_to_lake(folder, other, views=catalog())
    moved.kept.rename(live_warehouse(folder))  # as if it had been killed before it was put away
    again = move_to_lake(folder, other, views=catalog())
    assert (again.rows, again.kept) == (moved.rows, moved.kept)
