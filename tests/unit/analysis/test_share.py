"""Intervals of shares: of independent verdicts, and of those of people who give several."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sayso_ingest.analysis import wilson
from sayso_ingest.analysis.stats.bootstrap import cluster_bootstrap, weighted_mean
from sayso_ingest.analysis.stats.share import clustered_share, weigh_down
from statsmodels.stats.proportion import proportion_confint
from unit.analysis.crowd import loudness, opinions


@given(st.floats(0, 1), st.integers(1, 10_000))
def test_wilsons_interval_holds_the_share_and_stays_within_0_and_1(share: float, count: int) -> None:
    low, high = wilson(share, count)
    assert -1e-12 <= low <= share + 1e-9
    assert share - 1e-9 <= high <= 1 + 1e-12


@given(st.integers(0, 500), st.integers(1, 500))
def test_wilsons_interval_is_that_of_statsmodels(liked: int, more: int) -> None:
    ours = wilson(liked / (liked + more), liked + more)
    assert ours == pytest.approx(proportion_confint(liked, liked + more, method="wilson"), abs=1e-12)


@given(st.lists(st.booleans(), min_size=2, max_size=200))
def test_where_everybody_says_one_thing_the_interval_is_wilsons(said: list[bool]) -> None:
    liked = np.array(said, dtype=float)
    share = clustered_share(liked, np.ones(len(said)))
    assert share
    assert share.rate == pytest.approx(liked.mean())
    # The robust variance divides by n - 1, so that it may be surer than n verdicts by nothing.
    assert len(said) - 1 - 1e-6 <= share.effective <= len(said)


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(1, 9)), min_size=1, max_size=50))
def test_the_effective_size_is_never_more_than_the_verdicts(said: list[tuple[int, int]]) -> None:
    liked = np.array([min(pair) for pair in said], dtype=float)
    verdicts = np.array([pair[1] for pair in said], dtype=float)
    share = clustered_share(liked, verdicts)
    assert share
    assert 0 < share.effective <= max(share.verdicts, share.people) + 1e-9
    assert 0 <= share.low <= share.rate + 1e-9 <= share.high + 2e-9 <= 1 + 3e-9


def test_nobody_has_no_share() -> None:
    assert clustered_share(np.zeros(3), np.zeros(3)) is None


def test_one_person_counts_as_one_however_often_they_speak() -> None:
    share = clustered_share(np.array([5.0]), np.array([5.0]))
    assert share
    assert (share.low, share.high) == wilson(1, 1)


def test_a_person_counts_for_five_verdicts_at_most() -> None:
    assert weigh_down(np.array([0.0, 1, 5, 10, 1000])).tolist() == [0, 1, 1, 0.5, 0.005]


@pytest.mark.parametrize(("people", "rate"), [(60, 0.7), (300, 0.7), (300, 0.9), (1000, 0.3)])
def test_the_interval_holds_the_truth_19_times_of_20_though_some_are_loud(people: int, rate: float) -> None:
    random = np.random.default_rng(people)
    held = []
    for _ in range(800):
        verdicts = loudness(random, people).astype(float)
        liked = random.binomial(verdicts.astype(int), opinions(random, people, rate)).astype(float)
        weight = weigh_down(verdicts)
        share = clustered_share(liked * weight, verdicts * weight)
        assert share
        held.append(share.low <= rate <= share.high)
    assert 0.93 <= np.mean(held) <= 0.97


def test_an_interval_that_takes_verdicts_for_independent_fails_in_that_crowd() -> None:
    random = np.random.default_rng(1)
    held = []
    for _ in range(200):
        verdicts = loudness(random, 300)
        liked = random.binomial(verdicts, opinions(random, 300, 0.7))
        low, high = wilson(liked.sum() / verdicts.sum(), verdicts.sum())
        held.append(low <= 0.7 <= high)
    assert np.mean(held) < 0.7


def test_the_bootstrap_by_person_holds_the_truth_19_times_of_20() -> None:
    random = np.random.default_rng(2)
    held = []
    for round in range(250):
        verdicts = random.geometric(0.4, 80)
        values = random.binomial(1, np.repeat(opinions(random, 80, 0.6), verdicts)).astype(float)
        people = np.repeat(np.arange(80), verdicts)
        low, high = cluster_bootstrap(weighted_mean(values), people, draws=200, seed=round)
        held.append(low <= 0.6 <= high)
    assert 0.92 <= np.mean(held) <= 0.98


def test_the_bootstrap_of_nothing_is_no_number() -> None:
    low, high = cluster_bootstrap(weighted_mean(np.zeros(0)), np.zeros(0, dtype=int))
    assert np.isnan(low)
    assert np.isnan(high)
