"""Files of the log that are broken, replaced, cut or back again: noticed, never skipped over, never doubled."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from uuid import uuid4

import pytest
from disks import read_only
from sayso_ingest.errors import LogGap
from sayso_ingest.eventlog.sqlite import SqliteWriter
from sayso_ingest.eventlog.sqlite_reader import SqliteReader
from sayso_ingest.eventlog.sqlite_source import SqliteSource

EVERYTHING = 1 << 40
PAGE = 4096


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "shop" / "log"


def numbered(count: int, size: int = 500) -> list[bytes]:
    return [b"%06d" % number + b"x" * size for number in range(count)]


def write(folder: Path, records: list[bytes]) -> str:
    """Write records one by one into a file of their own and close it; return its name."""
    before = set(folder.glob("*.db"))
    with closing(SqliteWriter(folder)) as writer:
        for record in records:
            assert writer.append([record]) == [True]
    (path,) = set(folder.glob("*.db")) - before
    return path.stem


KILLED = """
import os, sys
from pathlib import Path
from sayso_ingest.eventlog.sqlite import SqliteWriter

writer = SqliteWriter(Path(sys.argv[1]))
for number in range(int(sys.argv[2])):
    assert writer.append([b"%06d" % number]) == [True]
os.kill(os.getpid(), 9)
"""


def write_and_be_killed(folder: Path, count: int) -> str:
    """The same from a process that ends without closing the file, which needs its WAL then."""
    before = set(folder.glob("*.db"))
    subprocess.run([sys.executable, "-c", KILLED, str(folder), str(count)], check=False)
    (path,) = set(folder.glob("*.db")) - before
    return path.stem


class Landing:
    """What a lander does with a reader."""

    def __init__(self, folder: Path, positions: dict[str, int] | None = None, **options: float) -> None:
        self.reader = SqliteReader(folder, **options)  # type: ignore[arg-type]
        self.positions = dict(positions or {})
        self.landed: list[bytes] = []
        self.removed: list[str] = []

    def run(self) -> Landing:
        while entries := self.reader.read(self.positions, max_bytes=20_000):
            for entry in entries:
                assert entry.offset >= self.positions.get(entry.source, 0), "an entry came twice"
                self.positions[entry.source] = entry.offset + 1
                self.landed.append(entry.payload)
        self.removed += self.reader.prune(self.positions)
        return self


def overwrite_a_leaf(path: Path, payload: bytes) -> None:
    """Scribble over the page that holds a payload."""
    data = bytearray(path.read_bytes())
    start = data.index(payload) // PAGE * PAGE
    data[start : start + PAGE] = b"\xff" * PAGE
    path.write_bytes(bytes(data))


def aside(folder: Path, source: str) -> Path:
    return folder / "aside" / source / f"{source}.db"


def test_what_is_left_of_a_file_overwritten_in_its_middle_is_landed_and_the_file_moved_aside(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    records = numbered(300)
    source = write(folder, records)
    other = write(folder, [b"other"])
    overwrite_a_leaf(folder / f"{source}.db", records[150])

    landing = Landing(folder).run()

    assert b"other" in landing.landed
    assert len(landing.landed) == len(set(landing.landed))
    lost = set(records) - set(landing.landed)
    assert records[150] in lost
    assert len(lost) < 20, "one page of them"
    assert landing.removed == [other]
    assert aside(folder, source).exists()
    assert "is damaged" in caplog.text
    assert "move it back into" in caplog.text
    assert SqliteReader(folder).behind(landing.positions) == 0


def test_damage_is_not_forgotten_by_a_lander_that_starts_in_between(folder: Path) -> None:
    """Read past the hole by one, looked at by the next: the file is not taken for one that landed whole."""
    records = numbered(300)
    source = write(folder, records)
    overwrite_a_leaf(folder / f"{source}.db", records[150])
    landing = Landing(folder)
    while entries := landing.reader.read(landing.positions, max_bytes=20_000):
        landing.positions[source] = entries[-1].offset + 1

    assert Landing(folder, landing.positions).run().removed == []
    assert aside(folder, source).exists()


def test_looking_records_up_one_by_one_gives_what_reading_gives(folder: Path) -> None:
    """From any position, and as far as there is room."""
    records = numbered(40)
    source = SqliteSource(folder, write(folder, records))
    for position in (0, 1, 17, 39, 40):
        for room in (1, 5_000, EVERYTHING):
            found = source.salvage(position, room=room)
            assert found == source.read(position, room=room, at_least_one=True)
    assert [payload for _, payload in source.salvage(0, room=EVERYTHING)] == records


def test_what_stands_before_a_damaged_end_is_landed(folder: Path) -> None:
    """Where nobody can say how many records there were."""
    records = numbered(300)
    source = write(folder, records)
    overwrite_a_leaf(folder / f"{source}.db", records[299])

    ends = SqliteReader(folder).ends({})
    landing = Landing(folder).run()

    assert ends == landing.positions
    assert landing.landed == records[: len(landing.landed)]
    assert len(landing.landed) > 280
    assert aside(folder, source).exists()


def empty(path: Path) -> None:
    path.write_bytes(b"")


def cut_in_half(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2 // PAGE * PAGE)


def scribble(path: Path) -> None:
    path.write_bytes(b"no database at all" * 1000)


def lose_a_record(path: Path) -> None:
    """As an older state of a file system would."""
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("DELETE FROM records WHERE number > 250")


@pytest.mark.parametrize("damage", [empty, cut_in_half, scribble, lose_a_record])
@pytest.mark.parametrize("landed_before", [0, 260])
def test_a_file_that_is_no_longer_whole_is_moved_aside_and_keeps_back_no_other(
    folder: Path, damage: Callable[[Path], None], landed_before: int, caplog: pytest.LogCaptureFixture
) -> None:
    records = numbered(300)
    source = write(folder, records)
    other = write(folder, [b"other"])
    damage(folder / f"{source}.db")

    landing = Landing(folder, {source: landed_before} if landed_before else {}).run()

    assert b"other" in landing.landed
    assert len(landing.landed) == len(set(landing.landed))
    assert landing.removed == [other]
    assert aside(folder, source).exists()
    assert f"{source}.db" in caplog.text


def test_a_file_whose_wal_is_gone_is_not_taken_for_a_whole_one(folder: Path) -> None:
    """Its writer was killed, so its last records were there and nowhere else."""
    source = write_and_be_killed(folder, 50)
    wal = folder / f"{source}.db-wal"
    kept = wal.read_bytes()
    wal.unlink()
    landing = Landing(folder).run()
    assert landing.removed == []
    place = aside(folder, source)
    assert place.exists()

    place.with_suffix(".db-wal").write_bytes(kept)  # found again
    for path in place.parent.iterdir():
        path.rename(folder / path.name)
    landing.run()
    assert len(set(landing.landed)) == len(landing.landed) == 50
    assert landing.removed == [source]


def test_a_file_that_was_killed_is_whole_however_often_it_is_read(folder: Path) -> None:
    source = write_and_be_killed(folder, 50)
    for _ in range(3):
        assert SqliteReader(folder).behind({}) == 50
    assert Landing(folder).run().removed == [source]


def test_a_file_whose_writer_was_killed_while_making_it_is_removed(folder: Path) -> None:
    """Then a rollback journal is left, with which SQLite opens the file for no reader. Nothing was in it yet."""
    folder.mkdir(parents=True)
    path = folder / f"{uuid4()}.db"
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA journal_mode = WAL")
    journal = bytes.fromhex("d9d505f920a163d7 00000000 00000000 00000000 00000200 00001000")
    path.with_suffix(".db-journal").write_bytes(journal.ljust(512, b"\0"))
    path.with_suffix(".lock").touch()
    with (
        pytest.raises(sqlite3.OperationalError),
        closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as it,
    ):
        it.execute("SELECT * FROM sqlite_master")

    assert SqliteReader(folder).behind({}) == 0
    assert Landing(folder).run().removed == [path.stem]
    assert list(folder.iterdir()) == []


def test_an_older_copy_of_a_file_is_noticed(folder: Path, tmp_path: Path) -> None:
    """As a backup that was put back: it has fewer records than are said to be landed."""
    with closing(SqliteWriter(folder)) as writer:
        for record in numbered(20):
            writer.append([record])
        (path,) = folder.glob("*.db")
        old = {part.name: part.read_bytes() for part in folder.iterdir()}
        for record in numbered(40)[20:]:
            writer.append([record])
    landing = Landing(folder).run()
    assert landing.removed == [path.stem]
    for name, content in old.items():
        (folder / name).write_bytes(content)

    with pytest.raises(LogGap, match="has 20 records, but 40 of it"):
        SqliteReader(folder).behind(landing.positions)
    other = write(folder, [b"other"])
    landing.run()
    assert landing.landed == [*numbered(40), b"other"]
    assert landing.removed == [path.stem, other]
    assert aside(folder, path.stem).exists()


def test_a_file_that_was_landed_and_removed_and_comes_back_is_not_read_again(folder: Path) -> None:
    source = write(folder, numbered(20))
    old = {part.name: part.read_bytes() for part in folder.iterdir()}
    landing = Landing(folder).run()
    for name, content in old.items():
        (folder / name).write_bytes(content)

    landing.run()

    assert landing.landed == numbered(20)
    assert landing.removed == [source, source]


def test_the_records_of_another_file_under_a_name_are_noticed(folder: Path) -> None:
    """Nothing of them is landed under the wrong name, where its position would mean other records."""
    source = write(folder, numbered(5))
    other = write(folder, numbered(30))
    shutil.copy(folder / f"{other}.db", folder / f"{source}.db")
    with pytest.raises(LogGap, match=f"{source}.db holds the records of another one, {other}"):
        SqliteReader(folder).behind({source: 5})

    landing = Landing(folder, {source: 5}).run()

    assert landing.landed == numbered(30)
    assert landing.removed == [other]
    assert aside(folder, source).exists()


def test_a_broken_file_without_a_lock_is_told_of_once_and_left_where_it_is(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder.mkdir(parents=True)
    path = folder / f"{uuid4()}.db"
    scribble(path)
    landing = Landing(folder)
    for _ in range(3):
        landing.run()

    assert path.exists()
    assert len(caplog.records) == 1


def test_a_second_file_of_a_name_does_not_overwrite_the_one_that_is_aside(folder: Path) -> None:
    source = write(folder, numbered(5))
    old = {part.name: part.read_bytes() for part in folder.iterdir()}
    for _ in range(2):
        for name, content in old.items():
            (folder / name).write_bytes(content)
        scribble(folder / f"{source}.db")
        Landing(folder).run()

    assert [path.name for path in sorted((folder / "aside").iterdir())] == [source, f"{source}-2"]


def test_a_file_is_kept_as_long_as_the_setting_says_and_not_read_again(folder: Path) -> None:
    now = [0.0]
    source = write(folder, numbered(3))
    landing = Landing(folder)
    landing.reader = SqliteReader(folder, keep=3600, now=lambda: now[0])
    assert landing.run().removed == []
    now[0] = (folder / f"{source}.lock").stat().st_mtime + 3590
    assert landing.run().removed == []
    assert landing.landed == numbered(3)
    assert landing.reader.behind(landing.positions) == 0

    again = Landing(folder, landing.positions)
    again.reader = SqliteReader(folder, keep=3600, now=lambda: now[0] + 20)
    assert again.run().removed == [source]
    assert again.landed == []


def test_a_kept_file_is_read_from_an_older_position(folder: Path) -> None:
    """What it is kept for: the warehouse was put back from a backup."""
    source = write(folder, numbered(3))
    assert Landing(folder, keep=3600).run().landed == numbered(3)

    assert Landing(folder, {source: 1}, keep=3600).run().landed == numbered(3)[1:]


@pytest.mark.parametrize("days", [-400, -1, 1, 400])
def test_a_clock_that_jumps_removes_nothing_that_is_not_landed(folder: Path, days: int) -> None:
    source = write(folder, numbered(3))
    reader = SqliteReader(folder, keep=60, now=lambda: days * 86400.0 + 2e9)
    for _ in range(2):
        assert reader.prune({source: 2}) == []
    assert len(reader.read({source: 2}, max_bytes=EVERYTHING)) == 1


def test_a_log_folder_that_is_read_only_waits(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    """SQLite reads no file of a log where it cannot make its own beside it."""
    source = write(folder, numbered(3))
    writer = SqliteWriter(folder)
    landing = Landing(folder)
    with read_only(folder):
        landing.run()
        assert landing.landed == landing.removed == []
        assert "cannot be read" in caplog.text
        assert writer.append([b"a"]) == [False]
    assert landing.run().removed == [source]
    assert landing.landed == numbered(3)
    assert writer.append([b"a"]) == [True]
    writer.close()
