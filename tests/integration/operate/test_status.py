"""What is said about a project: from its log, and from its published copy."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from blank import open_warehouse
from sayso_ingest.errors import NotFound
from sayso_ingest.event import Reason, Rejection
from sayso_ingest.eventlog import open_reader, open_writer
from sayso_ingest.lander import Lander
from sayso_ingest.operate.doctor.gather import gather
from sayso_ingest.operate.status import ProjectStatus, status
from sayso_ingest.places import log_folder
from sayso_ingest.record import Submission, encode_json, pack
from sayso_ingest.warehouse import Publisher

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
NAIVE = NOW.replace(tzinfo=None)


def event(number: int, **changes: object) -> bytes:
    return encode_json(
        {
            "id": f"00000000-0000-4000-8000-{number:012}",
            "kind": "thumb",
            "target": "t",
            "actor": "a",
            "body": {"value": "up"},
            "verified": True,
            **changes,
        }
    )


def append(
    folder: Path,
    *events: bytes,
    rejects: int = 0,
    dropped: dict[str, int] | None = None,
    client: str | None = None,
    received_at: datetime = NOW,
) -> None:
    """Write one record."""
    submission = Submission(
        key_id="key_1",
        key_kind="sk",
        received_at=received_at.isoformat(),
        report={"client": client, "dropped": dropped} if dropped else None,
        events=events,
        rejects=[Rejection.of(b"{}", Reason.MISSING_FIELD)] * rejects,
    )
    writer = open_writer("sqlite", folder=log_folder(folder), project=folder.name)
    assert all(writer.append(pack([submission]).records))
    writer.close()


def land(folder: Path) -> None:
    """Land and publish what is there."""
    warehouse = open_warehouse(folder)
    reader = open_reader("sqlite", folder=log_folder(folder), project=folder.name)
    lander = Lander(reader, warehouse, Publisher(warehouse, folder), now=lambda: NOW)
    while lander.step():
        pass
    lander.close()


def test_without_a_project_it_says_how_to_start_one(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=rf"no project in {tmp_path} yet.*sayso serve --data {tmp_path}"):
        status(tmp_path, log="sqlite")


def test_a_project_that_is_not_there_is_named(tmp_path: Path) -> None:
    append(tmp_path / "a", event(1))
    with pytest.raises(NotFound, match="no project 'b'"):
        status(tmp_path, log="sqlite", only="b")


def test_before_the_first_publish_everything_waits(tmp_path: Path) -> None:
    append(tmp_path / "a", event(1), event(2))
    append(tmp_path / "a", event(3))
    assert status(tmp_path, log="sqlite") == [ProjectStatus("a", waiting=2)]


def test_what_has_landed_was_refused_repeated_or_lost_is_counted(tmp_path: Path) -> None:
    append(tmp_path / "a", event(1), event(2), rejects=3, dropped={"queue_full": 4})
    append(tmp_path / "a", event(2), dropped={"queue_full": 1, "too_old": 2})
    land(tmp_path / "a")
    append(tmp_path / "a", event(4))
    [found] = status(tmp_path, log="sqlite")
    assert found == ProjectStatus(
        "a",
        waiting=1,
        events=2,
        rejects={"missing_field": 3},
        repeats=1,
        dropped={"queue_full": 5, "too_old": 2},
        last_received_at=NAIVE,
        last_landed_at=NAIVE,
        published_at=NAIVE,
    )


def test_totals_of_clients_are_added_to_what_others_say(tmp_path: Path) -> None:
    client = str(UUID(int=7))
    append(tmp_path / "a", dropped={"queue_full": 2})
    for total in (3, 5, 4, 5):
        append(tmp_path / "a", dropped={"queue_full": total}, client=client)
    land(tmp_path / "a")
    [found] = status(tmp_path, log="sqlite")
    assert found.dropped == {"queue_full": 2 + 5}


def test_feedback_without_an_interaction_is_an_orphan_after_ten_minutes(tmp_path: Path) -> None:
    folder = tmp_path / "a"
    asked = event(1, kind="interaction", target="known", session="s", body={})
    append(
        folder, asked, event(2, target="known"), event(3, target="lost"), received_at=NOW - timedelta(days=3)
    )
    said = [event(4, target="lost"), event(5, target="s"), event(6, target="known", kind="exposure", body={})]
    append(folder, *said, received_at=NOW - timedelta(minutes=10))
    append(folder, event(7, target="lost"), received_at=NOW - timedelta(minutes=9))
    land(folder)
    [found] = status(tmp_path, log="sqlite")
    assert (found.feedback, found.orphans, found.orphan_share) == (4, 2, 0.5)
    assert (found.feedback_last_day, found.orphans_last_day, found.orphan_share_last_day) == (2, 1, 0.5)
    [project] = gather(tmp_path, log="sqlite").projects
    assert project.copy is not None
    assert (project.copy.orphans["feedback"], project.copy.orphans["orphans"]) == (
        2,
        1,
    )  # what the doctor tells


def test_an_interaction_that_comes_late_still_finds_its_feedback(tmp_path: Path) -> None:
    append(tmp_path / "a", event(1), received_at=NOW - timedelta(days=2))
    append(tmp_path / "a", event(2, kind="interaction", body={}))
    land(tmp_path / "a")
    [found] = status(tmp_path, log="sqlite")
    assert (found.feedback, found.orphans, found.orphan_share) == (1, 0, 0.0)


def test_every_project_is_looked_at_or_the_one_that_was_named(tmp_path: Path) -> None:
    for name in ("a", "b"):
        append(tmp_path / name, event(1))
    assert [found.project for found in status(tmp_path, log="sqlite")] == ["a", "b"]
    assert [found.project for found in status(tmp_path, log="sqlite", only="b")] == ["b"]


def test_a_log_that_cannot_be_read_is_a_problem_of_its_project_alone(tmp_path: Path) -> None:
    append(tmp_path / "a", event(1))
    damaged = log_folder(tmp_path / "b") / f"{UUID(int=1)}.db"
    damaged.parent.mkdir(parents=True)
    damaged.write_bytes(b"not a database" * 1000)
    good, bad = status(tmp_path, log="sqlite")
    assert (good.waiting, good.problem) == (1, None)
    assert bad.waiting is None
    assert bad.problem and f"{damaged} is damaged" in bad.problem
