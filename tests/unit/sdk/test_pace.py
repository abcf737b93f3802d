"""When the next attempt may be made."""

from __future__ import annotations

from sayso.pace import Pace
from sayso.retry import LONGEST


def test_a_failure_pauses_and_a_success_ends_the_series() -> None:
    pace = Pace()
    pace.after(100.0, slow_down=True, asked=0.0)
    pace.after(100.0, slow_down=True, asked=0.0)
    assert pace.failures == 2
    assert 100.0 <= pace.pause_until <= 100.0 + LONGEST
    pace.after(200.0, slow_down=False, asked=0.0)
    assert pace.failures == 0
    assert pace.pause_until <= 200.0


def test_a_pause_that_the_collector_asks_for_outlasts_our_own() -> None:
    pace = Pace()
    pace.after(100.0, slow_down=True, asked=300.0)
    assert pace.pause_until == 400.0


def test_a_flush_ends_our_own_pause_and_not_the_one_that_the_collector_asked_for() -> None:
    pace = Pace(backoff_until=500.0)
    pace.soon(7)
    assert (pace.hurry, pace.pause_until) == (7, 0.0)
    pace = Pace(backoff_until=500.0, asked_until=400.0)
    pace.soon(7)
    assert pace.pause_until == 400.0


def test_the_last_chance_waits_for_nothing() -> None:
    pace = Pace(failures=3, backoff_until=500.0, asked_until=400.0)
    pace.last_chance(9)
    assert (pace.hurry, pace.failures, pace.pause_until) == (9, 0, 0.0)
