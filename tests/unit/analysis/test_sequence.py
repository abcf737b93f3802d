"""Intervals that hold however often one looks, and how many people it takes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sayso_ingest.analysis.stats.sequence import (
    Grown,
    confidence_sequence,
    detectable,
    people_needed,
    sequence_width,
)

LOOKS = np.linspace(100, 20_000, 199).astype(int)


def shares_at_each_look(random: np.random.Generator, rate: float, *, tries: int) -> np.ndarray:
    """How much of all verdicts so far is liked, (tries, looks)."""
    steps = np.diff(LOOKS, prepend=0)
    return random.binomial(steps, rate, (tries, len(steps))).cumsum(axis=1) / LOOKS


def ever_excludes_zero(a: np.ndarray, b: np.ndarray, width: np.ndarray | float) -> np.ndarray:
    variance = (a * (1 - a) + b * (1 - b)) / LOOKS
    return (np.abs(b - a) > width * np.sqrt(variance)).any(axis=1)


def test_looking_199_times_gives_at_most_5_false_alarms_of_100() -> None:
    random = np.random.default_rng(0)
    a, b = (shares_at_each_look(random, 0.7, tries=2000) for _ in range(2))
    widths = np.array([sequence_width(float(size)) for size in LOOKS])
    assert ever_excludes_zero(a, b, widths).mean() <= 0.05
    assert ever_excludes_zero(a, b, 1.96).mean() > 0.3  # what one who looks each day gets otherwise


def test_a_difference_of_four_points_is_found_nearly_always() -> None:
    random = np.random.default_rng(1)
    a, b = (shares_at_each_look(random, rate, tries=1000) for rate in (0.7, 0.74))
    widths = np.array([sequence_width(float(size)) for size in LOOKS])
    assert ever_excludes_zero(a, b, widths).mean() > 0.97


@given(st.floats(100, 10_000))
def test_from_a_tenth_to_ten_times_the_planned_size_looking_often_costs_less_than_twice_the_width(
    size: float,
) -> None:
    assert 1.96 < sequence_width(size) < 2 * 1.96


def test_with_no_verdicts_the_interval_says_nothing() -> None:
    found = confidence_sequence(0.0, 0.0, 0.0)
    assert (found.low, found.high, found.farthest) == (-1, 1, 1)
    assert detectable(0.0, 0.0) == 1


@given(st.floats(20, 5000), st.floats(20, 5000), st.floats(0.02, 0.3))
def test_with_the_people_that_are_needed_the_difference_is_detectable(
    one: float, other: float, difference: float
) -> None:
    sides = [Grown(people, 0.21 / people, people) for people in (one, other)]
    more = people_needed(*sides, difference)
    grown = [side.more(more) for side in sides]
    effective = 2 / sum(1 / side.effective for side in grown)
    assert detectable(sum(side.variance for side in grown), effective) <= difference + 1e-9
    if more > 0:
        fewer = [side.more(more - 1) for side in sides]
        effective = 2 / sum(1 / side.effective for side in fewer)
        assert detectable(sum(side.variance for side in fewer), effective) > difference


def test_the_needed_people_find_the_difference_about_80_times_of_100() -> None:
    start = Grown(100, 0.25 / 100, 100)
    people = 100 + people_needed(start, start, 0.08)
    random = np.random.default_rng(2)
    a, b = (random.binomial(people, rate, 4000) / people for rate in (0.46, 0.54))
    wide = sequence_width(float(people)) * np.sqrt((a * (1 - a) + b * (1 - b)) / people)
    assert np.mean(b - a > wide) == pytest.approx(0.8, abs=0.03)
