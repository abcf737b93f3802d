"""Differences of two shares: their intervals, and the mix of topics taken out."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sayso_ingest.analysis.stats.cells import Cells
from sayso_ingest.analysis.stats.difference import (
    corrected_difference,
    correlation,
    differences_by_stratum,
    newcombe,
)
from sayso_ingest.analysis.stats.share import Share, clustered_share
from sayso_ingest.analysis.stats.wilson import wilson
from statsmodels.stats.proportion import confint_proportions_2indep
from unit.analysis.crowd import crowd


def independent(liked: int, count: int) -> Share:
    rate = liked / count
    return Share(count, count, rate, rate * (1 - rate) / count, count, *wilson(rate, count))


def one_verdict_each(groups: np.ndarray, strata: np.ndarray, liked: np.ndarray) -> Cells:
    return Cells(groups, strata, np.arange(len(groups)), liked.astype(float), np.ones(len(groups)))


@given(st.integers(0, 60), st.integers(1, 60), st.integers(0, 60), st.integers(1, 60))
def test_newcombes_interval_is_that_of_statsmodels(a: int, more_a: int, b: int, more_b: int) -> None:
    ours = newcombe(independent(a, a + more_a), independent(b, b + more_b))
    theirs = confint_proportions_2indep(b, b + more_b, a, a + more_a, method="newcomb", compare="diff")
    assert (ours.low, ours.high) == pytest.approx(theirs, abs=1e-9)


def test_the_same_people_in_both_groups_make_the_difference_surer() -> None:
    cells = crowd(np.random.default_rng(0), people=400, rates=(0.6, 0.7), in_both=True).weighed()
    a, b = (clustered_share(*cells.by_person(group)) for group in (0, 1))
    assert a
    assert b
    together = correlation(cells, a, b)
    assert 0.1 < together < 1
    apart, tied = newcombe(a, b), newcombe(a, b, correlation=together)
    assert tied.high - tied.low < apart.high - apart.low


@pytest.mark.parametrize("in_both", [False, True])
def test_the_interval_of_a_difference_holds_the_truth_19_times_of_20_though_some_are_loud(
    in_both: bool,
) -> None:
    random = np.random.default_rng(3)
    held = []
    for _ in range(500):
        cells = crowd(random, people=150, rates=(0.7, 0.75), in_both=in_both).weighed()
        a, b = (clustered_share(*cells.by_person(group)) for group in (0, 1))
        assert a
        assert b
        interval = newcombe(a, b, correlation=correlation(cells, a, b))
        held.append(interval.low <= 0.05 <= interval.high)
    assert 0.93 <= np.mean(held) <= 0.97


@pytest.mark.parametrize("strata", [1, 12])
def test_the_variance_of_a_corrected_difference_is_that_of_many_draws(strata: int) -> None:
    random = np.random.default_rng(4)
    drawn = [
        corrected_difference(crowd(random, people=120, rates=(0.7, 0.75), strata=strata).weighed())
        for _ in range(400)
    ]
    found = [one for one in drawn if one]
    actual = np.var([one.difference for one in found])
    assert np.mean([one.variance for one in found]) == pytest.approx(actual, rel=0.15)
    assert np.mean([one.difference for one in found]) == pytest.approx(0.05, abs=0.01)


def test_a_mix_of_topics_that_changes_makes_no_difference() -> None:
    """Each version is liked alike on each topic; the second was asked more about the topic that nobody likes."""
    groups = np.repeat([0, 1], 2000)
    hard = np.concatenate([np.arange(2000) % 10 < 2, np.arange(2000) % 10 < 7]).astype(int)
    random = np.random.default_rng(5)
    liked = random.random(4000) < np.where(hard, 0.3, 0.9)
    cells = one_verdict_each(groups, hard, liked)
    counted, corrected = corrected_difference(replace(cells, stratum=hard * 0)), corrected_difference(cells)
    assert counted
    assert corrected
    assert counted.difference < -0.2
    assert abs(corrected.difference) < 3 * corrected.variance**0.5


def test_strata_are_weighed_as_mantel_and_haenszel_do() -> None:
    random = np.random.default_rng(6)
    groups, strata = random.integers(0, 2, 600), random.integers(0, 4, 600)
    liked = random.random(600) < 0.4 + 0.1 * groups + 0.1 * strata
    found = corrected_difference(one_verdict_each(groups, strata, liked))
    assert found
    by_hand, weights = 0.0, 0.0
    for stratum in range(4):
        a, b = (liked[(groups == group) & (strata == stratum)] for group in (0, 1))
        weight = len(a) * len(b) / (len(a) + len(b))
        by_hand, weights = by_hand + weight * (b.mean() - a.mean()), weights + weight
    assert found.difference == pytest.approx(by_hand / weights)


def test_strata_of_one_group_alone_are_left_out_and_said() -> None:
    groups = np.repeat([0, 1], 100)
    strata = np.concatenate([np.zeros(100), np.repeat([0, 1], 50)]).astype(int)
    found = corrected_difference(one_verdict_each(groups, strata, np.ones(200)))
    assert found
    assert found.compared == pytest.approx(0.75)


def test_without_a_common_stratum_there_is_no_corrected_difference() -> None:
    groups = np.repeat([0, 1], 50)
    assert corrected_difference(one_verdict_each(groups, groups, np.ones(100))) is None


def test_a_difference_of_none_is_not_certain_though_everybody_liked_all() -> None:
    found = corrected_difference(
        one_verdict_each(np.repeat([0, 1], 30), np.zeros(60, dtype=int), np.ones(60))
    )
    assert found
    assert found.difference == 0
    assert found.variance > 0


def test_each_topic_with_enough_people_has_a_difference_of_its_own() -> None:
    random = np.random.default_rng(7)
    groups, strata = np.tile([0, 1], 600), np.repeat([0, 1, 2], 400)
    strata[-3:] = 3  # of three people
    liked = random.random(1200) < np.where((strata == 1) & (groups == 1), 0.3, 0.8)
    found = differences_by_stratum(one_verdict_each(groups, strata, liked))
    assert [one.stratum for one in found] == [0, 1, 2]
    assert [one.p < 0.001 for one in found] == [False, True, False]
    assert found[1].interval.high < 0
