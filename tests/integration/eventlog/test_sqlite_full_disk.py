"""A full disk: appends say so, nothing acknowledged is lost, and it goes on by itself when there is room."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from disks import fill, mounted
from sayso_ingest.eventlog.reserve import Reserved, left_over
from sayso_ingest.eventlog.sqlite import SqliteWriter
from sayso_ingest.eventlog.sqlite_reader import SqliteReader

HERE = Path(__file__).resolve().parent
EVERYTHING = 1 << 40


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 3 MB (the tests with a limit on the size of files run everywhere)."""
    with mounted(tmp_path / "disk", megabytes=3) as place:
        yield place


def payloads(folder: Path) -> list[bytes]:
    entries = SqliteReader(folder).read({}, max_bytes=EVERYTHING)
    return [entry.payload for entry in entries]


def append_until_full(writer: SqliteWriter, limit: int = 1000) -> list[bytes]:
    acknowledged = []
    for number in range(limit):
        records = [f"{number}-{n} ".encode() + b"x" * 5000 for n in range(4)]
        if writer.append(records) == [False] * 4:
            return acknowledged
        acknowledged += records
    raise AssertionError("the disk never became full")


def test_on_a_full_disk_appends_fail_quietly_and_what_was_acknowledged_is_readable(
    small_disk: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = small_disk / "log"
    writer = SqliteWriter(folder)
    ballast = small_disk / "ballast"
    ballast.write_bytes(b"x" * 1_000_000)

    acknowledged = append_until_full(writer)
    assert [writer.append([b"x" * 20_000]) for _ in range(5)] == [[False]] * 5
    fill(ballast)
    assert "full" in writer.problem()
    assert len(caplog.records) == 1
    assert "full" in caplog.text
    assert payloads(folder) == acknowledged

    ballast.unlink()
    assert writer.append([b"there is room"]) == [True]
    assert len(caplog.records) == 2
    assert sorted(payloads(folder)) == sorted([*acknowledged, b"there is room"])
    writer.close()


def test_a_single_record_that_finds_no_room_leaves_no_transaction_open(small_disk: Path) -> None:
    """What the same file takes next is there for a reader at once, and is no part of what failed."""
    folder = small_disk / "log"
    writer = SqliteWriter(folder)
    assert writer.append([b"before"]) == [True]
    ballast = small_disk / "ballast"
    fill(ballast)
    assert writer.append([b"x" * 200_000]) == [False]
    ballast.unlink()
    for number, record in enumerate((b"one", b"two", b"three"), start=2):
        assert writer.append([record]) == [True]
        assert len(payloads(folder)) == number
    assert sorted(payloads(folder)) == [b"before", b"one", b"three", b"two"]
    writer.close()


def test_a_disk_that_is_full_from_the_start_gets_no_leftovers(small_disk: Path) -> None:
    folder = small_disk / "log"
    folder.mkdir()
    ballast = small_disk / "ballast"
    fill(ballast)
    writer = SqliteWriter(folder)

    assert [writer.append([b"a"]) for _ in range(3)] == [[False]] * 3
    assert list(folder.iterdir()) == []

    ballast.unlink()
    assert writer.append([b"a"]) == [True]
    writer.close()


def test_pruning_makes_room_on_a_full_disk_after_its_writer_was_killed(small_disk: Path) -> None:
    folder = small_disk / "log"
    command = [sys.executable, HERE / "append_forever.py", "sqlite", folder, "shop", "w"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stderr is not None
        assert process.stdout is not None
        assert b"Nothing can be appended" in process.stderr.readline()
        process.kill()
        acknowledged = {line.strip() for line in process.stdout if line.endswith(b"\n")}
    fill(small_disk / "ballast")

    reader = SqliteReader(folder)
    entries = reader.read({}, max_bytes=EVERYTHING)
    assert acknowledged <= {entry.payload.split()[0] for entry in entries}

    positions = {entry.source: entry.offset + 1 for entry in entries}
    assert reader.prune(positions) == list(positions)
    assert SqliteWriter(folder).append([b"there is room"]) == [True]


LIMITED = """
import resource, sys
from pathlib import Path
from sayso_ingest.eventlog.reserve import Reserved, left_over
from sayso_ingest.eventlog.sqlite import SqliteWriter
from sayso_ingest.eventlog.sqlite_reader import SqliteReader

folder = Path(sys.argv[1])
limit = 400_000
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
writer = SqliteWriter(folder)
acknowledged, refused = [], 0
for number in range(100):
    records = [b"%d-%d " % (number, n) + b"x" * 5000 for n in range(4)]
    if writer.append(records) == [True] * 4:
        acknowledged += records
    else:
        refused += 1
assert refused >= 3, refused
assert len(acknowledged) >= 4 * 90, len(acknowledged)
assert writer.append([b"x" * 600_000]) == [False]
assert writer.append([b"x" * 600_000]) == [False]
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
large = b"y" * 600_000
assert writer.append([large]) == [True]
entries = SqliteReader(folder).read({}, max_bytes=1 << 40)
assert sorted(e.payload for e in entries) == sorted([*acknowledged, large])
writer.close()
"""


def test_where_a_file_may_not_grow_another_one_follows(tmp_path: Path) -> None:
    """A limit on the size of files stands for a quota and for every write error but a full disk."""
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, tmp_path / "log"], capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stderr


def test_with_a_reserve_nothing_is_taken_long_before_the_disk_is_full_and_it_goes_on_by_itself(
    small_disk: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = small_disk / "log"
    writer = Reserved(SqliteWriter(folder), folder, "1MB")
    acknowledged: list[bytes] = []
    record = b"x" * 5000
    while writer.append([record]) == [True]:
        acknowledged.append(record)
        assert left_over(small_disk, "0") > 950_000  # what SQLite writes beside a record is little
    assert len(acknowledged) > 25
    ballast = small_disk / "ballast"
    ballast.write_bytes(b"x" * 100_000)
    assert [writer.append([b"small"]) for _ in range(3)] == [[False]] * 3
    assert caplog.text.count("SAYSO_DISK_RESERVE=1MB") == 1
    assert payloads(folder) == acknowledged
    ballast.unlink()
    writer.close()
    for file in folder.iterdir():
        file.unlink()
    assert writer.append([record]) == [True]
    assert "can be appended to again" in caplog.text
    writer.close()
