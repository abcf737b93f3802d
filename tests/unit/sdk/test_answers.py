"""What an answer means for the events of a batch."""

from __future__ import annotations

import pytest
from sayso.answers import Outcome, Response, Result, parse, read

IDS = ["a", "b", "c"]


def test_each_event_gets_its_own_result() -> None:
    results = [Result("c", "retry"), Result("A", "accepted"), Result("b", "rejected", "wrong_type")]
    assert read(IDS, Response(200, results)) == Outcome(
        delivered=["a"], rejected={"wrong_type": ["b"]}, again=["c"], slow_down=True
    )


def test_what_an_answer_does_not_name_is_sent_again() -> None:
    assert read(IDS, Response(200, [Result("a", "accepted")])).again == ["b", "c"]


def test_a_word_that_is_not_known_yet_means_durable() -> None:
    assert read(["a"], Response(202, [Result("a", "stored_elsewhere")])).delivered == ["a"]


def test_a_2xx_that_cannot_be_read_is_not_believed() -> None:
    assert read(IDS, Response(200, None)) == Outcome(again=IDS, slow_down=True)


@pytest.mark.parametrize("response", [None, Response(503), Response(429), Response(302)])
def test_no_answer_and_overload_keep_everything(response: Response | None) -> None:
    assert read(IDS, response) == Outcome(again=IDS, slow_down=True)


def test_a_batch_that_is_too_large_is_split_and_a_single_event_is_dropped() -> None:
    assert read(IDS, Response(413)) == Outcome(split=True)
    assert read(["a"], Response(413)) == Outcome(dropped={"http_413": ["a"]})


@pytest.mark.parametrize(
    ("status", "slow"), [(400, False), (404, False), (415, False), (401, True), (403, True)]
)
def test_a_refused_batch_is_dropped_under_its_status_and_a_refused_key_slows_down(
    status: int, slow: bool
) -> None:
    assert read(IDS, Response(status)) == Outcome(dropped={f"http_{status}": IDS}, slow_down=slow)


@pytest.mark.parametrize("answer", [None, [], "ok", {}, {"results": None}, {"results": {"id": "a"}}])
def test_what_no_collector_says_is_not_read(answer: object) -> None:
    assert parse(answer) is None


def test_single_results_that_make_no_sense_are_passed_over() -> None:
    answer = {
        "results": [None, {"id": 3, "status": "accepted"}, {"id": "a", "status": "rejected", "reason": 7}]
    }
    assert parse(answer) == [Result("a", "rejected", None)]


def test_a_reason_has_no_length_of_its_own_choice() -> None:
    (result,) = parse({"results": [{"id": "a", "status": "rejected", "reason": "x" * 1000}]}) or ()
    assert result.reason == "x" * 64
