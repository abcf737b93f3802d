"""The doctor meets real folders: healthy, damaged, restored, held open, and with feedback that finds nothing."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import duckdb
import pytest
from landed import NOW, append, event, land
from made import made_once
from nobody import nobody
from processes import wait_until
from sayso_ingest.cli import run
from sayso_ingest.event import Reason, Rejection
from sayso_ingest.keys import revoke_key
from sayso_ingest.operate import ensure_project
from sayso_ingest.operate.doctor import FOLDER_CHECKS, PROJECT_CHECKS, Finding, examine, gather
from sayso_ingest.places import log_folder
from service import Service
from service import run as run_apart

AWAY = ["--host", "127.0.0.1", "--port", "9"]
"""An address where nothing listens."""
NAIVE = NOW.replace(tzinfo=None)


def in_order(data: Path) -> None:
    """A project whose events have all landed."""
    ensure_project(data, "p")
    append(data / "p", event(), event("interaction", target="t"), received_at=NOW - timedelta(hours=1))
    land(data / "p")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made_once(tmp_path / "healthy", in_order)
    return tmp_path / "healthy" / "p"


def findings(folder: Path, *, now: datetime = NAIVE) -> dict[str, Finding]:
    """What the doctor says of a project, but for what is in order."""
    found = examine(gather(folder.parent, log="sqlite", now=now))
    return {finding.check: finding for finding in found if finding.level != "ok"}


def wrong(folder: Path, *, now: datetime = NAIVE) -> dict[str, Finding]:
    found = findings(folder, now=now)
    return {check: finding for check, finding in found.items() if finding.level == "wrong"}


def test_a_folder_in_order_has_a_line_for_every_check_and_exit_code_0(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert wrong(folder) == {}
    assert run(["doctor", "--data", str(folder.parent), *AWAY, "--format", "json"]) == 0
    checks = [finding["check"] for finding in json.loads(capsys.readouterr().out)]
    assert checks == [*FOLDER_CHECKS, *PROJECT_CHECKS]


def test_secrets_that_are_set_are_told_with_where_they_come_from_and_never_what_they_are(
    folder: Path,
) -> None:
    """A file that anybody may read ends the command, as it would end the service."""
    secret = folder.parent / "model-key"
    secret.write_text("quite-hidden\n")
    told = {}
    for mode in (0o600, 0o644):
        secret.chmod(mode)
        done = run_apart("doctor", "--data", folder.parent, *AWAY, SAYSO_MODEL_KEY_FILE=str(secret))
        assert "quite-hidden" not in done.stdout + done.stderr
        told[done.returncode] = done.stdout + done.stderr
    assert f"OK    secrets: Set: SAYSO_MODEL_KEY from {secret}." in told[0]
    assert f"chmod o= {secret}" in told[2]


def test_a_folder_without_projects_none_a_file_and_a_project_that_is_none_are_wrong(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").write_text("")
    for name in ("empty", "none", "file"):
        assert run(["doctor", "--data", str(tmp_path / name), *AWAY]) == 1
        assert f"sayso serve --data {tmp_path / name}" in capsys.readouterr().out
    assert run(["doctor", "--data", str(folder.parent), "--project", "nope", *AWAY]) == 1
    assert f"There is no project nope in {folder.parent}, but p." in capsys.readouterr().out


def test_a_collector_that_is_away_is_noted(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["doctor", "--data", str(folder.parent), *AWAY]) == 0
    assert "note  p collector: Nothing answers at http://127.0.0.1:9" in capsys.readouterr().out


def test_feedback_from_before_the_last_day_that_was_imported_is_no_orphan_of_it(folder: Path) -> None:
    old = [event(target=f"old {n}", occurred_at="2025-03-01T08:00:00Z") for n in range(30)]
    append(folder, *old, received_at=NOW - timedelta(hours=1))
    land(folder)
    assert "orphans" not in findings(folder)


def test_what_is_wrong_ends_with_exit_code_1(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder.parent / "keys.json").chmod(0o644)
    assert run(["doctor", "--data", str(folder.parent)]) == 1
    out = capsys.readouterr().out
    assert "WRONG keys_file: " in out
    assert f"      -> chmod 600 {folder.parent}/keys.json" in out


def test_a_broken_keys_file_is_said_and_the_rest_is_still_looked_at(folder: Path) -> None:
    (folder.parent / "keys.json").write_text("{")
    assert set(wrong(folder)) == {"keys_file"}


def test_a_folder_that_may_not_be_entered_is_said_and_nothing_that_it_may_hold_is_said_to_be_missing(
    folder: Path,
) -> None:
    for closed, checks in (
        (folder.parent, {"data_folder", "keys_file", "projects_file", "users_file"}),
        (folder.parent.parent, {"data_folder", "keys_file", "projects_file", "users_file"}),
    ):
        closed.chmod(0o700 if os.geteuid() == 0 else 0)
        with nobody(closed):
            found = wrong(folder)
        closed.chmod(0o755)
        assert set(found) == checks
        assert not [one for one in found.values() if "There is no" in one.said or "is not there" in one.said]


def test_a_damaged_log_file_is_named(folder: Path) -> None:
    damaged = log_folder(folder) / f"{UUID(int=1)}.db"
    damaged.write_bytes(b"not a database" * 1000)
    assert str(damaged) in wrong(folder)["event_log"].said


def test_a_log_that_was_put_back_from_an_older_time_is_a_gap(folder: Path) -> None:
    append(folder, event())
    append(folder, event())
    land(folder)
    append(folder, event())
    [file] = log_folder(folder).glob("*.db")
    with duckdb.connect(str(folder / "live" / "warehouse.duckdb")) as live:
        live.execute("INSERT INTO positions VALUES (?, 7)", [file.stem])
    append(folder, event("interaction", target="x"))
    (folder / "warehouse.duckdb").unlink()
    (folder / "live" / "warehouse.duckdb").replace(folder / "warehouse.duckdb")
    assert "has 1 records, but 7" in wrong(folder)["event_log"].said


def test_what_waits_without_a_lander_is_wrong_and_so_is_what_waits_long(folder: Path) -> None:
    append(folder, event(), received_at=NOW)
    assert set(wrong(folder)) == {"lander"}
    found = wrong(folder, now=NAIVE + timedelta(hours=1))
    assert "the oldest for 60 minutes" in found["event_log"].said


def test_a_file_of_somebody_else_in_the_log_is_noted(folder: Path) -> None:
    (log_folder(folder) / "notes.txt").write_text("x")
    assert "notes.txt" in findings(folder)["event_log"].said


def test_kafka_that_cannot_be_reached_is_said(folder: Path) -> None:
    ended = run_apart("doctor", "--log", "kafka://127.0.0.1:9/sayso", "--data", folder.parent)
    assert ended.returncode == 1
    assert re.search("WRONG p event_log: Topic sayso.p at 127.0.0.1:9 cannot be read", ended.stdout)


def test_a_live_file_that_is_gone_comes_back_by_the_command_that_is_printed(folder: Path) -> None:
    (folder / "live" / "warehouse.duckdb").unlink()
    command = wrong(folder)["live_file"].next
    assert os.system(command.partition("or: ")[2]) == 0
    assert wrong(folder) == {}
    land(folder)


def test_a_warehouse_of_a_newer_version_is_said(folder: Path) -> None:
    with duckdb.connect(str(folder / "live" / "warehouse.duckdb")) as live:
        live.execute("INSERT INTO migrations VALUES ('9999_later.sql', now()::TIMESTAMP)")
    (folder / "live" / "warehouse.duckdb").replace(folder / "warehouse.duckdb")
    (folder / "live" / "warehouse.duckdb").write_bytes(b"")
    assert "9999_later.sql" in wrong(folder)["live_file"].said


def test_a_copy_that_somebody_wrote_to_or_broke_is_said(folder: Path) -> None:
    (folder / "warehouse.duckdb.wal").write_bytes(b"x")
    assert "opened" in wrong(folder)["published_copy"].said
    (folder / "warehouse.duckdb.wal").unlink()
    (folder / "warehouse.duckdb").unlink()
    (folder / "warehouse.duckdb").write_bytes(b"no database" * 5000)
    (folder / "warehouse.duckdb").chmod(0o444)
    assert "cannot be opened" in wrong(folder)["published_copy"].said


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="looks into /proc")
def test_a_reader_that_holds_an_older_copy_is_told_with_its_size(folder: Path) -> None:
    with (folder / "warehouse.duckdb").open("rb"):
        append(folder, event())
        land(folder)
        held = findings(folder)["old_copies"].said
    assert re.search(rf"[1-9]\d* MB by process {os.getpid()}\b", held)
    assert "old_copies" not in findings(folder)


def test_a_clock_that_went_back_is_told(folder: Path) -> None:
    assert "has jumped" in wrong(folder, now=NAIVE - timedelta(days=1))["clock"].said


def test_clients_under_a_wrong_clock_are_told_by_their_library(folder: Path) -> None:
    off = [
        event(source={"sdk": "sayso-js/9"}, occurred_at="2026-03-01T08:00:00Z", target="t") for _ in range(20)
    ]
    append(folder, *off, sent_at=NOW - timedelta(hours=4))
    land(folder)
    assert "20 of 20 events of sayso-js/9" in wrong(folder)["client_clocks"].said


def test_rejects_losses_and_repeats_are_told(folder: Path) -> None:
    again = event()
    append(
        folder,
        *[again] * 30,
        rejects=[Rejection.of(b"{}", Reason.WRONG_TYPE)] * 10,
        dropped={"queue_full": 3},
    )
    land(folder)
    found = findings(folder)
    assert "10 events were refused as wrong_type" in found["rejects"].said
    assert "3 queue_full" in found["client_losses"].said
    assert found["repeats"].said.startswith("29 repeats")


def test_a_key_that_sends_after_it_was_revoked_is_told(folder: Path) -> None:
    ring = folder.parent / "keys.json"
    key_id = json.loads(ring.read_text())["keys"][1]["key_id"]
    revoke_key(ring, key_id, now=lambda: NOW - timedelta(hours=1))
    append(folder, event(), key_id=key_id)
    land(folder)
    assert key_id in wrong(folder)["revoked_keys"].said


@pytest.mark.parametrize(
    ("known", "sent", "how"),
    [
        ("msg-{}", "MSG-{}", "upper and lower case"),
        ("msg-{}", " msg-{} ", "spaces around it"),
        ("{}", "msg_{}", "the feedback has the prefix 'msg_'"),
        ("msg_{}", "{}", "the interaction has the prefix 'msg_'"),
        ("{}", "{}.0", "the feedback ends in '.0'"),
    ],
)
def test_ids_that_a_front_end_changes_are_shown_as_a_pair(
    folder: Path, known: str, sent: str, how: str
) -> None:
    early = NOW - timedelta(hours=1)
    append(
        folder, *[event("interaction", target=known.format(n)) for n in range(100, 130)], received_at=early
    )
    append(folder, *[event(target=sent.format(n)) for n in range(100, 130)], received_at=early)
    land(folder)
    said = wrong(folder)["orphans"].said
    assert "30 of 31 feedback events" in said
    assert f"({how})" in said


def test_ids_that_are_made_twice_are_told_as_a_usual_cause(folder: Path) -> None:
    early = NOW - timedelta(hours=1)
    for _ in range(30):
        append(
            folder, event("interaction", target=str(uuid4())), event(target=str(uuid4())), received_at=early
        )
    land(folder)
    said = wrong(folder)["orphans"].said
    assert "each make an id of their own" in said
    assert "looks like" not in said


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    service = Service(tmp_path / "data")
    yield service
    service.stop()


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="looks into /proc")
def test_beside_a_running_service_nothing_is_wrong_and_the_lander_is_named(service: Service) -> None:
    event_id = service.send(service.secret)
    wait_until(lambda: service.landed(event_id))
    found = {
        finding.check: finding for finding in examine(gather(service.data, log="sqlite", url=service.url))
    }
    assert found["collector"] == Finding(
        "ok", f"{service.url} answers, and takes the service key.", check="collector", project="default"
    )
    assert {finding.level for finding in found.values()} <= {"ok", "note"}
    assert found["lander"].said.startswith(f"Process {service.room('land')} lands")


def test_what_answers_but_is_not_the_collector_of_this_folder_is_wrong(
    service: Service, folder: Path
) -> None:
    for url, says in ((service.url, "runs on another folder"), (service.console, "is no collector")):
        found = examine(gather(folder.parent, log="sqlite", url=url, now=NAIVE))
        [said] = [finding for finding in found if finding.check == "collector"]
        assert says in said.said
        assert said.level == "wrong"
