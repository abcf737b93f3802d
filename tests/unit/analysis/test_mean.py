"""Means of shares and grades: their interval is Wilson's where it can be, and never leaves 0 to 1."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sayso_ingest.analysis import wilson
from sayso_ingest.analysis.stats.mean import mean_of
from scipy import stats

GRADES = st.lists(st.floats(0, 1), min_size=1, max_size=60)


@given(GRADES)
def test_the_interval_holds_the_mean_and_stays_within_0_and_1(values: list[float]) -> None:
    mean = mean_of(values)
    assert mean
    assert 0 <= mean.low <= mean.value <= mean.high <= 1
    assert mean.count == len(values)
    assert mean.value == pytest.approx(sum(values) / len(values), abs=1e-9)


@given(GRADES, st.randoms())
def test_the_order_of_values_changes_nothing(values: list[float], random: object) -> None:
    mixed = list(values)
    random.shuffle(mixed)  # type: ignore[attr-defined] - a random.Random
    one, other = mean_of(values), mean_of(mixed)
    assert one
    assert other
    assert (other.value, other.low, other.high) == pytest.approx((one.value, one.low, one.high), abs=1e-6)


@given(st.lists(st.sampled_from([0.0, 1.0]), min_size=1, max_size=200))
def test_what_is_right_or_wrong_has_wilsons_interval(values: list[float]) -> None:
    mean = mean_of(values)
    assert mean
    assert (mean.low, mean.high) == pytest.approx(wilson(sum(values) / len(values), len(values)), abs=1e-12)


def test_none_have_no_mean() -> None:
    assert mean_of([]) is None


def test_grades_that_are_all_the_same_are_no_surer_than_shares() -> None:
    mean = mean_of([0.75] * 4)
    assert mean
    assert (mean.low, mean.high) == pytest.approx(wilson(0.75, 4))


def test_many_grades_have_the_interval_of_the_mean() -> None:
    values = np.random.default_rng(1).beta(4, 3, 4000)
    mean = mean_of(values.tolist())
    low, high = stats.t.interval(0.95, len(values) - 1, values.mean(), stats.sem(values))
    assert mean
    assert (mean.low, mean.high) == pytest.approx((low, high), abs=2e-4)


@pytest.mark.parametrize(("a", "b", "count"), [(4, 2, 30), (1, 1, 12), (8, 2, 60), (0.5, 0.5, 40)])
def test_95_of_100_intervals_hold_the_true_mean(a: float, b: float, count: int) -> None:
    random = np.random.default_rng(7)
    held = 0
    for _ in range(2000):
        mean = mean_of(random.beta(a, b, count).tolist())
        assert mean
        held += mean.low <= a / (a + b) <= mean.high
    assert 0.93 <= held / 2000 <= 0.97
