"""How much of a log waits is never told too small: by what its lander wrote down when nothing waited."""

from __future__ import annotations

from pathlib import Path

import pytest
from sayso_ingest.eventlog.waiting import STEP, LandedMark, waiting_bytes


@pytest.fixture
def log(tmp_path: Path) -> Path:
    folder = tmp_path / "log"
    folder.mkdir()
    (folder / "a.db").write_bytes(bytes(3 * STEP))
    (folder / "a.db-shm").write_bytes(bytes(100))
    return folder


def test_all_of_it_waits_until_a_lander_has_said_something(log: Path) -> None:
    assert waiting_bytes(log, log / "none") == 3 * STEP
    assert waiting_bytes(log / "none", log / "none") == 0


def test_what_came_after_nothing_waited_waits_and_little_is_not_written_down(
    log: Path, tmp_path: Path
) -> None:
    mark = tmp_path / "landed"
    landed = LandedMark(log, mark)
    landed.everything()
    assert waiting_bytes(log, mark) == 0
    (log / "b.db").write_bytes(bytes(STEP))
    assert waiting_bytes(log, mark) == STEP
    landed.everything()
    assert waiting_bytes(log, mark) == STEP
    (log / "c.db").write_bytes(bytes(1))
    landed.everything()
    assert waiting_bytes(log, mark) == 0


def test_where_files_went_all_that_is_left_may_wait(log: Path, tmp_path: Path) -> None:
    mark = tmp_path / "landed"
    (log / "b.db").write_bytes(bytes(STEP))
    landed = LandedMark(log, mark)
    landed.everything()
    (log / "a.db").unlink()
    landed.nothing()
    assert waiting_bytes(log, mark) == STEP
