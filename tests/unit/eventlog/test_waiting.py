"""How much of a log waits is never told too small: by what its lander wrote down of what has landed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from sayso_ingest.eventlog.waiting import STEP, LandedMark, waiting_bytes


@pytest.fixture
def log(tmp_path: Path) -> Path:
    folder = tmp_path / "log"
    folder.mkdir()
    (folder / "a.db").write_bytes(bytes(2 * STEP))
    (folder / "a.db-wal").write_bytes(bytes(STEP))
    (folder / "a.db-shm").write_bytes(bytes(100))
    (folder / "aside").mkdir()
    return folder


def test_all_of_it_waits_until_a_lander_has_said_something(log: Path, tmp_path: Path) -> None:
    assert waiting_bytes(log, log / "none") == 3 * STEP
    assert waiting_bytes(log / "none", log / "none") == 0
    mark = tmp_path / "landed"
    for written in (
        f"{3 * STEP}\n",
        '{"a": "much"}',
        '{"a": null}',
        '{"a": ',
    ):  # the first by an older version
        mark.write_text(written)
        assert waiting_bytes(log, mark) == 3 * STEP


def test_what_came_after_the_look_waits_and_little_is_not_written_down(log: Path, tmp_path: Path) -> None:
    mark = tmp_path / "landed"
    landed = LandedMark(log, mark)
    before = landed.sizes()
    (log / "b.db").write_bytes(bytes(STEP))
    landed.landed(before)
    assert waiting_bytes(log, mark) == STEP
    landed.landed(landed.sizes())
    assert waiting_bytes(log, mark) == STEP
    (log / "c.db").write_bytes(bytes(1))
    landed.landed(landed.sizes())
    assert waiting_bytes(log, mark) == 0


def test_what_is_left_waits_or_not_whatever_went(log: Path, tmp_path: Path) -> None:
    """Were it told of all files together, one that went would hide as much of what waits in others."""
    mark = tmp_path / "landed"
    (log / "b.db").write_bytes(bytes(STEP))
    landed = LandedMark(log, mark)
    landed.landed(landed.sizes())
    (log / "a.db").unlink()
    assert waiting_bytes(log, mark) == 0
    (log / "c.db").write_bytes(bytes(2 * STEP))
    assert waiting_bytes(log, mark) == 2 * STEP


@pytest.mark.parametrize("left", [None, STEP])
def test_what_went_or_shrank_and_is_back_waits(log: Path, tmp_path: Path, left: int | None) -> None:
    """As a file that was moved aside, and comes back repaired, with more than could be read of it before."""
    mark, file = tmp_path / "landed", log / "a.db"
    landed = LandedMark(log, mark)
    landed.landed(landed.sizes())
    assert waiting_bytes(log, mark) == 0
    file.unlink()
    if left is not None:
        file.write_bytes(bytes(left))
    landed.landed(landed.sizes())
    file.write_bytes(bytes(2 * STEP))
    assert waiting_bytes(log, mark) == 2 * STEP - (left or 0)


def test_a_file_that_goes_while_it_is_looked_at_hides_no_other(
    log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A WAL goes whenever its writer closes."""

    class Going:
        name = "a.db-wal"

        def is_file(self) -> bool:
            return True

        def stat(self) -> os.stat_result:
            raise FileNotFoundError

    real = os.scandir

    class Scan:
        def __init__(self, path: Path) -> None:
            self._entries = real(path)

        def __enter__(self) -> list[object]:
            return [Going(), *(entry for entry in self._entries if entry.name != Going.name)]

        def __exit__(self, *_: object) -> None:
            self._entries.close()

    monkeypatch.setattr(os, "scandir", Scan)
    assert waiting_bytes(log, log / "none") == 2 * STEP
