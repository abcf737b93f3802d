"""What an operator does with a log or with ages works on a lake as on a file: verify, move, keep for a while."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest
from integration.operate.traces import found_in
from lakes import BUCKET, PROJECT, Servers
from landed import NOW, append, event, thumb
from sayso_ingest.analysis import catalog
from sayso_ingest.event import Reason, Rejection
from sayso_ingest.eventlog import open_reader
from sayso_ingest.lander import Lander
from sayso_ingest.operate import ensure_project
from sayso_ingest.operate.tables import open_tables
from sayso_ingest.places import log_folder, project_folder
from sayso_ingest.settings import Settings
from sayso_ingest.warehouse import Lake, Published
from service import run_here

pytestmark = pytest.mark.lake

DAYS = timedelta(days=1)
PLANTED = "xylophone-quartz"


@pytest.fixture
def lake(lake_servers: Servers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lake:
    """An empty lake, which the settings lead to."""
    lake = lake_servers.blank(tmp_path, catalog())
    for name, value in lake_servers.environ(lake).items():
        monkeypatch.setenv(name, value)
    return lake


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    ensure_project(tmp_path, PROJECT)
    return project_folder(tmp_path, PROJECT)


def open_lander(
    folder: Path, *, log: str = "sqlite", keep: float = 0, ages: Mapping[str, timedelta] | None = None
) -> Lander:
    """One that looks for what is past its age each time it is asked to."""
    tables, publisher = open_tables(Settings.load(data=folder.parent), folder)
    reader = open_reader(log, folder=log_folder(folder), project=PROJECT, keep=keep)
    ticks = count(step=10_000.0)
    return Lander(
        reader, tables, publisher, ages=lambda: ages or {}, now=lambda: NOW, clock=lambda: next(ticks)
    )


def land(folder: Path, **how: object) -> None:
    with closing(open_lander(folder, **how)) as lander:  # type: ignore[arg-type]
        while lander.step():
            pass


def test_verify_names_what_a_lake_has_lost(lake: Lake, folder: Path) -> None:
    events = [thumb(target=f"m{n}") for n in range(3)]
    append(folder, *events, rejects=[Rejection.of(b"{", Reason.INVALID_JSON)])
    land(folder, keep=3600)
    whole = run_here("verify", "--data", folder.parent)
    assert (whole.returncode, "3" in whole.stdout) == (0, True), whole.stderr
    tables, _ = open_tables(Settings.load(data=folder.parent), folder)
    with closing(tables):
        tables.query(f"DELETE FROM events WHERE event_id = '{events[1]['id']}'")
        tables.fold(now=NOW)
    found = run_here("verify", "--data", folder.parent)
    assert (found.returncode, events[1]["id"] in found.stdout + found.stderr) == (1, True)


def test_a_log_is_moved_into_a_lake_to_its_end_and_another_one_goes_on(lake: Lake, folder: Path) -> None:
    """Events, rejects and what clients dropped, each once, though the lander had landed some of it before."""
    other = "memory://moved-from-files"
    for turn in range(3):
        refused = Rejection.of(b"{", Reason.INVALID_JSON)
        append(folder, thumb(target=f"m{turn}"), rejects=[refused], dropped={"offline": 1})
        if not turn:
            land(folder)
    moved = run_here("log", "move", "--data", folder.parent, "--port", "0", "--log", "sqlite", "--to", other)
    assert moved.returncode == 0, moved.stderr
    append(folder, thumb(target="m3"), log=other)
    land(folder, log=other)
    with Published.open(lake) as published:
        counted = "SELECT count(*), count(DISTINCT event_id), (SELECT count(*) FROM rejects) FROM events"
        assert published.table(counted)[1] == [(4, 4, 3)]
        assert published.table("SELECT reason, n FROM losses WHERE hop = 'client'")[1] == [("offline", 3)]


def test_what_is_past_its_age_is_in_no_file_of_a_lake_once_what_it_replaced_has_expired(
    lake_servers: Servers, lake: Lake, folder: Path
) -> None:
    """Who reads meanwhile keeps what they attached."""
    long_ago = NOW - 100 * DAYS
    body = {"input": PLANTED, "output": PLANTED}
    # Too many for the catalog to keep, and one that is still spoken of.
    old = [event("interaction", target=f"m{n}", body=body) for n in range(120)]
    append(folder, *old, received_at=long_ago)
    append(folder, thumb("down"), *[thumb(target=f"n{n}") for n in range(120)])
    land(folder)

    bucket = lake_servers.folder / "s3" / BUCKET / lake.database
    assert found_in(bucket, PLANTED)
    with (
        closing(open_lander(folder, ages={"interaction": 30 * DAYS})) as lander,
        Published.open(lake) as reader,
    ):
        lander.remove_old()
        lander.publish_if_due(last=True)
        assert reader.table(f"SELECT count(*) FROM events WHERE output = '{PLANTED}'")[1] == [(120,)]
        lander._warehouse.look_after(keep=0)  # type: ignore[attr-defined]
    assert found_in(bucket, PLANTED) == []
    assert PLANTED not in lake_servers.dump(lake.database)
    with Published.open(lake) as published:
        assert published.table("SELECT count(*) FROM verdicts")[1] == [(121,)]
        assert published.table("SELECT why, what, n FROM removals")[1] == [
            ("age", "interaction", 119),
            ("age", "texts", 1),
        ]
