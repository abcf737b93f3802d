"""`sayso import` and `sayso rejects` beside a running service: what is sent, what lands, and how often."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pyarrow
import pyarrow.parquet
import pytest
import requests
from landed import NOW, append, event, land
from made import made_once
from processes import wait_until
from sayso_ingest.cli import run as run_here
from sayso_ingest.event import Reason, Rejection
from sayso_ingest.keys import KeyRing
from sayso_ingest.operate import ensure_project
from service import Service, environment
from service import run_here as run

# A background job of a shell ignores SIGINT, and so does what it starts, unless it says otherwise.
INTERRUPTIBLE = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)
from sayso_ingest.__main__ import main
main()
"""


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    service = Service(tmp_path_factory.mktemp("backfill") / "data")
    yield service
    service.stop()


def count(service: Service, where: str) -> int:
    rows = service.query(f"SELECT count(*) FROM events WHERE {where}")
    return int(rows[0][0]) if rows else 0


def test_a_csv_file_lands_once_however_often_it_is_imported_and_bad_rows_are_kept(
    service: Service, tmp_path: Path
) -> None:
    file = tmp_path / "thumbs.csv"
    good = "".join(f'"csv {n}, yes",{n % 2},2026-01-01 00:00:{n:02}\n' for n in range(30))
    file.write_text(f"message,rating,created\n{good}m,x,\n,1,\nshort,1\n")
    maps = ["--map", "target=message", "--map", "value=rating", "--map", "occurred_at=created"]
    words = ["import", file, "--kind", "thumb", *maps, "--value", "1=up", "--value", "0=down"]
    words += ["--bad", tmp_path / "bad.jsonl", "--data", service.data, "--url", service.url]
    first, again = run(*words), run(*words)
    assert (first.returncode, again.returncode) == (1, 1)
    assert first.stdout == again.stdout
    bad = [json.loads(line) for line in (tmp_path / "bad.jsonl").read_text().splitlines()]
    assert {row["line"]: row["why"][:22] for row in bad} == {
        32: "The collector refused ",
        33: "It has no target. Say ",
        34: "It has 2 columns, and ",
    }
    repeated = "SELECT coalesce(sum(n), 0) FROM counts WHERE reason = 'repeat'"
    wait_until(lambda: (service.query(repeated) or [(0,)])[0][0] >= 30)
    ids = service.query("SELECT event_id FROM events WHERE target LIKE 'csv %' ORDER BY occurred_at")
    assert len(ids) == 30
    assert ids == sorted(ids)


def test_a_dry_run_shows_the_first_events_and_counts_and_sends_nothing(
    service: Service, tmp_path: Path
) -> None:
    file = tmp_path / "dry.jsonl"
    file.write_text(
        "".join(json.dumps({"target": f"dry {n % 9}", "text": "x"}) + "\n" for n in range(10)) + "{\n"
    )
    words = ["--kind", "comment", "--map", "text=text", "--bad", tmp_path / "bad", "--data", service.data]
    ended = run("import", file, *words, "--dry-run", "--url", "http://127.0.0.1:9")
    assert ended.stdout.count('"kind": "comment"') == 3
    assert "comment, to be sent" in ended.stdout
    assert "the same as another row" in ended.stdout
    assert "1 row: It is not JSON" in ended.stderr
    assert ended.returncode == 1


def test_parquet_and_wire_events_are_taken(service: Service, tmp_path: Path) -> None:
    stars = pyarrow.table({"answer": ["pq 1", "pq 2"], "stars": [4, 5]})
    pyarrow.parquet.write_table(stars, tmp_path / "stars.parquet")
    wire = {"id": str(uuid4()), "kind": "thumb", "target": "wire 1", "body": {"value": "up"}}
    (tmp_path / "events.jsonl").write_text(json.dumps(wire) + "\n\n")
    where = ["--data", service.data, "--url", service.url]
    maps = [
        "--kind",
        "rating",
        "--map",
        "target=answer",
        "--map",
        "value=stars",
        "--set",
        "min=1",
        "--set",
        "max=5",
    ]
    assert run("import", tmp_path / "stars.parquet", *maps, *where).returncode == 0
    assert run("import", tmp_path / "events.jsonl", *where).returncode == 0
    wait_until(lambda: count(service, "target IN ('pq 1', 'pq 2') AND score >= 4") == 2)
    wait_until(lambda: service.landed(str(wire["id"])))


def test_an_import_that_was_interrupted_goes_on_where_it_was(service: Service, tmp_path: Path) -> None:
    file = tmp_path / "many.jsonl"
    rows = [{"target": f"many {n}", "value": "up", "pad": "x" * 500} for n in range(8_000)]
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    words = ["import", file, "--kind", "thumb", "--map", "value=value"]
    words += ["--data", service.data, "--url", service.url]
    command = [sys.executable, "-c", INTERRUPTIBLE, *map(str, words)]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment())
    wait_until(lambda: count(service, "target LIKE 'many %'") > 0)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=30)
    assert process.returncode in (0, 130)  # 0 where it was faster than we
    if process.returncode == 130:
        assert "Run the same again" in err
        assert run(*words).returncode == 0
    wait_until(lambda: count(service, "target LIKE 'many %'") == 8_000, seconds=60)


def test_a_file_that_is_none_and_a_collector_that_is_none_are_said(service: Service, tmp_path: Path) -> None:
    (tmp_path / "x.txt").write_text("")
    assert "ends in none of .jsonl" in run("import", tmp_path / "x.txt", "--data", service.data).stderr
    assert "There is no file" in run("import", tmp_path / "none.csv", "--data", service.data).stderr
    (tmp_path / "x.jsonl").write_text('{"target":"t","value":"up"}\n')
    words = ["import", tmp_path / "x.jsonl", "--kind", "thumb", "--data", service.data]
    assert "What answers there is no collector" in run(*words, "--url", service.console).stderr


def refuse(service: Service, *events: dict[str, object]) -> None:
    answer = requests.post(
        f"{service.url}/v1/events",
        json={"events": events},
        headers={"Authorization": f"Bearer {service.secret}"},
        timeout=10,
    )
    assert {result["status"] for result in answer.json()["results"]} == {"rejected"}


def test_what_was_refused_is_mended_and_lands_once_however_often_it_is_replayed(
    service: Service, capsys: pytest.CaptureFixture[str]
) -> None:
    own = str(uuid4())
    refuse(
        service,
        {"id": own, "kind": "rating", "target": "mend 1", "body": {"value": "high"}},
        {"kind": "rating", "target": "mend 2", "body": {"value": 1}},
    )
    where = ["--data", str(service.data)]

    def listed() -> dict[str, bool]:
        run_here(["rejects", "list", "--limit", "1000", "--format", "jsonl", *where])
        rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
        return {row["reason"]: row["replayed"] for row in rows if row["kind"] == "rating"}

    wait_until(lambda: listed() == {"wrong_type": False, "missing_field": False}, pause=0.1)
    chosen = ["rejects", "replay", "--set", "body.value=3", *where, "--url", service.url]
    dry = run(*chosen, "--reason", "wrong_type", "--dry-run")
    assert json.loads(dry.stdout)["body"] == {"value": 3}
    for _ in range(2):
        for reason in ("wrong_type", "missing_field"):
            assert run(*chosen, "--reason", reason).returncode == 0
    wait_until(lambda: listed() == {"wrong_type": True, "missing_field": True}, pause=0.1)
    assert count(service, "target LIKE 'mend %' AND score = 3") == 2
    again = run(*chosen, "--reason", "wrong_type")
    assert (again.returncode, "accepted" in again.stdout) == (0, False)
    assert "1 skipped. What was refused has landed since." in again.stderr
    assert service.landed(own)


def test_what_was_exported_and_changed_by_hand_is_replayed(service: Service, tmp_path: Path) -> None:
    refuse(service, {"id": str(uuid4()), "kind": "thumbs", "target": "hand 1", "body": {"value": "up"}})
    words = ["rejects", "export", "--reason", "unknown_kind", "--data", service.data]
    wait_until(lambda: service.query("SELECT 1 FROM rejects WHERE reason = 'unknown_kind'"))
    file = tmp_path / "refused.jsonl"
    file.write_text(run(*words).stdout.replace('"kind": "thumbs"', '"kind": "thumb"') + '{"no": "event"}\n')
    ended = run("rejects", "replay", file, "--data", service.data, "--url", service.url)
    assert "accepted" in ended.stdout
    assert "1 skipped. Line 2: It has no event." in ended.stderr
    wait_until(lambda: count(service, "target = 'hand 1'") == 1)


def test_what_a_publishable_key_sent_is_replayed_as_of_a_back_end_only_when_that_is_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ensure_project(tmp_path, "default")
    keys = {key.kind: key.key_id for key in KeyRing(tmp_path / "keys.json").entries()}
    forged = Rejection.of(json.dumps(event("interaction")).encode(), Reason.KIND_NOT_ALLOWED)
    half = Rejection.of(b'{"kind": "interaction", "body": {}}', Reason.MISSING_FIELD)
    click = Rejection.of(json.dumps(event(rating="ten")).encode(), Reason.INVALID_NUMBER)
    append(tmp_path / "default", rejects=[forged, half, click], key_id=keys["pk"], key_kind="pk")
    append(tmp_path / "default", rejects=[half], key_id=keys["sk"])
    land(tmp_path / "default")
    words = ["--data", str(tmp_path)]
    replay = ["rejects", "replay", *words, "--dry-run"]
    assert run_here([*replay, "--all"]) == 0
    printed = capsys.readouterr()
    assert len(printed.out.splitlines()) == 1
    assert "3 skipped. A publishable key sent it, or it came without a good token" in printed.err
    assert run_here([*replay, "--all", "--as-backend"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 4
    assert run_here(["rejects", "export", *words]) == 0
    file = tmp_path / "refused.jsonl"
    file.write_text(capsys.readouterr().out)
    assert run_here([*replay, str(file)]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 1


def test_what_is_refused_again_is_marked_and_sent_once_however_often_it_was_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own, reused = (event(id=str(uuid4())) for _ in range(2))
    nameless = json.dumps({"kind": "thumb", "target": "t", "body": {"value": 1}}).encode()

    def refuse_at(minute: int, raw: bytes, event_id: str | None, reason: Reason = Reason.WRONG_TYPE) -> None:
        rejection = Rejection.of(raw, reason, event_id=event_id, kind="thumb")
        append(tmp_path / "default", rejects=[rejection], received_at=NOW + timedelta(minutes=minute))

    for minute in range(3):
        body = {"body": {"value": minute}}  # mended each time, and still wrong
        refuse_at(minute, json.dumps(own | body).encode(), own["id"])
        refuse_at(minute, json.dumps(reused | body).encode(), reused["id"], Reason.ID_REUSED)
    refuse_at(3, nameless, None)
    land(tmp_path / "default")
    where = ["--data", str(tmp_path)]

    def listed() -> list[dict[str, Any]]:
        assert run_here(["rejects", "list", "--format", "json", *where]) == 0
        return list(json.loads(capsys.readouterr().out))

    [of_nameless] = [row["reject_id"] for row in listed() if not row["event_id"]]
    named = {**json.loads(nameless), "id": of_nameless}  # as a replay sends it: with the id of its reject
    refuse_at(4, json.dumps(named).encode(), of_nameless)
    land(tmp_path / "default")
    again = [(row["event_id"], row["refused_again"]) for row in reversed(listed())]
    assert [marked for name, marked in again if name == own["id"]] == [True, True, False]
    assert [marked for name, marked in again if name == reused["id"]] == [False] * 3
    assert [marked for name, marked in again if name in (None, of_nameless)] == [True, False]
    assert run_here(["rejects", "counts", "--reason", "wrong_type", "--format", "json", *where]) == 0
    [counts] = json.loads(capsys.readouterr().out)
    assert (counts["n"], counts["refused_again"]) == (5, 3)
    assert run_here(["rejects", "replay", "--reason", "wrong_type", "--as-backend", "--dry-run", *where]) == 0
    printed = capsys.readouterr()
    assert sorted(json.loads(line)["id"] for line in printed.out.splitlines()) == sorted(
        [own["id"], of_nameless]
    )
    assert "3 skipped. It was sent again since and refused again" in printed.err


def test_a_filter_that_fits_nothing_and_a_reason_that_is_none_are_said(
    refused: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    where = ["--data", str(refused)]
    assert run_here(["rejects", "list", "--key", "key_zzz", *where]) == 0
    assert "No reject fits" in capsys.readouterr().err
    assert run_here(["rejects", "list", "--reason", "nope", *where]) == 2
    assert "There is no reason 'nope', but: not_an_object," in capsys.readouterr().err
    assert run_here(["rejects", "replay", "--id", "nope", *where]) == 1


def make_refused(data: Path) -> None:
    """A project with three rejects that cannot be replayed: too long, no JSON, a whole request."""
    long = json.dumps(event(body={"value": "x" * 70_000})).encode()
    rejects = [
        Rejection.of(long, Reason.TOO_LARGE),
        Rejection.of(b"{nonsense \x1b[31m", Reason.INVALID_JSON, detail="char 1"),
        Rejection.of(b'{"events": 3}', Reason.INVALID_ENVELOPE),
    ]
    append(data / "default", rejects=rejects)
    land(data / "default")


@pytest.fixture
def refused(tmp_path: Path) -> Path:
    made_once(tmp_path / "data", make_refused)
    return tmp_path / "data"


def test_what_cannot_be_replayed_is_said_and_skipped(
    refused: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_here(["rejects", "replay", "--all", "--dry-run", "--data", str(refused)]) == 0
    out, err = capsys.readouterr()
    assert out == ""
    assert "1 skipped. Only the first 65536 of its" in err
    assert "1 skipped. It is not JSON." in err
    assert "1 skipped. It is a whole request, not an event." in err


def test_one_reject_is_shown_with_what_was_kept_of_it(
    refused: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    where = ["--data", str(refused)]
    run_here(["rejects", "list", "--reason", "invalid_json", "--format", "json", *where])
    [row] = json.loads(capsys.readouterr().out)
    assert run_here(["rejects", "show", row["reject_id"], *where]) == 0
    out = capsys.readouterr().out
    assert '"detail": "char 1"' in out
    assert "{nonsense \ufffd[31m" in out
    assert run_here(["rejects", "show", "none", *where]) == 1


def test_a_reject_is_named_by_the_beginning_of_its_id_as_long_as_it_is_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rejects = [Rejection.of(json.dumps(event(target=n)).encode(), Reason.WRONG_TYPE) for n in range(17)]
    append(tmp_path / "default", rejects=rejects)
    land(tmp_path / "default")
    where = ["--data", str(tmp_path)]
    run_here(["rejects", "export", *where])
    ids = [json.loads(line)["reject_id"] for line in capsys.readouterr().out.splitlines()]
    assert len(set(ids)) == 17
    assert run_here(["rejects", "show", ids[0][:12].upper(), *where]) == 0
    assert f'"reject_id": "{ids[0]}"' in capsys.readouterr().out
    twice = next(id[0] for id in ids if sum(other[0] == id[0] for other in ids) > 1)  # 17 ids, 16 digits
    for command in (["show", twice], ["replay", "--id", twice]):
        assert run_here(["rejects", *command, *where]) == 2
        assert f"More than one reject begins with '{twice}': {twice}" in capsys.readouterr().err
    assert run_here(["rejects", "show", "", *where]) == 1
    capsys.readouterr()
    words = ["--id", ids[3][:12], "--set", "target=t", "--as-backend", "--dry-run"]
    assert run_here(["rejects", "replay", *words, *where]) == 0
    assert capsys.readouterr().out.count('"target": "t"') == 1


def test_rejects_are_counted_and_chosen_by_reason_key_and_time(
    refused: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def counted(*words: str) -> int:
        assert run_here(["rejects", "counts", *words, "--format", "json", "--data", str(refused)]) == 0
        return sum(row["n"] for row in json.loads(capsys.readouterr().out))

    assert counted() == counted("--key", "key_1") == counted("--since", "2026-03-01T12:00:00Z") == 3
    assert counted("--reason", "too_large") == 1
    assert counted("--key", "key_2") == counted("--since", "2026-03-01T12:00:01+00:00") == 0
    assert run_here(["rejects", "counts", "--since", "soon", "--data", str(refused)]) == 2


@pytest.mark.parametrize("words", [[], ["--all", "--reason", "too_large"], ["--set", "value", "--all"]])
def test_a_replay_that_does_not_say_which_is_wrong_usage(refused: Path, words: list[str]) -> None:
    assert run_here(["rejects", "replay", *words, "--data", str(refused)]) == 2
