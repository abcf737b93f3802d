"""Whoever is erased from a lake is in no file of the bucket, no row of the catalog, nothing that PostgreSQL dumps."""

from __future__ import annotations

import json
import os
import time
from contextlib import closing
from pathlib import Path
from uuid import uuid4

import pyarrow as pa
import pyarrow.parquet as pq
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

PLANTED = "xylophone-quartz-jukebox"
ANN = "aaa-actor-ann-4711"
"""By the alphabet before all others: the least value of each file, and of the whole column, is ann's."""

PG_STATISTIC = "2619"
"""The name of its file."""


@pytest.fixture
def lake(lake_servers: Servers, tmp_path: Path) -> Lake:
    return lake_servers.blank(tmp_path, catalog())


def said_by(who: str, text: str, n: int) -> list[dict[str, object]]:
    target = f"{who}-answer-{n}"
    return [
        event("interaction", target=target, actor=who, body={"input": f"{text} {n}", "output": text}),
        thumb("down", target=target, actor=who),
        event("comment", target=target, actor=who, body={"text": f"{text} {n}"}),
    ]


@pytest.fixture
def data(lake_servers: Servers, lake: Lake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A lake with ann in files and in the catalog, in rows and in bounds, in what was merged and what was replaced."""
    for name, value in lake_servers.environ(lake).items():
        monkeypatch.setenv(name, value)
    data = tmp_path / "data"
    ensure_project(data, PROJECT)
    folder = project_folder(data, PROJECT)
    with closing(open_lander(data, folder)) as lander:
        for turn in range(3):
            append(folder, *said_by(ANN, PLANTED, turn))  # few enough for the catalog
            refused = Rejection.of(json.dumps({"actor": ANN, "turn": turn}).encode(), Reason.WRONG_TYPE)
            append(folder, *said_by("bea", "why", turn), rejects=[refused])
            if turn == 1:  # and too many for it
                others = [said for n in range(60) for said in said_by(f"other-{n}", "what", n)]
                append(folder, *others, *said_by(ANN, PLANTED, 9))
            lander.step()
            lander.publish_if_due(last=True)
            if turn < 2:
                lander._warehouse.look_after(keep=3600)  # type: ignore[attr-defined]
    append(folder, *said_by(ANN, PLANTED, 10))  # which waits
    lake_servers.sql("ANALYZE", database=lake.database)  # as PostgreSQL does by itself now and then
    return data


def open_lander(data: Path, folder: Path) -> Lander:
    tables, publisher = open_tables(Settings.load(data=data), folder)
    reader = open_reader("sqlite", folder=log_folder(folder), project=PROJECT)
    return Lander(reader, tables, publisher, now=lambda: NOW)


def traces(servers: Servers, lake: Lake, data: Path) -> list[str]:
    """Where ann still is: in the project's folder, the bucket, the catalog, or what PostgreSQL reckons about that."""
    found = found_in(data, PLANTED, ANN) + found_in(
        servers.folder / "s3" / BUCKET / lake.database, PLANTED, ANN
    )
    told = {
        "dump": servers.dump(lake.database),
        "pg_statistic": servers.sql("SELECT * FROM pg_statistic", database=lake.database),
    }
    return found + [name for name, text in told.items() if PLANTED in text or ANN in text]


def orphan(servers: Servers, lake: Lake, *, hours: int) -> Path:
    """A file that a landing which was broken off so long ago has left in the bucket."""
    folder = servers.folder / "s3" / BUCKET / lake.database / PROJECT / "main" / "events"
    path = folder / f"ducklake-{uuid4()}.parquet"
    pq.write_table(pa.table({"actor": [ANN]}), path)
    os.utime(path, (time.time() - 3600 * hours,) * 2)
    return path


def test_nothing_is_left_of_a_person_in_a_lake(lake_servers: Servers, lake: Lake, data: Path) -> None:
    """Bucket, catalog, statistics of both and of PostgreSQL itself, its files; everybody else is as before."""
    places = " ".join(traces(lake_servers, lake, data))
    assert all(
        place in places for place in ("parquet rows", "parquet statistics", "dump", "pg_statistic", "/log/")
    )
    left, old = orphan(lake_servers, lake, hours=0), orphan(lake_servers, lake, hours=2)
    done = run_here("erase", "--data", data, "--actor", ANN, "--yes")
    assert done.returncode == 0, done.stderr
    assert "5 comment, 5 interaction, 5 thumb), 3 rejects" in done.stdout
    assert not old.exists()
    assert "not reached: 1 files below" in done.stdout
    left.unlink()
    assert traces(lake_servers, lake, data) == []
    free_space = {one.split(":")[0] for one in found_in(lake_servers.files_of(lake.database), PLANTED, ANN)}
    assert free_space <= {PG_STATISTIC}
    for one in ("write-ahead log", "pg_statistic", "if the bucket keeps versions"):
        assert one in done.stdout
    with Published.open(lake) as copy:
        assert copy.table("SELECT count(*), count(DISTINCT event_id) FROM events")[1] == [(189, 189)]
        assert copy.table("SELECT count(*) FROM verdicts WHERE value = 'down'")[1] == [(63,)]
        assert copy.table("SELECT DISTINCT why FROM removals")[1] == [("erasure by actor",)]
        assert copy.table("SELECT events, rejects FROM published")[1] == [(189, 0)]
