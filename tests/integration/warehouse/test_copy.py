"""A copy is made of what is there already where nobody has it open, and of nothing but the live file otherwise."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest
from blank import open_warehouse
from integration.warehouse.test_publish import count, land, publish
from presence import missing
from sayso_ingest.warehouse import Published, Publisher, Warehouse
from sayso_ingest.warehouse.copy_file import BLOCK, HEADERS, copy

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
RETIRED = ".warehouse.duckdb.retired"


@pytest.fixture
def publisher(warehouse: Warehouse, tmp_path: Path) -> Publisher:
    """One that treats every file as a large one."""
    return Publisher(warehouse, tmp_path, interval=0, whole_up_to=0)


def blocks(*fills: str) -> bytes:
    """A file of headers and blocks, each filled with one letter."""
    return b"h" * HEADERS + b"".join(fill.encode() * BLOCK for fill in fills)


@pytest.mark.parametrize(
    ("old", "new", "written"),
    [
        ("abc", "abc", 0),
        ("abc", "axc", BLOCK),
        ("abc", "abcd", BLOCK),
        ("abcd", "ab", 0),
        ("abcd", "x", BLOCK),
        ("", "ab", 2 * BLOCK),
    ],
)
def test_only_the_blocks_that_differ_are_written(tmp_path: Path, old: str, new: str, written: int) -> None:
    """Also when the file has grown or shrunk since."""
    source, target, retired = tmp_path / "live", tmp_path / "draft", tmp_path / "retired"
    source.write_bytes(blocks(*new))
    retired.write_bytes(blocks(*old))
    retired.chmod(0o444)
    assert copy(str(source), str(target), str(retired), whole_up_to=0, share=False) == written
    assert target.read_bytes() == source.read_bytes()
    assert target.stat().st_mode & 0o777 == 0o444
    assert not retired.exists()


@pytest.mark.parametrize("size", [0, 1, 4096, HEADERS + BLOCK, HEADERS + 20 * BLOCK + 17])
def test_without_an_older_copy_all_of_it_is_written(tmp_path: Path, size: int) -> None:
    """Past the page cache too, and whatever its size."""
    source, target = tmp_path / "live", tmp_path / "draft"
    source.write_bytes(os.urandom(size))
    for whole_up_to in (0, size):
        assert (
            copy(str(source), str(target), str(tmp_path / "none"), whole_up_to=whole_up_to, share=False)
            == size
        )
        assert target.read_bytes() == source.read_bytes()
        target.unlink()


SHORTER = Path("/sys/kernel/uevent_seqnum")
"""A file that says it has 4096 bytes, and ends before them."""


@pytest.mark.skipif(not SHORTER.exists(), reason="needs a file that is shorter than it says")
@pytest.mark.parametrize("whole_up_to", [0, 1 << 30], ids=["past the page cache", "plainly"])
@pytest.mark.parametrize("older", [False, True])
def test_a_file_that_becomes_shorter_is_no_whole_copy(tmp_path: Path, whole_up_to: int, older: bool) -> None:
    """Nor is it copied for ever."""
    retired = tmp_path / "retired"
    if older:
        retired.write_bytes(b"x" * 4096)
    with pytest.raises(OSError, match="became shorter"):
        copy(str(SHORTER), str(tmp_path / "draft"), str(retired), whole_up_to=whole_up_to, share=False)


def test_a_copy_that_somebody_has_open_is_left_to_them(tmp_path: Path) -> None:
    """Whether they hold a lock, as DuckDB does, or none, as a backup that reads it."""
    source, target, retired = tmp_path / "live", tmp_path / "draft", tmp_path / "retired"
    source.write_bytes(blocks("x"))
    retired.write_bytes(blocks("a"))
    with retired.open("rb") as reader:
        assert copy(str(source), str(target), str(retired), whole_up_to=0, share=False) == HEADERS + BLOCK
        assert reader.read() == blocks("a")
    assert target.read_bytes() == source.read_bytes()


def test_a_copy_that_has_another_name_is_left_alone(tmp_path: Path) -> None:
    """The published file itself, where a lander was killed between the two names, or somebody's hard link."""
    source, target, retired = tmp_path / "live", tmp_path / "draft", tmp_path / "retired"
    source.write_bytes(blocks("x"))
    published = tmp_path / "published"
    published.write_bytes(blocks("a"))
    published.chmod(0o444)
    retired.hardlink_to(published)
    copy(str(source), str(target), str(retired), whole_up_to=0, share=False)
    assert published.read_bytes() == blocks("a")
    assert published.stat().st_mode & 0o777 == 0o444
    assert target.read_bytes() == source.read_bytes()


def test_copies_made_of_older_ones_are_exact(
    warehouse: Warehouse, publisher: Publisher, tmp_path: Path
) -> None:
    """Each holds what was there when it began, byte for byte what the live file was, while landing goes on."""
    kept = 0
    for turn in range(12):
        land(warehouse, 300)
        publisher.start(now=NOW)
        live = warehouse.path.read_bytes() if turn % 4 == 0 else b""
        land(warehouse, 50)
        assert publisher.poll(wait=True)
        kept += (tmp_path / RETIRED).exists()
        if live:
            assert (tmp_path / "warehouse.duckdb").read_bytes() == live
        with Published.open(tmp_path) as published:
            events = published.table(
                "SELECT count(*), count(DISTINCT event_id), (SELECT events FROM published) FROM events"
            )
        assert events[1] == [(300 + 350 * turn,) * 3]
    assert kept in (11, 0)  # none where the file system shares blocks instead


def test_a_reader_keeps_its_copy_through_many_publishes(
    warehouse: Warehouse, publisher: Publisher, tmp_path: Path
) -> None:
    """A process that holds one open all day is never written under."""
    land(warehouse, 100)
    publish(publisher)
    code = (
        "import duckdb, sys\n"
        "c = duckdb.connect(sys.argv[1], read_only=True)\n"
        "ask = lambda: c.execute('SELECT count(*), bit_xor(hash(e)) FROM events e').fetchall()\n"
        "before = ask(); print('open', flush=True); sys.stdin.readline()\n"
        "print(before == ask())"
    )
    reader = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path / "warehouse.duckdb")],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert reader.stdout is not None
    assert reader.stdout.readline() == "open\n"
    for _ in range(4):
        land(warehouse, 100)
        publish(publisher)
    assert reader.communicate("\n", timeout=60)[0] == "True\n"
    assert reader.returncode == 0


def test_what_a_writer_did_to_a_copy_is_healed_when_it_comes_round_again(
    warehouse: Warehouse, publisher: Publisher, tmp_path: Path
) -> None:
    """Root can write into the published file; the copies after it do not hold what was written."""
    land(warehouse, 100)
    publish(publisher)
    path = tmp_path / "warehouse.duckdb"
    path.chmod(0o644)
    with duckdb.connect(str(path)) as writer:
        writer.execute("DELETE FROM events")
        writer.execute("CHECKPOINT")
    assert publisher.changed()
    for _ in range(3):
        publish(publisher)
        assert count(tmp_path) == 100
        assert path.read_bytes() == warehouse.path.read_bytes()


def test_a_copier_that_is_killed_leaves_the_last_copy(
    warehouse: Warehouse, publisher: Publisher, tmp_path: Path
) -> None:
    """In the midst of bringing the older copy forward; the next publish works."""
    for _ in range(2):
        land(warehouse, 10)
        publish(publisher)
    code = (
        "import os, sys; os.chmod(sys.argv[3], 0o600); os.replace(sys.argv[3], sys.argv[2])\n"
        "f = open(sys.argv[2], 'r+b'); f.write(b'x' * 20000); f.flush(); os.kill(os.getpid(), 9)"
    )
    killed = Publisher(warehouse, tmp_path, interval=0, whole_up_to=0, copier=(sys.executable, "-c", code))
    killed.start(now=NOW)
    assert not killed.poll(wait=True)
    assert count(tmp_path) == 10
    publish(publisher)
    assert (tmp_path / "warehouse.duckdb").read_bytes() == warehouse.path.read_bytes()


@pytest.mark.parametrize("wait", [True, False])
def test_a_copier_that_hangs_is_ended(
    warehouse: Warehouse, publisher: Publisher, tmp_path: Path, caplog: pytest.LogCaptureFixture, wait: bool
) -> None:
    """The lander waits for it when it is told to stop; readers keep what they have, and the next try works."""
    land(warehouse, 10)
    code = "import time; time.sleep(600)"
    hanging = Publisher(warehouse, tmp_path, copier=(sys.executable, "-c", code), copy_within=0.0)
    hanging.start(now=NOW)
    assert not hanging.poll(wait=wait)
    assert not hanging.copying
    assert "was not copied within 0 s" in caplog.text
    assert "ended with -9" in caplog.text
    publish(publisher)
    assert count(tmp_path) == 10


@pytest.mark.parametrize("whole_up_to", [0, 1 << 30])
def test_a_disk_that_is_full_leaves_the_last_copy_and_says_so(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, whole_up_to: int
) -> None:
    """And when there is room again, publishing goes on."""
    if os.geteuid() != 0:
        pytest.skip("mounting a small file system needs root")
    small = tmp_path / "small"
    small.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", str(small)], check=True)
    try:
        warehouse = open_warehouse(small)
        publisher = Publisher(warehouse, small, interval=0, whole_up_to=whole_up_to)
        land(warehouse, 10)
        publish(publisher)
        land(warehouse, 2000)
        warehouse.checkpoint()
        ballast = small / "ballast"
        ballast.write_bytes(b"x" * (shutil.disk_usage(small).free - (600 << 10)))
        publisher.start(now=NOW)
        assert not publisher.poll(wait=True)
        assert "readers keep the last copy: No space left on device" in caplog.text
        assert "tried again in 2 s" in caplog.text
        assert count(small) == 10
        ballast.unlink()
        publish(publisher)
        assert count(small) == 2000
        warehouse.close()
    finally:
        subprocess.run(["umount", str(small)], check=True)


def test_a_file_system_that_can_shares_the_blocks(tmp_path: Path) -> None:
    """Nothing is written, and what becomes of the one leaves the other alone."""
    if os.geteuid() != 0 or shutil.which("mkfs.xfs") is None:
        missing("Sharing blocks is tried on a small XFS: that takes root, and mkfs.xfs of xfsprogs")
    image, folder = tmp_path / "image", tmp_path / "xfs"
    folder.mkdir()
    with image.open("wb") as file:
        file.truncate(320 << 20)  # XFS has nothing smaller
    subprocess.run(["mkfs.xfs", "-q", str(image)], check=True)
    if subprocess.run(["mount", "-o", "loop", str(image), str(folder)], check=False).returncode != 0:
        missing("A loop device cannot be mounted here")
    try:
        source, target = folder / "live", folder / "draft"
        source.write_bytes(blocks(*"abcdefgh"))
        assert copy(str(source), str(target), str(folder / "none"), whole_up_to=0) == 0
        with source.open("r+b") as file:
            file.write(b"changed")
        assert target.read_bytes() == blocks(*"abcdefgh")
        assert target.stat().st_mode & 0o777 == 0o444
    finally:
        subprocess.run(["umount", str(folder)], check=True)
