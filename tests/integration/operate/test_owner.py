"""What root makes in a data folder, the user of the service can go on with."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from landed import NOW, append, event, land, thumb
from presence import missing
from sayso_ingest.evalsets import find_cases, promote
from sayso_ingest.eventlog import PLAINTEXT
from sayso_ingest.lander.pruning import held
from sayso_ingest.operate import claim_folder, ensure_project
from sayso_ingest.operate.landing import landing_alone
from sayso_ingest.operate.move_log import move_log
from sayso_ingest.owner import given_to_owner
from sayso_ingest.places import live_warehouse, project_folder
from sayso_ingest.settings import Settings
from sayso_ingest.warehouse import Published
from sayso_ingest.warehouse.aside import asked
from service import run_here

SERVICE = 65534


@pytest.fixture
def data(tmp_path: Path) -> Iterator[Path]:
    if os.geteuid() != 0:
        missing("Files of another user take root")
    data = tmp_path / "data"
    data.mkdir()
    os.chown(data, SERVICE, SERVICE)
    return data


def test_it_may_write_to_the_folder_of_a_project_that_root_has_made_and_backed_up(data: Path) -> None:
    ensure_project(data, "p")
    live = live_warehouse(project_folder(data, "p")).parent
    with held(live), asked(live):
        pass
    made = [path for path in data.rglob("*") if not path.name.endswith(".lock")]
    assert len(made) >= 4
    assert {path.stat().st_uid for path in made} == {SERVICE}


def test_it_may_lock_what_root_has_locked(data: Path) -> None:
    """Locking takes that a file can be opened, not more."""
    with landing_alone(data, "p"):
        os.close(claim_folder(data))
    locks = [path for path in data.rglob(".*.lock") if path.stat().st_uid == 0]
    assert len(locks) == 3
    assert {path.stat().st_mode & 0o044 for path in locks} == {0o044}


def test_it_may_write_to_all_that_an_erasure_and_a_move_of_the_log_by_root_have_left(data: Path) -> None:
    """The live file is another one then, and so are the log's, the copy and an eval set."""
    ensure_project(data, "p")
    folder = project_folder(data, "p")
    said = event("interaction", target="a", actor="ann", body={"input": "What?", "output": "No."})
    append(folder, said, thumb(target="a", actor="bea"))
    land(folder)
    with Published.open(folder) as copy:
        promote(folder, "main", find_cases(copy.query, ["a"], reason="r"), now=NOW)
    _give(data)
    erased = run_here("erase", "--actor", "ann", "--yes", "--project", "p", "--data", data)
    assert "2 events" in erased.stdout, erased.stderr
    assert _of_root(data) == []
    append(folder, thumb(target="a", actor="cy"))
    _give(data)
    move_log(Settings.load(data=data), folder, new="sqlite", security=PLAINTEXT)
    assert _of_root(data) == []


def test_what_goes_while_root_gives_does_not_hide_why_it_failed(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a folder of the log's that its lander removes: everything else is given all the same."""
    for name in ("a", "b", "c"):
        (data / name / "below").mkdir(parents=True)
    look = os.scandir

    def going(place: Path | str = ".") -> Iterator[os.DirEntry[str]]:
        if Path(place) == data / "b":
            (data / "b").rename(data.parent / "gone")
        return look(place)

    monkeypatch.setattr(os, "scandir", going)
    with pytest.raises(ZeroDivisionError), given_to_owner(data):
        raise ZeroDivisionError
    monkeypatch.undo()
    assert sorted(path.name for path in data.iterdir()) == ["a", "c"]
    assert _of_root(data) == []


def test_a_file_that_has_a_name_elsewhere_too_is_not_given(data: Path) -> None:
    """Or the service's user could link one of root's into the folder, to have it."""
    private = data.parent / "private"
    private.touch()
    (data / "link").hardlink_to(private)
    with given_to_owner(data):
        (data / "own").touch()
    assert private.stat().st_uid == 0
    assert _of_root(data) == ["link"]


def _give(data: Path) -> None:
    for path in (data, *data.rglob("*")):
        os.chown(path, SERVICE, SERVICE)


def _of_root(data: Path) -> list[str]:
    """But for locks, which take that a file can be read."""
    return [
        path.name for path in data.rglob("*") if path.stat().st_uid == 0 and not path.name.endswith(".lock")
    ]
