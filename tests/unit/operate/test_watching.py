"""Whether a lander does its work, judged by what it counts."""

from __future__ import annotations

from collections.abc import Mapping

from sayso_ingest.metrics.table import FAILURES, ROUND, Row
from sayso_ingest.operate.watching import lander_problems

NOW = 1_000_000.0


def problems(round_at: float | None, failures: Mapping[str, float]) -> list[str]:
    values: dict[Row, Mapping[str, float]] = {
        ROUND: {} if round_at is None else {"": round_at},
        FAILURES: failures,
    }
    return lander_problems(values.__getitem__, now=lambda: NOW)


def test_a_lander_is_ready_that_went_through_its_projects_just_now_and_failed_at_none() -> None:
    assert problems(NOW - 59, {"shop": 0}) == []


def test_one_that_has_not_begun_or_has_stopped_is_not_ready() -> None:
    assert problems(None, {}) == ["the lander has not gone through its projects yet"]
    assert problems(NOW - 61, {}) == ["the lander has not gone through its projects for 61 s"]


def test_each_project_that_fails_is_named() -> None:
    [one] = problems(NOW, {"shop": 3, "other": 0})
    assert one.startswith("landing project shop failed 3 times")
