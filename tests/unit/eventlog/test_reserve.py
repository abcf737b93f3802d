"""What is set aside of a disk, where the disk does not even say what is free."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest
from sayso_ingest.eventlog import MemoryLog, Reserved


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


def fail(_folder: Path) -> os.statvfs_result:
    """Fail as a disk does that is broken."""
    raise OSError(errno.EIO, os.strerror(errno.EIO))
