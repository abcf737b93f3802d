"""What else may be in the folder of a spool, and a folder that goes away: nothing is lost unsaid."""

from __future__ import annotations

import os
import shutil
import time
import zlib
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest
import sayso
from integration.sdk.conftest import replayed
from processes import wait_until
from sayso.spool import ANYBODY, Spool, mark
from sayso.spool.segment import HEADER, LARGEST, read
from sayso.testing import MemoryTransport


def away() -> MemoryTransport:
    """A collector that nobody reaches."""
    memory = MemoryTransport()
    memory.fail(1000)
    return memory


def leave(folder: Path, count: int) -> None:
    """Let a client end with events that nobody has taken."""
    client = sayso.Client(transport=away(), spool_dir=folder)
    for number in range(count):
        client.thumb(f"msg_{number}", value="up")
    client.close(0)


OURS = f"{ANYBODY}-09f42d84-6b50-4177-ad51-7fc02498e1cd"


@pytest.mark.parametrize(
    "odd",
    ["poetry.lock", "*.lock", "x.000001.events", f"{OURS}.txt", "6e340b9c-fb37-4a98-beea-992810a40ac2.lock"],
)
def test_files_that_are_not_ours_stay_as_they_are(tmp_path: Path, odd: str) -> None:
    (tmp_path / odd).write_text("keep me")
    leave(tmp_path, 5)
    memory = MemoryTransport()
    with sayso.Client(transport=memory, spool_dir=tmp_path) as client:
        replayed(client, 5)
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [(odd, "keep me")]


def test_files_that_others_have_forgotten_are_told_once_and_stay(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    for n, hours in enumerate((0, 25, 24 * 30)):
        path = tmp_path / f"{mark('https://elsewhere', 'sk_revoked')}-{uuid4()}.00000{n}.events"
        path.write_text("x")
        then = time.time() - hours * 3600
        os.utime(path, (then, then))
    (tmp_path / "x.000001.events").write_text("somebody else's altogether")
    os.utime(tmp_path / "x.000001.events", (0, 0))
    for _ in range(2):
        caplog.clear()
        with sayso.Client(transport=MemoryTransport(), spool_dir=tmp_path) as client:
            client.thumb("msg_1", value="up")
            wait_until(lambda: "another collector or key" in caplog.text)
            client.thumb("msg_2", value="up")
        said = [line for line in caplog.messages if "another collector or key" in line]
        assert [line.partition(" ")[0] for line in said] == ["2"]
    assert len(list(tmp_path.iterdir())) == 4


def old_folder(path: Path) -> None:
    path.mkdir()
    os.utime(path, (0, 0))


@pytest.mark.parametrize("suffix", [".events", ".unreadable"])
@pytest.mark.parametrize("make", [os.mkfifo, old_folder, lambda path: path.symlink_to("/etc/hostname")])
def test_what_is_no_file_stops_nothing(tmp_path: Path, make: Callable[[Path], None], suffix: str) -> None:
    make(tmp_path / f"{OURS}.000001{suffix}")
    leave(tmp_path, 5)
    memory = MemoryTransport()
    with sayso.Client(transport=memory, spool_dir=tmp_path) as client:
        replayed(client, 5)
    assert len(memory.events) == 5
    assert [path.name for path in tmp_path.iterdir()] == [f"{OURS}.000001{suffix}"]


@pytest.mark.parametrize(
    "payload", [b"hello", b"[1]", b"{}", b'{"id":[],"kind":"thumb"}', b'{"id":"a","kind":[]}', b"[" * 100_000]
)
def test_mode_33_a_line_that_is_no_event_is_counted_and_the_others_are_sent(
    tmp_path: Path, payload: bytes
) -> None:
    leave(tmp_path, 5)
    (path,) = tmp_path.glob("*.events")
    with path.open("ab") as file:
        file.write(b"%08x %s\n" % (zlib.crc32(payload), payload))
    memory = MemoryTransport()
    with sayso.Client(transport=memory, spool_dir=tmp_path) as client:
        replayed(client, 6)
    assert len(memory.events) == 5
    assert client.stats().dropped == {"spool_unreadable": 1}
    assert list(tmp_path.iterdir()) == []


def test_mode_33_a_file_that_none_of_us_can_have_written_is_not_read_into_memory(tmp_path: Path) -> None:
    path = tmp_path / f"{OURS}.000001.events"
    path.write_bytes(HEADER)
    os.truncate(path, LARGEST + 1)
    assert read(path) == ([], 1)


def test_mode_33_events_whose_file_was_deleted_are_in_memory_alone_and_count_so(tmp_path: Path) -> None:
    folder = tmp_path / "spool"
    client = sayso.Client(transport=away(), spool_dir=folder)
    client.thumb("msg_1", value="up")
    shutil.rmtree(folder)
    for _ in range(3):
        client.thumb("msg_2", value="up")
    assert (client.stats().waiting, client.stats().unspooled) == (4, 1)
    assert sum(len(read(path)[0]) for path in folder.glob("*.events")) == 3
    client.close(0)
    assert (client.stats().waiting, client.stats().dropped) == (3, {"unsent": 1})


@pytest.mark.parametrize("events", [10_000, 1], ids=["in memory, too", "on disk alone"])
def test_mode_33_who_closes_says_the_truth_about_a_folder_that_is_gone(
    tmp_path: Path, events: int, caplog: pytest.LogCaptureFixture
) -> None:
    folder = tmp_path / "spool"
    limits = sayso.Limits(events=events, linger=60)
    client = sayso.Client(transport=away(), spool_dir=folder, limits=limits)
    for _ in range(4):
        client.thumb("msg_1", value="up")
    shutil.rmtree(folder)
    client.close(0)
    stats = client.stats()
    assert (stats.recorded, stats.waiting, sum(stats.dropped.values())) == (4, 0, 4)
    assert "stay in" not in caplog.text


def test_a_clock_that_is_put_back_keeps_no_spool_from_writing_and_looking(tmp_path: Path) -> None:
    now = 1e9
    folder = tmp_path / "spool"
    folder.write_text("in its place")
    spool = Spool(folder, most=10**7, now=lambda: now)
    assert spool.append(b"{}", rest=False) is None
    folder.unlink()
    assert spool.append(b"{}", rest=False) is None  # the disk is left alone for a moment
    assert spool.look()
    assert not spool.look()
    now -= 24 * 3600
    assert spool.append(b"{}", rest=False) is not None
    assert spool.look()
    spool.close()
