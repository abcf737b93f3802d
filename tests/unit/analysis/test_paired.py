"""Two ways to answer the same cases: differences, how sure they are, and what would have been found."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st
from sayso_ingest.analysis.stats.clustered import clustered_mean
from sayso_ingest.analysis.stats.paired import (
    SURE,
    Paired,
    compare_paired,
    mcnemar,
    newcombe_paired,
)
from sayso_ingest.analysis.stats.several import family_wise
from statsmodels.stats.contingency_tables import mcnemar as their_mcnemar
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.power import TTestPower
from statsmodels.stats.proportion import confint_proportions_2indep

SCORE = st.one_of(st.sampled_from([0.0, 1.0]), st.floats(0, 1))
PAIRS = st.lists(st.tuples(SCORE, SCORE, st.integers(0, 7)), min_size=2, max_size=60)
WHOLE = st.lists(st.tuples(*[st.sampled_from([0.0, 1.0])] * 2), min_size=2, max_size=60)


def compared(pairs: list[tuple[float, float, int]], *, at_once: int = 1) -> Paired:
    a, b, topics = zip(*pairs, strict=True)
    found = compare_paired(a, b, topics=topics, at_once=at_once)
    assert found
    return found


@given(PAIRS)
def test_the_other_way_round_the_difference_is_the_opposite_and_as_sure(
    pairs: list[tuple[float, float, int]],
) -> None:
    one, other = compared(pairs), compared([(b, a, topic) for a, b, topic in pairs])
    assert one.difference == pytest.approx(-other.difference, abs=1e-12)
    assert one.interval.low == pytest.approx(-other.interval.high, abs=1e-9)
    assert (one.p, one.wins, one.losses) == (pytest.approx(other.p, abs=1e-9), other.losses, other.wins)


@given(PAIRS, st.randoms(use_true_random=False))
def test_the_order_of_cases_does_not_matter(pairs: list[tuple[float, float, int]], random: object) -> None:
    shuffled = sorted(pairs, key=lambda _: random.random())  # type: ignore[attr-defined]
    one, other = compared(pairs), compared(shuffled)
    assert one.difference == pytest.approx(other.difference, abs=1e-12)
    assert one.interval.low == pytest.approx(other.interval.low, abs=1e-9)
    assert one.p == pytest.approx(other.p, abs=1e-9)


@given(PAIRS, st.integers(1, 20))
def test_intervals_hold_their_figures_and_are_wider_for_several_at_once(
    pairs: list[tuple[float, float, int]], several: int
) -> None:
    found = compared(pairs)
    wider = compared(pairs, at_once=several)
    assert -1 <= wider.interval.low <= found.interval.low + 1e-9
    assert found.interval.low <= found.difference + 1e-9 <= found.interval.high + 2e-9
    assert found.interval.high <= wider.interval.high + 1e-9 <= 1 + 2e-9
    for side in (found.a, found.b):
        assert 0 <= side.low <= side.mean + 1e-9 <= side.high + 2e-9 <= 1 + 3e-9
    assert found.wins + found.losses + found.ties == found.cases


@given(PAIRS)
def test_equal_weights_change_no_figure(pairs: list[tuple[float, float, int]]) -> None:
    a, b, topics = zip(*pairs, strict=True)
    weighed = compare_paired(a, b, topics=topics, weights=[0.25] * len(a))
    plain = compared(pairs)
    assert weighed
    assert weighed.difference == pytest.approx(plain.difference, abs=1e-12)
    assert weighed.error == pytest.approx(plain.error, abs=1e-12)
    assert weighed.freedom == pytest.approx(plain.freedom)


@given(st.integers(0, 60), st.integers(0, 60))
def test_the_exact_test_is_that_of_statsmodels(wins: int, losses: int) -> None:
    theirs = their_mcnemar([[10, wins], [losses, 10]], exact=True).pvalue if wins + losses else 1.0
    assert mcnemar(wins, losses) == pytest.approx(theirs, abs=1e-12)


@pytest.mark.parametrize("count", [1, 2, 9, 40])
def test_the_correction_for_several_is_holms_as_in_statsmodels(count: int) -> None:
    p = list(np.random.default_rng(count).random(count) ** 3)
    assert family_wise(p) == pytest.approx(list(multipletests(p, method="holm")[1]), abs=1e-12)


@given(st.integers(5, 12), st.integers(2, 9), st.integers(0, 10_000))
def test_for_topics_of_one_size_the_error_is_the_clustered_one_of_statsmodels(
    topics: int, size: int, seed: int
) -> None:
    random = np.random.default_rng(seed)
    groups = np.repeat(np.arange(topics), size)
    values = random.normal(size=topics * size) + random.normal(size=topics)[groups]
    ours = clustered_mean(values, groups)
    theirs = sm.OLS(values, np.ones(len(values))).fit(cov_type="cluster", cov_kwds={"groups": groups})
    # Theirs is times (n - 1) / (n - 1) as well, for the one coefficient.
    assert ours.variance == pytest.approx(float(theirs.bse[0]) ** 2)
    assert ours.freedom == pytest.approx(topics - 1)
    assert ours.value == pytest.approx(float(theirs.params[0]))


@given(st.lists(st.floats(-1, 1), min_size=2, max_size=40).filter(lambda values: len(set(values)) > 1))
def test_without_topics_it_is_students_mean(values: list[float]) -> None:
    found = clustered_mean(np.array(values))
    assert found.variance == pytest.approx(np.var(values, ddof=1) / len(values))
    assert found.freedom == pytest.approx(len(values) - 1)


def test_the_degrees_of_freedom_are_those_of_the_whole_matrix() -> None:
    sizes = np.array([40, 9, 5, 3, 2, 1, 1])
    groups = np.repeat(np.arange(7), sizes)
    total = sizes.sum()
    covariance = np.diag(sizes / total**2) - np.outer(sizes, sizes) / total**3
    product = np.diag(1 / (1 - sizes / total) ** 2) @ covariance
    expected = np.trace(product) ** 2 / np.trace(product @ product)
    assert clustered_mean(np.random.default_rng(1).normal(size=total), groups).freedom == pytest.approx(
        expected
    )


def test_fewer_than_five_topics_are_no_sample_of_topics() -> None:
    a, b = [0.0] * 20, [1.0, 0.0] * 10
    few = compare_paired(a, b, topics=[0] * 10 + [1] * 10)
    assert few == compare_paired(a, b)
    assert few
    assert few.topics is None


def test_topics_that_resemble_each_other_make_it_less_sure() -> None:
    groups = [number // 20 for number in range(200)]
    a = [0.5] * 200
    b = [0.9 if group % 2 else 0.2 for group in groups]
    clustered, alone = compare_paired(a, b, topics=groups), compare_paired(a, b)
    assert clustered
    assert alone
    assert clustered.error > 3 * alone.error


@given(WHOLE)
def test_newcombes_interval_holds_the_difference(pairs: list[tuple[float, float]]) -> None:
    a, b = np.array(pairs).T
    found = newcombe_paired(a, b)
    assert -1 <= found.low <= (b - a).mean() + 1e-9
    assert (b - a).mean() - 1e-9 <= found.high <= 1


def test_where_sides_are_unrelated_newcombes_interval_is_that_of_two_independent_rates() -> None:
    # Both, only a, only b, neither: 12, 18, 8, 12, so that the product of the diagonals is nothing.
    a = np.repeat([1.0, 1.0, 0.0, 0.0], [12, 18, 8, 12])
    b = np.repeat([1.0, 0.0, 1.0, 0.0], [12, 18, 8, 12])
    low, high = confint_proportions_2indep(20, 50, 30, 50, method="newcomb", compare="diff")
    found = newcombe_paired(a, b)
    assert (found.low, found.high) == (pytest.approx(low), pytest.approx(high))


def test_sides_that_never_differ_are_not_certain_to_be_alike() -> None:
    for scores in ([1.0, 0.0] * 10, [1.0] * 20, [0.3, 0.8] * 10):
        for topics in (None, [number // 2 for number in range(20)]):
            found = compare_paired(scores, scores, topics=topics)
            assert found
            assert (found.difference, found.wins, found.losses, found.p) == (0, 0, 0, 1)
            assert found.interval.low < -0.01
            assert found.interval.high > 0.01


def test_rounding_is_no_difference() -> None:
    found = compare_paired([0.1 + 0.2, 0.5], [0.3, 0.5])
    assert found
    assert found.ties == 2


def test_of_one_case_nothing_is_known() -> None:
    assert compare_paired([1.0], [0.0]) is None


def graded(count: int, *, seed: int = 5) -> Paired:
    random = np.random.default_rng(seed)
    found = compare_paired(random.random(count), random.random(count))
    assert found
    return found


def test_what_would_be_found_80_times_of_100_is_what_statsmodels_plans() -> None:
    found = graded(80)
    spread = found.error * found.cases**0.5
    theirs = TTestPower().solve_power(nobs=80, alpha=SURE, power=0.8) * spread
    assert found.detectable == pytest.approx(theirs, rel=0.01)


def test_with_so_many_more_cases_the_difference_would_be_found() -> None:
    found = graded(50)
    more = found.more_cases(0.05)
    spread = found.error * found.cases**0.5
    planned = TTestPower().solve_power(effect_size=0.05 / spread, alpha=SURE, power=0.8)
    assert found.cases + more == pytest.approx(planned, rel=0.02)
    assert found.more_cases(found.detectable) == 0


@pytest.mark.parametrize("topics", [1, 5, 40])
@pytest.mark.parametrize("whole", [True, False])
def test_with_no_true_difference_a_verdict_is_rare_and_the_interval_holds(topics: int, whole: bool) -> None:
    random = np.random.default_rng(topics + whole)
    groups = np.arange(200) % topics
    verdicts = held = 0
    for _ in range(400):
        hard = random.random(200)
        pull = np.repeat(0.1 * random.normal(size=topics) * (topics > 1), 1)[groups] / 2
        if whole:
            a, b = (random.random(200) < hard - pull) * 1.0, (random.random(200) < hard + pull) * 1.0
        else:
            a, b = (np.clip(hard + 0.2 * random.normal(size=200) + by, 0, 1) for by in (-pull, pull))
        found = compare_paired(a, b, topics=groups)
        assert found
        verdicts += found.p < SURE
        held += found.interval.low <= 0 <= found.interval.high
    assert verdicts <= 0.06 * 400
    assert 0.92 * 400 <= held <= 0.98 * 400
