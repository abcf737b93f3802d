"""Readers get the old copy or the new one, whole, and cannot hurt landing."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import uuid
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path

import duckdb
import pytest
from blank import open_warehouse
from hypothesis import given
from hypothesis import strategies as st
from sayso_ingest.errors import NotFound, QueryError, WarehouseError, WarehouseLocked
from sayso_ingest.warehouse import Batch, Definition, Published, Publisher, Warehouse
from sayso_ingest.warehouse.arrow import columns_of
from sayso_ingest.warehouse.publish import pause_after

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@pytest.fixture
def publisher(warehouse: Warehouse, tmp_path: Path) -> Publisher:
    return Publisher(warehouse, tmp_path, interval=0)


def land(warehouse: Warehouse, count: int = 1) -> None:
    time = NOW.replace(tzinfo=None)
    rows = [
        {"event_id": str(uuid.uuid4()), "kind": "thumb", "target": f"m{n}", "who": "actor:a", "value": "up",
         "occurred_at": time, "content_hash": n, "verified": True}
        for n in range(count)
    ]  # fmt: skip
    warehouse.land(Batch(events=[warehouse.rows(columns_of(rows))], positions={"s": count}), now=NOW)


def publish(publisher: Publisher) -> None:
    publisher.start(now=NOW)
    assert publisher.poll(wait=True)


def count(folder: Path) -> int:
    with Published.open(folder) as copy:
        return int(copy.table("SELECT count(*) FROM verdicts")[1][0][0])


@pytest.mark.parametrize(
    ("held_up", "pause"), [(0.1, 2.0), (0.2, 2.5), (0.3, 3.0), (1.0, 20.0), (15.0, 75.0)]
)
def test_what_holds_the_lander_up_for_long_is_seldom(
    warehouse: Warehouse, tmp_path: Path, held_up: float, pause: float
) -> None:
    """For a twentieth of its time; for a tenth where it is short, so that readers of a small file wait little. Where it
    is very long, as after megabytes of long texts, they wait a minute more and not for ever."""
    times: list[float] = []

    step = held_up / 2

    def clock() -> float:
        times.append(
            len(times) * step
        )  # two of these steps hold the lander up: folding, and putting it in its place
        return times[-1]

    publisher = Publisher(warehouse, tmp_path, interval=0, clock=clock)
    land(warehouse)
    began = len(times) * step
    publish(publisher)
    land(warehouse)
    while not publisher.due():
        pass
    assert pause - 1e-6 <= times[-1] - began < pause + held_up


@given(st.floats(0, 1000), st.floats(0, 1000))
def test_what_holds_the_lander_up_for_longer_is_never_sooner_and_takes_a_tenth_of_its_time_or_leaves_it_a_minute(
    one: float, other: float
) -> None:
    shorter, longer = sorted((one, other))
    assert pause_after(shorter) <= pause_after(longer) + 1e-9
    assert pause_after(longer) >= min(10 * longer, longer + 60) - 1e-9


@given(st.floats(0, 10), st.floats(0, 0.9), st.floats(0, 1e5))
def test_however_much_comes_in_all_the_time_the_pauses_do_not_grow_without_end(
    always: float, each_second: float, pause: float
) -> None:
    """What a publish takes is something always, and something for each second since the last one."""
    for _ in range(200):
        pause = pause_after(always + each_second * pause)
    assert pause <= (always + 60) / (1 - each_second) + 1e-3


def test_what_a_copy_of_an_earlier_version_does_not_have_is_told_apart_from_a_slip(
    warehouse: Warehouse, publisher: Publisher, tmp_path: Path
) -> None:
    land(warehouse)
    publish(publisher)
    with Published.open(tmp_path) as copy, pytest.raises(QueryError) as slip:
        copy.query("SELECT * FROM nowhere")
    assert "earlier sayso" not in str(slip.value)
    for statement in ("DROP VIEW exposed", "DELETE FROM migrations WHERE name LIKE '0005%'"):
        warehouse.query(statement)
    publish(publisher)
    with (
        Published.open(tmp_path) as copy,
        pytest.raises(QueryError, match=r"earlier sayso.*\n*.*sayso serve"),
    ):
        copy.query("SELECT * FROM exposed")


def test_before_the_first_publish_a_reader_is_told_what_to_do(tmp_path: Path) -> None:
    """An empty folder is not an error of the driver's."""
    with pytest.raises(NotFound, match="sayso serve"):
        Published.open(tmp_path)


def test_two_landers_cannot_open_one_file(warehouse: Warehouse, tmp_path: Path) -> None:
    """The file's lock is the fence; the second one is told why."""
    code = (
        "import sys; from pathlib import Path; from sayso_ingest.warehouse import Warehouse\n"
        "from sayso_ingest.errors import WarehouseLocked\n"
        "try: Warehouse.open(Path(sys.argv[1]))\n"
        "except WarehouseLocked as error: print(error); sys.exit(7)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 7, done.stderr
    assert "stop the other one" in done.stdout
    assert issubclass(WarehouseLocked, Exception)


def test_a_copy_is_published_only_when_something_changed(warehouse: Warehouse, publisher: Publisher) -> None:
    """The first time, after a landing, and not in between."""
    assert publisher.due()
    publish(publisher)
    assert not publisher.due()
    land(warehouse)
    publish(publisher)
    assert not publisher.changed()


def test_landing_goes_on_while_a_copy_is_made(
    warehouse: Warehouse, publisher: Publisher, tmp_path: Path
) -> None:
    """The copy holds what was there when it began, whole."""
    land(warehouse, 500)
    publisher.start(now=NOW)
    for _ in range(20):
        land(warehouse, 50)
    publisher.poll(wait=True)
    assert count(tmp_path) == 500
    publish(publisher)
    assert count(tmp_path) == 500
    with Published.open(tmp_path) as copy:
        assert copy.table("SELECT count(*) FROM events")[1] == [(1500,)]


def test_a_reader_that_holds_the_old_copy_keeps_it(
    warehouse: Warehouse, publisher: Publisher, tmp_path: Path
) -> None:
    """Its answers do not change under it; one that opens now sees the new copy."""
    land(warehouse, 1)
    publish(publisher)
    with Published.open(tmp_path) as old:
        land(warehouse, 5)
        publish(publisher)
        assert old.table("SELECT count(*) FROM events")[1] == [(1,)]
        with Published.open(tmp_path) as new:
            assert new.table("SELECT count(*) FROM events")[1] == [(6,)]


def test_the_copy_is_for_reading(warehouse: Warehouse, publisher: Publisher, tmp_path: Path) -> None:
    """Nobody has the right to write it."""
    publish(publisher)
    assert (tmp_path / "warehouse.duckdb").stat().st_mode & 0o777 == 0o444


def test_what_a_killed_writer_left_is_dropped(
    warehouse: Warehouse, publisher: Publisher, tmp_path: Path
) -> None:
    """Somebody with all rights wrote into the copy and was killed: the next publish heals it."""
    land(warehouse, 3)
    publish(publisher)
    path = tmp_path / "warehouse.duckdb"
    code = (
        "import duckdb, os, sys\n"
        "c = duckdb.connect(sys.argv[1]); c.execute(\"SET checkpoint_threshold='1TB'\")\n"
        "c.execute('DELETE FROM events'); c.execute('DELETE FROM verdict_state'); os.kill(os.getpid(), 9)"
    )
    path.chmod(0o644)
    subprocess.run([sys.executable, "-c", code, str(path)], check=False)
    assert (tmp_path / "warehouse.duckdb.wal").exists()
    assert publisher.changed()
    publish(publisher)
    assert not (tmp_path / "warehouse.duckdb.wal").exists()
    assert count(tmp_path) == 3


def test_a_copy_that_fails_leaves_the_old_one(
    warehouse: Warehouse, publisher: Publisher, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Half of it is written, then the child dies; readers keep what they had, and the next try works."""
    land(warehouse, 2)
    publish(publisher)
    land(warehouse, 2)
    code = "import os, sys; open(sys.argv[2], 'wb').write(b'half'); os.kill(os.getpid(), 9)"
    failing = Publisher(warehouse, tmp_path, interval=0, copier=(sys.executable, "-c", code))
    failing.start(now=NOW)
    assert not failing.poll(wait=True)
    assert "readers keep the last copy" in caplog.text
    with Published.open(tmp_path) as old:
        assert old.table("SELECT count(*) FROM events")[1] == [(2,)]
    assert failing.changed()
    publish(publisher)
    assert count(tmp_path) == 2
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".")] == []


def test_a_warehouse_killed_in_the_midst_has_all_that_was_committed(tmp_path: Path) -> None:
    """kill -9 after a commit and inside an open transaction."""
    code = (
        "import os, sys; from pathlib import Path; sys.path.insert(0, sys.argv[2])\n"
        "from integration.warehouse.test_publish import Warehouse, land\n"
        "w = Warehouse.open(Path(sys.argv[1])); land(w, 4)\n"
        "w._live.execute('BEGIN'); w._live.execute('DELETE FROM events'); os.kill(os.getpid(), 9)"
    )
    tests = Path(__file__).parents[2]
    subprocess.run([sys.executable, "-c", code, str(tmp_path), str(tests)], check=False)
    warehouse = open_warehouse(tmp_path)
    assert warehouse.query("SELECT count(*) FROM events") == [(4,)]
    assert warehouse.positions() == {"s": 4}
    warehouse.close()


def test_opening_again_applies_no_migration_twice(tmp_path: Path) -> None:
    """Migrations are recorded, and views are made anew only when they changed."""
    open_warehouse(tmp_path).close()
    first = open_warehouse(tmp_path)
    before = first.query("FROM migrations ORDER BY ALL")
    first.close()
    second = open_warehouse(tmp_path)
    assert second.query("FROM migrations ORDER BY ALL") == before
    scripts = files("sayso_ingest.warehouse").joinpath("migrations").iterdir()
    assert [name for name, _ in before if name.endswith(".sql")] == sorted(script.name for script in scripts)
    second.close()


@pytest.mark.skipif(os.name != "posix", reason="needs a small tmpfs")
def test_a_full_disk_loses_nothing(tmp_path: Path, require: object) -> None:
    """Landing fails with a clear error, and works again when there is room."""
    if os.geteuid() != 0:
        pytest.skip("mounting a small file system needs root")
    small = tmp_path / "small"
    small.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", str(small)], check=True)
    try:
        warehouse = open_warehouse(small)
        land(warehouse, 10)
        (small / "ballast").write_bytes(b"x" * (shutil.disk_usage(small).free - 4096))
        with pytest.raises(Exception, match=r"nothing was written|cannot be opened"):
            for _ in range(50):
                land(warehouse, 2000)
        (small / "ballast").unlink()
        warehouse.reopen()
        landed = warehouse.query("SELECT count(*) FROM events")[0][0]
        assert (landed - 10) % 2000 == 0
        land(warehouse, 10)
        assert warehouse.query("SELECT count(*) FROM events") == [(landed + 10,)]
        warehouse.close()
    finally:
        subprocess.run(["umount", str(small)], check=True)


def test_any_client_reads_the_copy(warehouse: Warehouse, publisher: Publisher, tmp_path: Path) -> None:
    """Without sayso, by its file name."""
    land(warehouse, 2)
    publish(publisher)
    with duckdb.connect(str(tmp_path / "warehouse.duckdb"), read_only=True) as reader:
        assert reader.execute("SELECT count(*) FROM feedback").fetchall() == [(2,)]


def test_a_file_that_is_removed_underneath_is_noticed(warehouse: Warehouse) -> None:
    """Rows must not go on into a file that nobody would find, nor the log be pruned behind it."""
    land(warehouse)
    warehouse.path.unlink()
    with pytest.raises(WarehouseError, match="removed or replaced"):
        land(warehouse)
    with pytest.raises(WarehouseError, match="removed or replaced"):
        warehouse.checkpoint()


def test_a_missing_live_file_is_not_made_anew_beside_a_published_one(
    warehouse: Warehouse, publisher: Publisher, tmp_path: Path
) -> None:
    """Readers would see everything vanish; the message names a way on, which works."""
    land(warehouse, 3)
    publish(publisher)
    warehouse.close()
    shutil.rmtree(tmp_path / "live")
    with pytest.raises(WarehouseError, match="Put it back from a backup") as raised:
        open_warehouse(tmp_path)
    (tmp_path / "live").mkdir()
    subprocess.run(["sh", "-c", str(raised.value).split("published: ")[1]], check=True)
    again = open_warehouse(tmp_path)
    assert again.query("SELECT count(*) FROM events") == [(3,)]
    assert again.positions() == {"s": 3}
    again.close()


def test_what_a_killed_lander_left_of_a_copy_is_removed(
    warehouse: Warehouse, publisher: Publisher, tmp_path: Path
) -> None:
    """Drafts do not pile up."""
    draft = tmp_path / ".warehouse.duckdb.draft"
    draft.write_bytes(b"half a copy")
    draft.chmod(0o444)
    publish(publisher)
    assert not draft.exists()


def test_an_older_sayso_leaves_the_file_of_a_newer_one_alone(tmp_path: Path) -> None:
    """It says which version is needed instead of writing into tables that it does not know."""
    first = open_warehouse(tmp_path)
    first.query("INSERT INTO migrations VALUES ('0999_later.sql', now()::TIMESTAMP)")
    first.close()
    with pytest.raises(WarehouseError, match=r"newer sayso \(it has 0999_later.sql\)"):
        open_warehouse(tmp_path)


def test_a_view_that_is_gone_from_the_code_is_gone_from_the_file(tmp_path: Path) -> None:
    """And the others are there, made anew."""
    old = Definition("old_question", "What was asked once?", {"n": "a number"}, "SELECT 1 AS n")
    open_warehouse(tmp_path, views=[old]).close()
    warehouse = open_warehouse(tmp_path)
    views = {name for (name,) in warehouse.query("SELECT view_name FROM duckdb_views() WHERE NOT internal")}
    warehouse.close()
    assert "old_question" not in views
    assert "verdicts" in views


@pytest.mark.parametrize("sql", ["", "   ", "-- a remark"])
def test_sql_without_a_statement_is_said_to_be_none(
    warehouse: Warehouse, publisher: Publisher, tmp_path: Path, sql: str
) -> None:
    """Not an error of ours."""
    publish(publisher)
    with Published.open(tmp_path) as copy, pytest.raises(QueryError, match="no statement"):
        copy.table(sql)


def test_columns_of_the_same_name_are_numbered(
    warehouse: Warehouse, publisher: Publisher, tmp_path: Path
) -> None:
    """So that a row as a dictionary loses none."""
    publish(publisher)
    with Published.open(tmp_path) as copy:
        assert copy.query("SELECT 1 AS a, 2 AS a") == [{"a": 1, "a_1": 2}]
