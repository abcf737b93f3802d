"""What is counted, and what the collector is told."""

from __future__ import annotations

from sayso.tally import Tally


def test_what_was_reported_is_not_reported_again_and_what_came_later_is() -> None:
    tally = Tally()
    tally.drop({"queue_full": 2})
    report = dict(tally.unreported)
    tally.drop({"queue_full": 1, "too_old": 3, "closed": 0})
    tally.reported(report)
    assert tally.unreported == {"queue_full": 1, "too_old": 3}
    assert tally.stats(waiting=0).dropped == {"queue_full": 3, "too_old": 3}


def test_what_the_collector_rejected_it_knows_already() -> None:
    tally = Tally()
    tally.drop({"wrong_type": 1}, report=False)
    assert not tally.unreported
    assert tally.stats(waiting=0).dropped == {"wrong_type": 1}


def test_each_reason_is_said_once() -> None:
    tally = Tally()
    assert [tally.first(reason) for reason in ("a", "a", "b", "a")] == [True, False, True, False]
