"""What a response means for the events of a batch."""

from __future__ import annotations

import pytest
from sayso.fate import Fate, decide
from sayso.response import Response, Result

IDS = ["a", "b", "c"]


def test_each_event_gets_its_own_result() -> None:
    results = [Result("c", "retry"), Result("A", "accepted"), Result("b", "rejected", "wrong_type")]
    assert decide(IDS, Response(200, results)) == Fate(
        delivered=["a"], rejected={"wrong_type": ["b"]}, again=["c"], slow_down=True
    )


def test_what_an_answer_does_not_name_is_sent_again() -> None:
    assert decide(IDS, Response(200, [Result("a", "accepted")])).again == ["b", "c"]


def test_a_word_that_is_not_known_yet_means_durable() -> None:
    assert decide(["a"], Response(202, [Result("a", "stored_elsewhere")])).delivered == ["a"]


def test_a_2xx_that_cannot_be_read_is_not_believed() -> None:
    assert decide(IDS, Response(200, None)) == Fate(again=IDS, slow_down=True)


@pytest.mark.parametrize("response", [None, Response(503), Response(429), Response(302)])
def test_no_answer_and_overload_keep_everything(response: Response | None) -> None:
    assert decide(IDS, response) == Fate(again=IDS, slow_down=True)


def test_a_batch_that_is_too_large_is_split_and_a_single_event_is_dropped() -> None:
    assert decide(IDS, Response(413)) == Fate(split=True)
    assert decide(["a"], Response(413)) == Fate(dropped={"http_413": ["a"]})


@pytest.mark.parametrize(
    ("status", "slow"), [(400, False), (404, False), (415, False), (401, True), (403, True)]
)
def test_a_refused_batch_is_dropped_under_its_status_and_a_refused_key_slows_down(
    status: int, slow: bool
) -> None:
    assert decide(IDS, Response(status)) == Fate(dropped={f"http_{status}": IDS}, slow_down=slow)
