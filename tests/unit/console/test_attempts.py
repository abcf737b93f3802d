"""How often a password may be wrong."""

from __future__ import annotations

from sayso_ingest.console.attempts import IN_ALL, PER_NAME, Attempts


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_name_has_a_few_attempts_at_once_then_one_now_and_then() -> None:
    clock = Clock()
    attempts = Attempts(clock=clock)
    assert [attempts.wait("ana") for _ in range(PER_NAME.at_once)] == [0] * PER_NAME.at_once
    assert attempts.wait("ana") == 30
    clock.now += 29.5
    assert attempts.wait("ana") == 1
    clock.now += 0.5
    assert attempts.wait("ana") == 0
    assert attempts.wait("ana") == 30


def test_waiting_costs_nothing_and_another_name_is_not_held_up() -> None:
    clock = Clock()
    attempts = Attempts(clock=clock)
    for _ in range(1000):
        attempts.wait("ana")
    assert attempts.wait("ben") == 0


def test_all_names_together_are_held_up_too() -> None:
    clock = Clock()
    attempts = Attempts(clock=clock)
    assert sum(attempts.wait(f"name {n}") == 0 for n in range(10_000)) == IN_ALL.at_once
    assert attempts.wait("ana") == 1
    clock.now += 1
    assert attempts.wait("ana") == 0


def test_a_right_password_gives_its_attempt_back() -> None:
    attempts = Attempts(clock=Clock())
    for _ in range(1000):
        assert attempts.wait("ana") == 0
        attempts.give_back("ana")


def test_a_day_of_guessing_names_leaves_few_in_memory() -> None:
    clock = Clock()
    attempts = Attempts(clock=clock)
    most = 0
    for number in range(20_000):
        attempts.wait(f"name {number}")
        clock.now += 0.5
        most = max(most, attempts.held)
    assert most <= IN_ALL.at_once + PER_NAME.refilled_after / IN_ALL.every
