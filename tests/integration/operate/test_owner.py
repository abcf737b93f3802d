"""What root makes in a data folder, the user of the service can go on with."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from presence import missing
from sayso_ingest.lander.pruning import held
from sayso_ingest.operate import claim_folder, ensure_project
from sayso_ingest.operate.landing import landing_alone
from sayso_ingest.places import live_warehouse, project_folder
from sayso_ingest.warehouse.aside import asked

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
