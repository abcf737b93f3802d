"""Batches are sent until every event is settled, with the pauses that the collector asks for."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sayso import Response, Result, TransportError
from sayso_ingest.backfill import Deliverer, Outcome, in_batches
from sayso_ingest.errors import SaysoError

A, B = b'{"id":"a"}', b'{"id":"b"}'


class Collector:
    """A transport with prepared answers: statuses of the events by turn, a response, or None for no answer."""

    def __init__(self, *answers: Sequence[str] | Response | None) -> None:
        self.answers = list(answers)
        self.sent: list[list[str]] = []
        self.slept: list[float] = []
        self.said: list[str] = []
        self.time = 0.0

    def send(self, batch: bytes, *, timeout: float) -> Response:
        ids = [event["id"] for event in json.loads(batch)["events"]]
        self.sent.append(ids)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if answer is None:
            raise TransportError("away")
        if isinstance(answer, Response):
            return answer
        words = [status.split() for status in answer]
        return Response(200, [Result(id, *word) for id, word in zip(ids, words, strict=True)])

    def close(self) -> None:
        pass

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.time += max(seconds, 1.0)

    def deliver(self, *events: bytes) -> list[Outcome]:
        return Deliverer(
            self, url="http://c", say=self.said.append, sleep=self.sleep, clock=lambda: self.time
        ).send(events)


def test_only_what_is_to_be_repeated_is_sent_again_and_the_order_is_kept() -> None:
    collector = Collector(["retry", "rejected wrong_type"], ["accepted"])
    assert collector.deliver(A, B) == [Outcome(True), Outcome(False, "wrong_type")]
    assert collector.sent == [["a", "b"], ["a"]]


@pytest.mark.parametrize("status", [429, 503])
def test_a_pause_that_the_collector_asks_for_is_kept(status: int) -> None:
    collector = Collector(Response(status, retry_after=7.0), ["accepted"])
    assert collector.deliver(A) == [Outcome(True)]
    assert collector.slept == [7.0]


def test_a_collector_that_is_away_for_a_while_is_waited_for() -> None:
    assert Collector(None, None, ["accepted"]).deliver(A) == [Outcome(True)]


def test_one_that_stays_away_is_said_at_once_and_given_up_soon_with_what_to_do() -> None:
    collector = Collector(None)
    with pytest.raises(SaysoError, match=r"http://c cannot be reached; given up .* Start it: sayso serve"):
        collector.deliver(A)
    assert collector.said == [
        "http://c cannot be reached; trying for 30 s. Ctrl-C is safe: run the same again."
    ]
    assert collector.time < 60


def test_one_that_answers_that_it_cannot_take_anything_now_is_waited_for_longer() -> None:
    collector = Collector(Response(503))
    with pytest.raises(SaysoError, match=r"takes nothing now; given up .* disk full"):
        collector.deliver(A)
    assert collector.time > 300


@pytest.mark.parametrize(
    ("status", "says"),
    [(401, "service key"), (403, "service key"), (404, "--url"), (200, "--url"), (413, "refused")],
)
def test_an_answer_that_no_waiting_changes_ends_it(status: int, says: str) -> None:
    with pytest.raises(SaysoError, match=says):
        Collector(Response(status)).deliver(A)


@given(st.lists(st.integers(0, 600_000), max_size=500))
def test_batches_hold_everything_in_order_within_the_limits_of_a_request(sizes: list[int]) -> None:
    batches = list(in_batches(sizes, size=lambda size: size))
    assert [size for batch in batches for size in batch] == sizes
    assert all(0 < len(batch) <= 200 for batch in batches)
    assert all(len(batch) == 1 or sum(batch) <= 900_000 for batch in batches)
