"""What was acknowledged and is still in the log is accounted for, or named."""

from __future__ import annotations

import json
import os
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from blank import open_warehouse
from broker import Broker
from landed import NOW, append, event, thumb
from made import made_once
from sayso_ingest.analysis import catalog
from sayso_ingest.event import Reason, Rejection
from sayso_ingest.eventlog import open_reader, open_writer
from sayso_ingest.lander import Lander
from sayso_ingest.operate import ensure_project
from sayso_ingest.operate.verify import Verdict, verify
from sayso_ingest.places import live_warehouse, log_folder, project_folder
from sayso_ingest.record import Submission, encode_json, pack
from sayso_ingest.warehouse import FILE, Publisher
from sayso_ingest.warehouse.connect import open_live
from service import run_here

KEEP = 3600.0


def make(data: Path) -> None:
    """A project whose log has landed thumbs, refused ones, repeats, a stranger's record, and what waits."""
    ensure_project(data, "default")
    folder = project_folder(data, "default")
    thumbs = [thumb(id=str(uuid4()), target=f"t{n}") for n in range(5)]
    refused = [
        Rejection.of(b'{"id": 1}', Reason.WRONG_TYPE),
        Rejection.of(b"{}", Reason.WRONG_TYPE, event_id=str(uuid4())),
    ]
    append(folder, *thumbs, rejects=refused)
    append(folder, thumbs[0], event("thumb", id=thumbs[1]["id"], target="another"), rejects=refused)
    append(folder, {**thumbs[0], "id": "no id"}, thumb(id=str(uuid4()).upper()))
    writer = open_writer("sqlite", folder=log_folder(folder), project="default")
    writer.append([b"nobody's"])
    writer.close()
    land_and_keep(folder)
    append(folder, thumb(id=str(uuid4())))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made_once(tmp_path / "data", make)
    return project_folder(tmp_path / "data", "default")


def land_and_keep(folder: Path, *, log: str = "sqlite") -> None:
    """Land what waits, and leave it in the log."""
    reader = open_reader(log, folder=log_folder(folder), project=folder.name, keep=KEEP)
    warehouse = open_warehouse(folder, views=catalog())
    with closing(Lander(reader, warehouse, Publisher(warehouse, folder), now=lambda: NOW)) as lander:
        while lander.step():
            pass


def lose(folder: Path, sql: str) -> list[tuple[Any, ...]]:
    """Remove rows from the warehouse behind everybody's back, and publish what is left."""
    with closing(open_live(live_warehouse(folder))) as live:
        gone = live.execute(sql).fetchall()
    (folder / FILE).unlink()
    (folder / FILE).write_bytes(live_warehouse(folder).read_bytes())
    return gone


def counts(verdict: Verdict) -> tuple[int, int, int, int]:
    sources = verdict.sources.values()
    return tuple(
        sum(getattr(s, name) for s in sources) for name in ("records", "waiting", "events", "rejects")
    )  # type: ignore[return-value]


def test_all_that_was_acknowledged_is_accounted_for(folder: Path) -> None:
    """Events, repeats, what was refused with an id and without, what nobody can read, and what waits."""
    found = verify(folder, log="sqlite")
    assert found.complete
    assert counts(found) == (5, 1, 8, 6)
    outcome = run_here("verify", "--data", folder.parent)
    assert outcome.returncode == 0, outcome.stderr
    assert "all that the log holds is accounted for" in outcome.stderr
    assert f"Only {folder / 'warehouse.duckdb'} was read for that" in outcome.stderr


A_THUMB = "DELETE FROM events WHERE event_id = (SELECT max(event_id) FROM events) RETURNING event_id"
A_REUSED_ID = "DELETE FROM events WHERE target IN ('t1', 'another') RETURNING event_id"
A_REJECT = """DELETE FROM rejects WHERE reject_id = (SELECT min(reject_id) FROM rejects WHERE reason = 'wrong_type')
    RETURNING coalesce(event_id, reject_id::VARCHAR)"""


@pytest.mark.parametrize("loss", [A_THUMB, A_REUSED_ID, A_REJECT])
def test_a_row_that_is_lost_is_named(folder: Path, loss: str) -> None:
    lost = lose(folder, loss)[0][0]
    outcome = run_here("verify", "--data", folder.parent, "--format", "json")
    assert outcome.returncode == 1
    [said] = json.loads(outcome.stdout)
    assert not said["complete"]
    assert {each for source in said["sources"].values() for each in source["missing"]} == {str(lost)}
    assert str(lost) in run_here("verify", "--data", folder.parent).stderr


def test_what_was_removed_for_its_age_is_not_missing(folder: Path) -> None:
    with closing(open_warehouse(folder)) as warehouse:
        warehouse.remove_by_age(
            {"thumb": NOW + timedelta(days=1), "rejects": NOW + timedelta(days=1)}, now=NOW
        )
        warehouse.checkpoint()
    lose(folder, "SELECT 1")
    assert verify(folder, log="sqlite").complete


def test_a_log_that_is_broken_or_another_one_is_told(folder: Path) -> None:
    victim = min(log_folder(folder).glob("*.db"))
    with victim.open("r+b") as file:
        file.write(b"no database at all")
    found = verify(folder, log="sqlite")
    assert not found.complete
    assert victim.name in str(found.problem)


def test_of_a_project_that_has_nothing_it_says_so(tmp_path: Path) -> None:
    outcome = run_here("verify", "--data", tmp_path)
    assert outcome.returncode == 1
    assert "no project" in outcome.stderr


@pytest.mark.kafka
@pytest.mark.filterwarnings("ignore:(read|open)_text is deprecated:DeprecationWarning")
def test_a_topic_is_read_from_its_beginning(kafka_broker: Broker, tmp_path: Path) -> None:
    """What is landed, what waits, and what is lost."""
    ensure_project(tmp_path, "default")
    folder = project_folder(tmp_path, "default")
    log = kafka_broker.url(f"verify-{os.getpid()}")
    first, second = str(uuid4()), str(uuid4())
    with closing(open_writer(log, folder=log_folder(folder), project="default")) as writer:

        def send(event_id: str) -> None:
            submission = Submission("key_1", "sk", NOW.isoformat(), events=[encode_json(thumb(id=event_id))])
            assert all(writer.append(pack([submission]).records))

        send(first)
        land_and_keep(folder, log=log)
        send(second)
    found = verify(folder, log=log)
    assert found.complete
    assert counts(found) == (2, 1, 1, 0)
    lose(folder, "DELETE FROM events RETURNING event_id")
    sources = verify(folder, log=log).sources.values()  # of each partition that has records
    assert [one for source in sources for one in source.missing] == [first]
