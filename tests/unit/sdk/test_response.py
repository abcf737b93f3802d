"""What comes back from a collector, and from what is none."""

from __future__ import annotations

import pytest
from sayso.response import Result, parse


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
