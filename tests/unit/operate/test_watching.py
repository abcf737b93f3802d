"""Whether a lander does its work, judged by what it counts."""

from __future__ import annotations

from collections.abc import Mapping

from sayso_ingest.metrics.table import FAILED, FAILURES, ROUND, Row
from sayso_ingest.operate.watching import lander_problems

NOW = 1_000_000.0


def problems(round_at: float | None, failures: Mapping[str, float]) -> list[str]:
    values: dict[Row, Mapping[tuple[str, ...], float]] = {
        ROUND: {} if round_at is None else {(): round_at},
        FAILURES: {(project,): n for project, n in failures.items()},
        FAILED: {("shop", "LogGap"): 1.0, ("shop", "LogUnavailable"): 2.0, ("other", "KeyError"): 3.0},
    }
    return lander_problems(values.__getitem__, now=lambda: NOW)


def test_a_lander_is_ready_that_went_through_its_projects_just_now_and_failed_at_none() -> None:
    assert problems(NOW - 59, {"shop": 0}) == []


def test_one_that_has_not_begun_or_has_stopped_is_not_ready() -> None:
    assert problems(None, {}) == ["the lander has not gone through its projects yet"]
    assert problems(NOW - 61, {}) == ["the lander has not gone through its projects for 61 s"]


def test_each_project_that_fails_is_named() -> None:
    [one] = problems(NOW, {"shop": 3, "other": 0})
    assert one == (
        "landing project shop failed 3 times in a row: LogUnavailable. The event log cannot be written or read now. "
        "`sayso doctor` says more"
    )


def test_an_error_that_nobody_expected_is_named_too() -> None:
    assert "KeyError. It was none that is expected." in problems(NOW, {"other": 1})[0]


def test_a_first_failure_that_is_written_down_while_it_is_looked_at_is_named_or_not_there() -> None:
    """The lander writes the kind before the number, so that is read after."""
    written: list[Row] = []

    def value(row: Row) -> Mapping[tuple[str, ...], float]:
        if row is ROUND:
            return {(): NOW}
        if not written:  # between this look and the next
            written.extend((FAILED, FAILURES))
            return {}
        return {FAILED: {("shop", "LogGap"): 1.0}, FAILURES: {("shop",): 1.0}}[row]

    assert lander_problems(value, now=lambda: NOW) == []
