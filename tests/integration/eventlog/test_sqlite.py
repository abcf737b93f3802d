"""What only the log in SQLite files has to do: own its files, rotate, survive forks, kills and removed files."""

from __future__ import annotations

import fcntl
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
from sayso_ingest.errors import LogDamaged
from sayso_ingest.eventlog.sqlite import SqliteWriter
from sayso_ingest.eventlog.sqlite_reader import SqliteReader

HERE = Path(__file__).resolve().parent
KILLS = int(os.environ.get("LOG_KILLS", "15"))
EVERYTHING = 1 << 40


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "shop" / "log"


def read_all(folder: Path, positions: dict[str, int] | None = None) -> list[bytes]:
    entries = SqliteReader(folder).read(positions or {}, max_bytes=EVERYTHING)
    return sorted(entry.payload for entry in entries)


def ends(folder: Path) -> dict[str, int]:
    """Positions of a lander that has landed everything."""
    positions: dict[str, int] = {}
    for entry in SqliteReader(folder).read({}, max_bytes=EVERYTHING):
        positions[entry.source] = entry.offset + 1
    return positions


def databases(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.db"))


def test_no_file_is_made_before_the_first_append(folder: Path) -> None:
    SqliteWriter(folder).close()

    assert not folder.exists()


def test_each_writer_has_a_file_of_its_own_even_after_a_restart(folder: Path) -> None:
    for payload in (b"a", b"b"):
        with closing(SqliteWriter(folder)) as writer:
            writer.append([payload])

    assert len(databases(folder)) == 2
    assert read_all(folder) == [b"a", b"b"]


def test_files_are_in_write_ahead_mode(folder: Path) -> None:
    with closing(SqliteWriter(folder)) as writer:
        writer.append([b"a"])
        with closing(sqlite3.connect(databases(folder)[0])) as database:
            assert database.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_a_new_file_follows_when_one_is_large_enough(folder: Path) -> None:
    with closing(SqliteWriter(folder, rotate_bytes=1000)) as writer:
        for _ in range(5):
            assert writer.append([b"x" * 400]) == [True]

        assert len(databases(folder)) == 2
        assert len(SqliteReader(folder).prune(ends(folder))) == 1, "only the first one is closed"


def test_a_new_file_follows_when_one_is_old_enough(folder: Path) -> None:
    clock = [0.0]
    with closing(SqliteWriter(folder, rotate_after=60.0, now=lambda: clock[0])) as writer:
        for clock[0] in (0.0, 59.0, 60.0):
            writer.append([b"a"])

    assert len(databases(folder)) == 2


def test_pruning_leaves_nothing_of_a_closed_and_landed_file(folder: Path) -> None:
    with closing(SqliteWriter(folder)) as writer:
        writer.append([b"a"])
        reader = SqliteReader(folder)
        assert reader.prune(ends(folder)) == []
    source = databases(folder)[0].stem

    assert reader.prune(ends(folder)) == [source]
    assert list(folder.iterdir()) == []


def test_a_file_closed_empty_is_pruned(folder: Path) -> None:
    """Such a file is left when its first append failed."""
    with closing(SqliteWriter(folder)) as writer:
        assert writer.append([None]) == [False]  # type: ignore[list-item]  # what no column takes

    assert len(databases(folder)) == 1
    assert len(SqliteReader(folder).prune({})) == 1


def test_a_file_without_its_lock_is_read_but_never_removed(folder: Path) -> None:
    """Who knows whether its writer is alive."""
    with closing(SqliteWriter(folder)) as writer:
        writer.append([b"a"])
        next(folder.glob("*.lock")).unlink()

        assert SqliteReader(folder).prune(ends(folder)) == []
        assert read_all(folder) == [b"a"]


def test_a_file_removed_under_its_writer_is_noticed_by_the_next_append(folder: Path) -> None:
    with closing(SqliteWriter(folder)) as writer:
        writer.append([b"lost by whoever removed the file"])
        for path in folder.iterdir():
            path.unlink()

        assert writer.append([b"a"]) == [False]
        assert writer.append([b"a"]) == [True]
        assert read_all(folder) == [b"a"]


def test_a_folder_removed_under_its_writer_is_made_again(folder: Path) -> None:
    with closing(SqliteWriter(folder)) as writer:
        writer.append([b"a"])
        for path in folder.iterdir():
            path.unlink()
        folder.rmdir()

        assert writer.append([b"b"]) == [False]
        assert writer.append([b"b"]) == [True]


def test_a_folder_that_cannot_be_made_means_false_and_one_line_in_the_log(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder.parent.parent.joinpath("shop").write_text("a file where the folder should be")
    writer = SqliteWriter(folder)

    assert [writer.append([b"a", b"b"]) for _ in range(3)] == [[False, False]] * 3
    assert len(caplog.records) == 1
    assert str(folder) in caplog.text

    folder.parent.unlink()
    assert writer.append([b"a"]) == [True]
    assert "can be appended to again" in caplog.text
    writer.close()


def test_a_busy_file_does_not_keep_the_others_waiting(folder: Path) -> None:
    """Bounded reads take turns between the files."""
    with closing(SqliteWriter(folder)) as one, closing(SqliteWriter(folder)) as other:
        one.append([b"x" * 100] * 10)
        other.append([b"x" * 100] * 10)

        reader = SqliteReader(folder)
        positions: dict[str, int] = {}
        for _ in range(2):
            for entry in reader.read(positions, max_bytes=100):
                positions[entry.source] = entry.offset + 1
        assert len(positions) == 2


def test_leftovers_of_dead_owners_are_removed_and_those_of_living_ones_kept(folder: Path) -> None:
    folder.mkdir(parents=True)
    for name in ("dead1.lock", "dead2.tmp", "dead3.db-wal", "dead3.db-shm"):
        (folder / name).touch()
    with (folder / "alive1.lock").open("w") as lock, (folder / "alive2.tmp").open("w") as temporary:
        fcntl.flock(lock, fcntl.LOCK_EX)
        fcntl.flock(temporary, fcntl.LOCK_EX)
        (folder / "alive1.db-wal").touch()

        SqliteReader(folder).prune({})

        assert {path.name for path in folder.iterdir()} == {"alive1.lock", "alive1.db-wal", "alive2.tmp"}


FORK = """
import os, sys
from pathlib import Path
from sayso_ingest.eventlog.sqlite import SqliteWriter

writer = SqliteWriter(Path(sys.argv[1]))
writer.append([b"parent before"])
child = os.fork()
if child == 0:
    assert writer.append([b"child"]) == [True]
    writer.close()
    sys.exit()  # the whole exit, with everything inherited taken apart
assert os.waitpid(child, 0)[1] == 0
assert writer.append([b"parent after"]) == [True]
os.kill(os.getpid(), 9)
"""


def test_a_forked_child_writes_a_file_of_its_own_and_leaves_the_parents_alone(folder: Path) -> None:
    subprocess.run([sys.executable, "-c", FORK, folder], check=False)

    assert len(databases(folder)) == 2
    assert read_all(folder) == [b"child", b"parent after", b"parent before"]
    assert len(SqliteReader(folder).prune(ends(folder))) == 2


ORPHAN = """
import os, sys, time
from pathlib import Path
from sayso_ingest.eventlog.sqlite import SqliteWriter

writer = SqliteWriter(Path(sys.argv[1]))
writer.append([b"parent"])
if os.fork() == 0:
    assert writer.append([b"child"]) == [True]
    print(flush=True)
    time.sleep(60)
sys.stdin.read()
os.kill(os.getpid(), 9)
"""


def test_a_child_that_writes_does_not_keep_its_dead_parents_file_open(folder: Path) -> None:
    command = [sys.executable, "-c", ORPHAN, folder]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, process_group=0) as parent:
        try:
            assert parent.stdin is not None
            assert parent.stdout is not None
            parent.stdout.readline()
            parent.stdin.close()
            parent.wait(timeout=30)

            assert len(SqliteReader(folder).prune(ends(folder))) == 1
        finally:
            os.killpg(parent.pid, signal.SIGKILL)


def test_kills_under_load_lose_nothing_that_was_acknowledged(folder: Path) -> None:
    """While a lander reads and prunes; the recorder of what was acknowledged is this process, never killed."""
    chance = random.Random(7)
    acknowledged: set[bytes] = set()
    landed: list[bytes] = []
    positions: dict[str, int] = {}
    reader = SqliteReader(folder)

    def land() -> None:
        while entries := reader.read(positions, max_bytes=200_000):
            for entry in entries:
                assert entry.offset == positions.get(entry.source, 0)
                positions[entry.source] = entry.offset + 1
                landed.append(entry.payload.split()[0])
        for source in reader.prune(positions):
            positions.pop(source, None)

    for kill in range(0, KILLS, 5):
        writers = [_start_writer(folder, f"w{kill + n}") for n in range(5)]
        for writer in writers:
            assert writer.stdout is not None
            acknowledged.add(writer.stdout.readline().strip())
        for writer in writers:
            time.sleep(chance.uniform(0, 0.03))
            writer.kill()
            assert writer.stdout is not None
            acknowledged.update(line.strip() for line in writer.stdout if line.endswith(b"\n"))
            writer.stdout.close()
            writer.wait()
            land()

    land()
    assert len(acknowledged) > 20 * KILLS
    assert acknowledged <= set(landed)
    assert len(landed) == len(set(landed))
    assert list(folder.iterdir()) == []


def _start_writer(folder: Path, name: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, HERE / "append_forever.py", "sqlite", folder, "shop", name]
    return subprocess.Popen(command, stdout=subprocess.PIPE)


def test_files_of_somebody_else_are_left_alone(folder: Path) -> None:
    with closing(SqliteWriter(folder)) as writer:
        writer.append([b"a"])
    (folder / "notes.db").write_text("hello")
    (folder / "folder.db").mkdir()

    assert read_all(folder) == [b"a"]
    assert len(SqliteReader(folder).prune(ends(folder))) == 1
    assert (folder / "notes.db").exists()


def test_one_file_that_cannot_be_read_does_not_keep_back_the_others(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with closing(SqliteWriter(folder)) as writer:
        writer.append([b"a"])
    broken = folder / "00000000-0000-4000-8000-000000000000.db"
    broken.write_bytes(b"bit rot " * 1000)
    reader = SqliteReader(folder)

    (entry,) = reader.read({}, max_bytes=EVERYTHING)
    assert entry.payload == b"a"
    assert broken.name in caplog.text
    assert len(reader.prune({entry.source: 1})) == 1, "the good one"
    with pytest.raises(LogDamaged, match=broken.name):
        reader.behind({})


def test_a_folder_that_cannot_be_read_is_no_empty_log(folder: Path) -> None:
    with closing(SqliteWriter(folder)) as writer:
        writer.append([b"a"])
    folder.chmod(0)
    code = (
        "import os, sys; from pathlib import Path; from sayso_ingest.eventlog.sqlite_reader import SqliteReader\n"
        "from sayso_ingest.errors import LogUnavailable\n"
        "if os.geteuid() == 0: os.setgid(65534); os.setuid(65534)\n"
        "try: print(SqliteReader(Path(sys.argv[1])).behind({}))\n"
        "except LogUnavailable as error: print(error)"
    )
    for parent in folder.parents[:3]:
        parent.chmod(0o755)
    done = subprocess.run(
        [sys.executable, "-c", code, str(folder)], capture_output=True, text=True, check=False
    )
    folder.chmod(0o755)

    assert "cannot be read" in done.stdout, done.stderr
