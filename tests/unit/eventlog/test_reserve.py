"""What is set aside of a disk, where the disk does not even say what is free."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from threading import Thread

import pytest
from sayso_ingest.eventlog import LANDING, MemoryLog, Reserved, Room


def test_a_disk_that_does_not_answer_is_an_outage_and_no_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    log = MemoryLog()
    writer = Reserved(log.writer(), tmp_path / "log", "0")
    with monkeypatch.context() as patched:
        patched.setattr(os, "statvfs", fail)
        assert [writer.append([b"one", b"two"]) for _ in range(2)] == [[False, False]] * 2
        assert "Input/output error" in writer.problem()
    assert caplog.text.count("Input/output error") == 1
    assert writer.append([b"one"]) == [True]
    assert writer.problem() == ""


def test_what_landing_takes_stops_appends_and_grows_with_each_until_the_next_look(tmp_path: Path) -> None:
    log, looks, most = MemoryLog(), [], 1 << 62

    def needed() -> int:
        looks.append(1)
        return 5 if len(looks) == 1 else most

    room = Room(needed)
    writer = Reserved(log.writer(), tmp_path, "0", room)
    assert writer.append([b"four"]) == [True]
    assert room.needed() == 5 + LANDING * len(b"four")
    assert looks == [1]
    room.take(most)
    assert writer.append([b"four"]) == [False]
    assert "less than its reserve is free" in writer.problem()


def test_what_is_appended_while_another_thread_looks_counts_on_top() -> None:
    """The look may have passed that log already."""
    appending: list[Thread] = []

    def needed() -> int:
        appending.append(Thread(target=room.take, args=[1]))
        appending[0].start()
        appending[0].join(timeout=0.1)
        return 5

    room = Room(needed)
    room.needed()
    appending[0].join()
    assert room.needed() == 5 + LANDING


def fail(_folder: Path) -> os.statvfs_result:
    """Fail as a disk does that is broken."""
    raise OSError(errno.EIO, os.strerror(errno.EIO))
