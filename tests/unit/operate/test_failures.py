"""The rules by which a child is started again or given up."""

from __future__ import annotations

from sayso_ingest.operate.child import (
    GIVE_UP_AFTER,
    LONGEST_WAIT,
    LONGEST_WAIT_AFTER_HEALTH,
    STEADY,
    Failures,
)


def after(*healthy_for: float | None) -> Failures:
    failures = Failures()
    for seconds in healthy_for:
        failures = failures.after(seconds)
    return failures


def test_five_ends_before_it_was_healthy_are_hopeless_and_four_are_not() -> None:
    assert not after(*[None] * (GIVE_UP_AFTER - 1)).hopeless
    assert after(*[None] * GIVE_UP_AFTER).hopeless


def test_a_child_that_was_healthy_once_is_never_given_up() -> None:
    assert not after(None, None, None, None, 1.0, *[None] * 20).hopeless


def test_a_child_that_keeps_becoming_healthy_is_never_given_up() -> None:
    assert not after(*[1.0] * 100).hopeless


def test_every_end_in_a_row_doubles_the_wait_up_to_a_longest_one() -> None:
    waits = [after(*[None] * n).wait for n in range(1, 12)]
    assert waits[:4] == [0.2, 0.4, 0.8, 1.6]
    assert waits[-1] == LONGEST_WAIT


def test_a_child_that_was_healthy_waits_no_longer_than_a_second() -> None:
    assert after(*[1.0] * 20).wait == LONGEST_WAIT_AFTER_HEALTH


def test_a_minute_of_health_makes_the_wait_short_again() -> None:
    assert after(*[1.0] * 10, STEADY).wait == after(1.0).wait


def test_nothing_waits_before_the_first_start() -> None:
    assert Failures().wait == 0
