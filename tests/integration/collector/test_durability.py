"""Nothing is answered before it is durable, and what is not durable is not said to be."""

from __future__ import annotations

import gzip
import json
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sayso_ingest.collector import GroupCommit, create_app
from sayso_ingest.errors import LogError, LogUnavailable
from sayso_ingest.event import Reason, Rejection
from sayso_ingest.eventlog import LogWriter, MemoryLog, open_reader, open_writer
from sayso_ingest.keys import KeyRing
from sayso_ingest.record import Submission, encode_json, unpack

Collector = Any
PATIENCE = 10.0
"""Seconds that a test waits for what must happen."""


class Gate:
    """A writer that appends only once it is let."""

    def __init__(self) -> None:
        self.asked = threading.Event()
        self.let = threading.Event()
        self.appended: list[list[bytes]] = []
        self.closed = False
        self.answer: Callable[[Sequence[bytes]], list[bool]] = lambda records: [True] * len(records)

    def append(self, records: Sequence[bytes]) -> list[bool]:
        self.asked.set()
        assert self.let.wait(PATIENCE)
        self.appended.append(list(records))
        return self.answer(records)

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def gate() -> Gate:
    return Gate()


@pytest.fixture
def commit(gate: Gate) -> Any:
    made = GroupCommit(lambda _: gate)
    yield made
    gate.let.set()
    made.close()


def submission(number: int, *, events: int = 1, rejects: int = 0, size: int = 10) -> Submission:
    return Submission(
        f"key_{number}",
        "sk",
        "2026-01-15T10:00:00Z",
        events=[encode_json({"n": number, "x": "x" * size})] * events,
        rejects=[Rejection.of(b"x" * size, Reason.WRONG_TYPE)] * rejects,
    )


def until(happened: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.001)


def keys_in(records: Sequence[bytes]) -> list[str]:
    return [part.key_id for record in records for part in unpack(record)]


def test_no_answer_comes_before_the_append(
    collector: Collector, make_thumb: Any, commit: GroupCommit, gate: Gate
) -> None:
    client = create_app(keyring=KeyRing(collector.path), commit=commit).test_client()
    headers = {"Authorization": f"Bearer {collector.secrets['sk']}"}
    with ThreadPoolExecutor() as pool:
        answer = pool.submit(client.post, "/v1/events", json={"events": [make_thumb(1)]}, headers=headers)
        assert gate.asked.wait(PATIENCE)
        assert not answer.done()
        assert gate.appended == []
        gate.let.set()
        assert answer.result(PATIENCE).status_code == 200
    assert len(gate.appended) == 1


def test_a_refused_event_is_not_answered_before_it_is_kept_either(
    collector: Collector, commit: GroupCommit, gate: Gate
) -> None:
    client = create_app(keyring=KeyRing(collector.path), commit=commit).test_client()
    headers = {"Authorization": f"Bearer {collector.secrets['sk']}"}
    with ThreadPoolExecutor() as pool:
        single = pool.submit(client.post, "/v1/events", json={"events": [7]}, headers=headers)
        whole = pool.submit(client.post, "/v1/events", json=[], headers=headers)
        assert gate.asked.wait(PATIENCE)
        assert not single.done()
        assert not whole.done()
        gate.let.set()
        assert single.result(PATIENCE).json["results"][0]["status"] == "rejected"
        assert whole.result(PATIENCE).status_code == 400


def test_when_nothing_is_durable_the_request_is_503_and_says_when_to_come_back(
    collector: Collector, make_thumb: Any
) -> None:
    collector.logs["default"].full = True
    report = {"dropped": {"queue_full": 1}}
    for body in ({"events": [make_thumb(1)]}, {"events": [7]}, [], {"events": [], "report": report}):
        answer = collector.post(body)
        assert (answer.status_code, answer.json["error"]) == (503, "log_unavailable")
        assert int(answer.headers["Retry-After"]) > 0
    collector.logs["default"].full = False
    assert collector.post({"events": [make_thumb(1)]}).status_code == 200
    assert len(collector.parts()) == 1


def test_when_a_part_is_durable_the_rest_is_to_be_sent_again(
    collector: Collector, make_thumb: Any, commit: GroupCommit, gate: Gate
) -> None:
    client = create_app(keyring=KeyRing(collector.path), commit=commit).test_client()
    gate.let.set()
    gate.answer = lambda records: [place == 0 for place in range(len(records))]
    large = {"kind": "suggestion", "body": {"outcome": "edited", "final": "x" * 400_000}}
    body = {"events": [make_thumb(1), make_thumb(2, **large), make_thumb(3, **large), make_thumb(4, **large)]}
    answer = client.post(
        "/v1/events",
        data=gzip.compress(json.dumps(body).encode()),
        headers={
            "Authorization": f"Bearer {collector.secrets['sk']}",
            "Content-Type": "application/json",
            "Content-Encoding": "gzip",
        },
    )
    assert len(gate.appended[0]) == 2
    assert [result["status"] for result in answer.json["results"]] == [
        "accepted",
        "accepted",
        "accepted",
        "retry",
    ]


def test_requests_that_come_while_an_append_runs_go_into_the_next_one_together(
    commit: GroupCommit, gate: Gate
) -> None:
    with ThreadPoolExecutor(10) as pool:
        first = pool.submit(commit.submit, "p", submission(0))
        assert gate.asked.wait(PATIENCE)
        others = [pool.submit(commit.submit, "p", submission(number)) for number in range(1, 9)]
        until(lambda: len(commit._lanes["p"].waiting) == 8)
        gate.let.set()
        assert all(each.result(PATIENCE).events == [True] for each in [first, *others])
    assert [len(records) for records in gate.appended] == [1, 1]
    assert sorted(keys_in(gate.appended[1])) == [f"key_{number}" for number in range(1, 9)]


def test_more_than_the_bound_is_turned_away_at_once_and_what_waits_is_kept(gate: Gate) -> None:
    commit = GroupCommit(lambda _: gate, waiting_bytes=1000)
    with ThreadPoolExecutor(10) as pool:
        first = pool.submit(commit.submit, "p", submission(0))
        assert gate.asked.wait(PATIENCE)
        second = pool.submit(commit.submit, "p", submission(1, size=600))
        until(lambda: len(commit._lanes["p"].waiting) == 1)
        with pytest.raises(LogUnavailable, match="wait for the event log"):
            commit.submit("p", submission(2, size=600))
        gate.let.set()
        assert [each.result(PATIENCE).events for each in (first, second)] == [[True], [True]]
    commit.close()


def test_an_append_that_does_not_end_is_not_waited_for_and_what_waited_is_not_taken(gate: Gate) -> None:
    """Who leads it is held as long as the disk holds it; the others are told, and will send again."""
    commit = GroupCommit(lambda _: gate, answer_within=0.05)
    with ThreadPoolExecutor() as pool:
        first = pool.submit(commit.submit, "p", submission(1))
        assert gate.asked.wait(PATIENCE)
        with pytest.raises(LogUnavailable, match="did not answer"):
            commit.submit("p", submission(2))
        gate.let.set()
        assert first.result(PATIENCE).events == [True]
    assert commit.submit("p", submission(3)).events == [True]
    commit.close()
    assert [keys_in(records) for records in gate.appended] == [["key_1"], ["key_3"]]


def test_the_log_of_one_project_does_not_wait_for_that_of_another(gate: Gate) -> None:
    other = MemoryLog()
    commit = GroupCommit(lambda project: gate if project == "p" else other.writer())
    with ThreadPoolExecutor() as pool:
        held = pool.submit(commit.submit, "p", submission(1))
        assert gate.asked.wait(PATIENCE)
        assert commit.submit("q", submission(2)).events == [True]
        assert not held.done()
        gate.let.set()
        assert held.result(PATIENCE).events == [True]


def test_whoever_leads_each_submission_is_appended_once_and_told_its_own_fate() -> None:
    """Many threads at once: every receipt is for what that thread submitted, and nothing is left waiting."""
    appended: list[bytes] = []

    class Odd:
        """Keeps only the records in which no even number stands."""

        def append(self, records: Sequence[bytes]) -> list[bool]:
            appended.extend(records)
            return [not any(int(key[4:]) % 2 == 0 for key in keys_in([record])) for record in records]

        def close(self) -> None:
            pass

    commit = GroupCommit(lambda _: Odd())
    with ThreadPoolExecutor(16) as pool:
        receipts = list(pool.map(lambda n: commit.submit("p", submission(n)), range(1, 400)))
    assert sorted(keys_in(appended)) == sorted(f"key_{number}" for number in range(1, 400))
    together = {key: {*keys_in([record])} for record in appended for key in keys_in([record])}
    for number, receipt in enumerate(receipts, start=1):
        even = any(int(key[4:]) % 2 == 0 for key in together[f"key_{number}"])
        assert receipt.events == [not even]
    assert commit._bytes == 0
    commit.close()


def test_a_writer_that_fails_costs_its_own_group_and_nothing_after_it(
    gate: Gate, caplog: pytest.LogCaptureFixture
) -> None:
    attempts: list[str] = []

    def fail(records: Sequence[bytes]) -> list[bool]:
        raise RuntimeError("a bug")

    def open_gate(project: str) -> LogWriter:
        attempts.append(project)
        if len(attempts) == 1:
            raise LogError("not yet")
        return gate

    commit = GroupCommit(open_gate)
    gate.let.set()
    assert commit.submit("p", submission(1)).nothing
    gate.answer = fail
    assert commit.submit("p", submission(2)).nothing
    gate.answer = lambda records: [True] * len(records)
    assert commit.submit("p", submission(3)).events == [True]
    commit.close()
    assert "a bug" in caplog.text


def test_closing_writes_what_waits_closes_the_writers_and_refuses_the_rest(gate: Gate) -> None:
    commit = GroupCommit(lambda _: gate)
    with ThreadPoolExecutor() as pool:
        waiting = pool.submit(commit.submit, "p", submission(1))
        assert gate.asked.wait(PATIENCE)
        gate.let.set()
        commit.close()
        assert waiting.result(PATIENCE).events == [True]
    assert gate.closed
    with pytest.raises(LogUnavailable):
        commit.submit("p", submission(2))


def test_a_collector_has_no_thread_of_its_own_and_opens_no_log_before_the_first_request() -> None:
    def never(project: str) -> LogWriter:
        raise AssertionError(project)

    before = set(threading.enumerate())
    commit = GroupCommit(never)
    commit.close()
    assert set(threading.enumerate()) <= before


def test_it_is_ready_when_the_log_takes_records_and_asks_again_after_a_failure(
    collector: Collector, make_thumb: Any
) -> None:
    assert collector.client.get("/readyz").status_code == 200
    assert collector.parts() == []
    collector.logs["other"].full = True
    assert collector.post({"events": [make_thumb(1)]}, key="other").status_code == 503
    assert collector.client.get("/readyz").status_code == 503
    assert collector.client.get("/healthz").status_code == 200
    collector.logs["other"].full = False
    assert collector.client.get("/readyz").status_code == 200


def test_a_log_that_fails_while_nobody_sends_makes_it_unready_and_it_says_why(
    collector: Collector, make_thumb: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert collector.post({"events": [make_thumb(1)]}, key="other").status_code == 200
    collector.logs["other"].full = True
    assert collector.client.get("/readyz").status_code == 200  # a moment ago it worked
    monkeypatch.setattr("sayso_ingest.collector.group.TRUSTED_FOR", 0.0)
    answer = collector.client.get("/readyz")
    assert (answer.status_code, answer.text) == (
        503,
        "not ready: the event log could not be written: it is full\n",
    )
    collector.logs["other"].full = False
    assert collector.client.get("/readyz").status_code == 200


def test_nobody_who_asks_whether_it_is_ready_waits_for_an_append_where_the_last_one_failed() -> None:
    """An append to brokers that are away takes as long as it may, and those who send again begin the next one."""
    under_way, end = threading.Event(), threading.Event()

    class Away:
        def append(self, records: Sequence[bytes]) -> list[bool]:
            if under_way.is_set():
                return [True] * len(records)
            if end.is_set():
                end.clear()
                under_way.set()
                end.wait(10)
            return [False] * len(records)

        def problem(self) -> str:
            return ""

        def close(self) -> None:
            pass

    commit = GroupCommit(lambda _: Away())
    one = Submission("key_1", "sk", "2026-03-01T12:00:00Z", events=[b"{}"])
    assert commit.submit("p", one).nothing
    end.set()
    with ThreadPoolExecutor(1) as pool:
        sent = pool.submit(commit.submit, "p", one)
        assert under_way.wait(10)
        began = time.monotonic()
        assert commit.problem("p") == "what was appended last failed"
        assert time.monotonic() - began < 5
        end.set()
        assert sent.result(timeout=10).nothing
    assert commit.problem("p") == ""


def test_to_be_asked_again_and_again_whether_it_is_ready_leaves_no_record(
    collector: Collector, make_thumb: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sayso_ingest.collector.group.TRUSTED_FOR", 0.0)
    for _ in range(5):
        assert collector.client.get("/readyz").status_code == 200
    assert collector.logs["other"].reader().behind({}) == 1


def test_what_is_answered_over_sqlite_is_read_back_by_a_reader_of_its_own(
    collector: Collector, make_thumb: Any, tmp_path: Any
) -> None:
    commit = GroupCommit(lambda project: open_writer("sqlite", folder=tmp_path / project, project=project))
    client = create_app(keyring=KeyRing(collector.path), commit=commit).test_client()
    headers = {"Authorization": f"Bearer {collector.secrets['sk']}"}

    def send(number: int) -> int:
        return client.post("/v1/events", json={"events": [make_thumb(number)]}, headers=headers).status_code

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(send, range(100))) == [200] * 100
    reader = open_reader("sqlite", folder=tmp_path / "default", project="default")
    parts = [part for entry in reader.read({}, max_bytes=1 << 30) for part in unpack(entry.payload)]
    assert sorted(event["id"] for part in parts for event in part.events) == [
        make_thumb(number)["id"] for number in range(100)
    ]
    reader.close()
    commit.close()
