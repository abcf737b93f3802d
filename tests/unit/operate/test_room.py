"""How much landing and publishing take: what stays of it, and the largest of what is there for a moment."""

from __future__ import annotations

from pathlib import Path

from sayso_ingest.eventlog import LANDING
from sayso_ingest.operate import room
from sayso_ingest.operate.room import BESIDE, needed
from sayso_ingest.places import kept_copy, live_warehouse, log_folder
from sayso_ingest.warehouse import copy_file

MB = 1 << 20


def project(data: Path, name: str, *, live: int = 0, kept: int = 0, log: int = 0) -> None:
    folder = data / name
    for path, size in (
        (live_warehouse(folder), live),
        (kept_copy(folder), kept),
        (log_folder(folder) / "a.db", log),
    ):
        path.parent.mkdir(parents=True, exist_ok=True)
        if size:
            path.touch()
            with path.open("r+b") as file:
                file.truncate(size)


def test_small_copies_need_room_for_the_largest_of_them_alone(tmp_path: Path) -> None:
    """Each takes the place of the one before. A hundred of them at once would set aside half a gigabyte."""
    for number in range(100):
        project(tmp_path, f"p{number}", live=MB)
    project(tmp_path, "large", live=5 * MB)
    assert needed(tmp_path) == 5 * MB + BESIDE


def test_what_waits_and_the_first_copies_that_are_kept_add_up(tmp_path: Path) -> None:
    project(tmp_path, "waits", live=20 * MB, kept=20 * MB, log=3 * MB)
    project(tmp_path, "copies", live=30 * MB)
    project(tmp_path, "grew", live=50 * MB, kept=40 * MB)
    assert needed(tmp_path) == LANDING * 3 * MB + 30 * MB + 10 * MB


def test_a_project_without_a_live_file_counts_but_where_its_lake_is_elsewhere(tmp_path: Path) -> None:
    """Also where a lander has said something before: the file was moved away, or the lake's are on this disk."""
    project(tmp_path, "p", log=MB)
    (tmp_path / "p" / "live" / "landed").write_text("{}")
    assert needed(tmp_path) == LANDING * MB + 2 * BESIDE
    assert needed(tmp_path, elsewhere=True) == 0


def test_a_copy_is_kept_from_the_size_on_from_which_the_copier_keeps_it() -> None:
    assert room.WHOLE_UP_TO == copy_file.WHOLE_UP_TO
