"""Who was erased stays so: what is sent again, landed anew from a topic, or put back with a backup does not return."""

from __future__ import annotations

import json
import shutil
from contextlib import closing
from pathlib import Path
from uuid import uuid4

import pytest
from broker import Broker
from integration.operate.ann import (
    ANN,
    ANSWER,
    PLANTED,
    THUMB_ID,
    TRACES,
    asked,
    erase,
    make,
    make_and_erase,
)
from integration.operate.traces import found_in
from landed import append, event, land, thumb
from made import made_once
from processes import wait_until
from sayso_ingest.errors import WarehouseError
from sayso_ingest.event import Reason, Rejection
from sayso_ingest.eventlog import PLAINTEXT
from sayso_ingest.operate import ensure_project
from sayso_ingest.operate.backup import back_up
from sayso_ingest.operate.move_log import move_log
from sayso_ingest.operate.project_lander import open_lander
from sayso_ingest.places import (
    project_folder,
    projects_file,
)
from sayso_ingest.projects import ProjectBook
from sayso_ingest.settings import Settings
from sayso_ingest.warehouse import FILE as COPY
from service import Service, run_here


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Ann is in everything that an installation keeps; bea is, too."""
    made_once(tmp_path / "data", make)
    return tmp_path / "data"


@pytest.fixture
def erased(tmp_path: Path) -> tuple[Path, str, str]:
    """The same without ann, and what the command said."""
    out, err = made_once(tmp_path / "data", make_and_erase)
    return tmp_path / "data", out, err


def test_what_was_erased_does_not_come_back_and_what_is_said_later_is_new(
    erased: tuple[Path, str, str],
) -> None:
    """Sent again with other words, too, it is neither landed nor kept as a reject."""
    data = erased[0]
    folder, new = project_folder(data, "default"), str(uuid4())
    append(
        folder, thumb("up", id=THUMB_ID, actor=ANN, target=ANSWER), thumb("up", id=new, target="t", actor=ANN)
    )
    land(folder)
    assert asked(data, "SELECT event_id::VARCHAR FROM events WHERE actor IS NOT NULL AND actor <> 'bea'") == [
        (new,)
    ]
    assert asked(data, "SELECT hop, n FROM losses WHERE reason = 'erased'") == [("lander", 1)]
    assert asked(data, "SELECT rejects FROM published") == [(1,)]


def test_whoever_was_erased_stays_so_when_an_older_backup_is_restored(data: Path, tmp_path: Path) -> None:
    """Nothing of it is published: the lander refuses to begin until it is erased again, which needs no name."""
    back_up(data, tmp_path / "backup", log="sqlite")
    erase(data, "--actor", ANN, "--yes")
    restored = run_here("restore", tmp_path / "backup", "--data", data, "--replace")
    assert "default: 7 events or rejects were erased since" in restored.stderr
    command = f"sayso erase --again --yes --project default --data {data}"
    assert f"Go on with: {command}, then: sayso serve --data {data}" in restored.stderr
    assert command in run_here("status", "--data", data, "--port", "0").stderr
    assert command in run_here("doctor", "--data", data, "--port", "0").stdout
    assert found_in(data, PLANTED) != []
    settings, folder = Settings.load(data=data), project_folder(data, "default")
    with pytest.raises(
        WarehouseError, match=r"has 5 events and 1 rejects that were erased.*sayso erase --again --yes"
    ):
        open_lander(settings, ProjectBook(projects_file(settings.data)), folder)
    with pytest.raises(WarehouseError, match="sayso erase --again --yes"):
        move_log(settings, folder, new="sqlite", security=PLAINTEXT)
    assert not (folder / COPY).exists()
    erase(data, "--again", "--yes")
    assert found_in(data, *TRACES) == []
    open_lander(settings, ProjectBook(projects_file(settings.data)), folder).close()
    assert asked(data, "SELECT target, who, value FROM verdicts") == [("answer-2", "actor:bea", "up")]


def test_a_service_takes_events_while_what_was_erased_and_came_back_keeps_them_from_landing(
    data: Path, tmp_path: Path
) -> None:
    """Once it is erased again, they land without a new start."""
    back_up(data, tmp_path / "backup", log="sqlite")
    erase(data, "--actor", ANN, "--yes")
    run_here("restore", tmp_path / "backup", "--data", data, "--replace")
    service = Service(data)
    try:
        sent = service.send((project_folder(data, "default") / "service.key").read_text().strip())
        assert "sayso erase --again --yes" in service.err
        erase(data, "--again", "--yes")
        wait_until(lambda: service.landed(sent), seconds=60)
    finally:
        assert service.stop() == 0
    assert asked(data, f"FROM events WHERE actor = '{ANN}'") == []


def test_a_refused_line_that_was_erased_does_not_come_back_with_a_backup_either(
    data: Path, tmp_path: Path
) -> None:
    """Of somebody of whom nothing else was there."""
    folder = project_folder(data, "default")
    append(folder, rejects=[Rejection.of(b'{"actor": ["only-refused-9"]}', Reason.WRONG_TYPE)])
    land(folder)
    back_up(data, tmp_path / "backup", log="sqlite")
    erase(data, "--actor", "only-refused-9", "--yes")
    run_here("restore", tmp_path / "backup", "--data", data, "--replace")
    settings = Settings.load(data=data)
    with pytest.raises(WarehouseError, match=r"has 0 events and 1 rejects that were erased"):
        open_lander(settings, ProjectBook(projects_file(settings.data)), folder)
    erase(data, "--again", "--yes")
    assert found_in(data, "only-refused-9") == []


@pytest.mark.kafka
@pytest.mark.filterwarnings("ignore:(read|open)_text is deprecated:DeprecationWarning")
def test_what_stays_in_a_topic_does_not_come_back(kafka_broker: Broker, tmp_path: Path) -> None:
    """Neither by itself, nor when all of it is landed into a warehouse that is made anew, nor as a reject."""
    data, log = tmp_path / "data", kafka_broker.url(f"t{uuid4().hex}")
    ensure_project(data, "default")
    folder, settings = project_folder(data, "default"), Settings.load(data=data, log=log)
    refused = [Rejection.of(json.dumps({"actor": ANN}).encode(), Reason.WRONG_TYPE)]
    said = event("comment", target="t", actor=ANN, body={"text": PLANTED})
    append(folder, said, thumb(actor="bea"), rejects=refused, log=log)
    _land_all(settings, folder)
    assert run_here("verify", "--data", data, "--log", log).returncode == 0
    out, _ = erase(data, "--log", log, "--actor", ANN, "--yes")
    assert "1 events (1 comment), 1 rejects" in out
    assert "not reached: topic t" in out
    append(folder, thumb(actor="cy", target="u"), log=log)
    _land_all(settings, folder)
    assert found_in(data, PLANTED, ANN) == []
    assert run_here("verify", "--data", data, "--log", log).returncode == 0
    shutil.rmtree(folder / "live")
    (folder / COPY).unlink()
    _land_all(settings, folder)
    assert found_in(data, PLANTED, ANN) == []
    assert asked(data, "SELECT actor FROM events ORDER BY ALL") == [("bea",), ("cy",)]
    assert asked(data, "SELECT rejects FROM published") == [(0,)]


def _land_all(settings: Settings, folder: Path) -> None:
    with closing(open_lander(settings, ProjectBook(projects_file(settings.data)), folder)) as lander:
        while lander.step():
            pass
