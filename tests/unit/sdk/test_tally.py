"""What is counted, and what the collector is told."""

from __future__ import annotations

from sayso.tally import Tally


def test_a_report_says_all_that_was_lost_so_far_until_the_collector_has_heard_of_it() -> None:
    tally = Tally()
    assert tally.report is None
    tally.drop({"queue_full": 2})
    first = tally.report
    tally.drop({"queue_full": 1, "too_old": 3, "closed": 0})
    assert first == {"queue_full": 2}
    tally.reported(first)
    second = tally.report
    assert second == {"queue_full": 3, "too_old": 3}
    tally.reported(second)
    assert tally.report is None
    assert tally.stats(waiting=0).dropped == {"queue_full": 3, "too_old": 3}


def test_what_the_collector_rejected_it_knows_already() -> None:
    tally = Tally()
    tally.drop({"wrong_type": 1}, report=False)
    assert tally.report is None
    assert tally.stats(waiting=0).dropped == {"wrong_type": 1}


def test_two_clients_are_told_apart_in_their_reports() -> None:
    assert Tally().client != Tally().client
