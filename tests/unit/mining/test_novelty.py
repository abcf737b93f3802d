"""How unlike the current set an interaction is."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from sayso_ingest.mining.arrays import Vectors, unit
from sayso_ingest.mining.similarity.novelty import (
    nearest_distance,
    novelty,
    p_values,
    rank_among,
    underrepresentation,
)
from unit.mining.builders import vectors

FEW = settings(deadline=None, max_examples=8)


def around(directions: list[int], each: int, *, seed: int = 0, width: int = 16) -> Vectors:
    """Vectors near some of the axes, as many near each."""
    middles = np.repeat(np.eye(width, dtype=np.float32)[directions], each, axis=0)
    noise = 0.15 * np.random.default_rng(seed).normal(size=middles.shape)
    return unit((middles + noise).astype(np.float32))


@settings(deadline=None)
@given(st.integers(1, 30), st.integers(1, 10), st.integers(0, 999))
def test_another_case_never_moves_the_set_further_away(count: int, cases: int, seed: int) -> None:
    rows, some = vectors(count, seed=seed), vectors(cases + 1, seed=seed + 1)
    assert np.all(nearest_distance(rows, some) <= nearest_distance(rows, some[:-1]) + 1e-6)


def test_a_case_of_the_set_is_no_distance_away() -> None:
    rows = vectors(5, seed=0)
    assert np.allclose(nearest_distance(rows, rows), 0, atol=1e-6)


def test_to_an_empty_set_there_is_no_distance_and_everything_is_new() -> None:
    rows = vectors(30, seed=0)
    assert np.isnan(nearest_distance(rows, rows[:0])).all()
    found = novelty(rows, rows[:0])
    assert (found.score == 1).all()
    assert np.isnan(found.p_value).all()


def test_no_interactions_have_no_novelty() -> None:
    rows = vectors(3, seed=0)
    assert novelty(rows[:0], rows).score.shape == (0,)


def test_of_one_interaction_and_one_case_something_can_be_said() -> None:
    rows = vectors(2, seed=0)
    found = novelty(rows[:1], rows[1:])
    assert 0 < found.score[0] <= 1
    assert np.isnan(found.p_value[0])


@FEW
@given(st.integers(2, 40), st.integers(1, 8), st.integers(0, 999))
def test_the_order_of_interactions_and_of_cases_does_not_matter(count: int, cases: int, seed: int) -> None:
    rows, some = vectors(count, seed=seed), vectors(cases, seed=seed + 1)
    order = np.random.default_rng(seed).permutation(count)
    found, turned = novelty(rows, some, seed=seed), novelty(rows[order], some[::-1], seed=seed)
    assert np.array_equal(turned.score, found.score[order])
    assert np.array_equal(turned.p_value, found.p_value[order], equal_nan=True)


def test_equal_interactions_are_equally_new() -> None:
    rows = np.repeat(around([0, 1, 2], 10), 3, axis=0)
    found = novelty(rows, around([0], 5, seed=1))
    assert np.array_equal(found.score[::3], found.score[1::3])


def test_where_all_interactions_are_the_same_none_stands_out() -> None:
    rows = np.repeat(vectors(1, seed=0), 50, axis=0)
    found = novelty(rows, vectors(3, seed=1))
    assert np.allclose(found.score, 0.5)


def test_an_empty_text_is_less_new_once_the_set_has_one() -> None:
    rows = np.vstack([np.zeros((1, 16), dtype=np.float32), around([0, 1], 30)])
    known = around([0, 1], 5, seed=1)
    without, having = novelty(rows, known), novelty(rows, np.vstack([known, rows[:1]]))
    assert without.score[0] > 0.75
    assert having.score[0] < without.score[0] - 0.2


@FEW
@given(st.integers(2, 30), st.integers(1, 60), st.integers(0, 999))
def test_copies_of_a_question_or_of_a_case_change_nothing(count: int, copies: int, seed: int) -> None:
    rows, some = vectors(count, seed=seed), vectors(4, seed=seed + 1)
    once = novelty(rows, some)
    often = novelty(
        np.vstack([rows, np.repeat(rows[:1], copies, axis=0)]),
        np.vstack([some, np.repeat(some[:1], copies, axis=0)]),
    )
    assert np.array_equal(often.score[:count], once.score)
    assert np.array_equal(often.p_value[:count], once.p_value)


def test_interactions_of_a_missing_topic_rank_above_those_of_a_covered_one() -> None:
    rows = around([0, 1, 2, 3], 50)
    found = novelty(rows, around([0, 1], 5, seed=1))
    assert found.score[100:].min() > np.median(found.score[:100])


def test_feedback_beyond_the_sample_counts_for_no_traffic() -> None:
    rows = around([0, 1, 2, 3], 50)
    sampled = np.arange(len(rows)) % 2 == 0
    doubled = np.vstack([rows, rows[~sampled]])
    beyond = np.concatenate([sampled, np.zeros((~sampled).sum(), dtype=bool)])
    cases = around([0, 1], 5, seed=1)
    few, more = (
        novelty(these, cases, sampled=mask).score for these, mask in ((rows, sampled), (doubled, beyond))
    )
    assert np.abs(few - more[: len(few)]).max() < 0.05


@given(st.lists(st.tuples(st.integers(1, 50), st.integers(0, 10)), min_size=2, max_size=8))
def test_a_topic_with_more_cases_for_its_traffic_is_less_new(topics: list[tuple[int, int]]) -> None:
    traffic, cases = (np.array(column, dtype=np.float64) for column in zip(*topics, strict=True))
    members = [np.arange(len(topics))]
    before = underrepresentation(members, traffic, cases)
    cases[0] += 1
    assert underrepresentation(members, traffic, cases)[0] < before[0]


@given(
    st.lists(st.floats(-5, 5), min_size=1, max_size=40), st.lists(st.floats(-5, 5), min_size=1, max_size=40)
)
def test_p_values_fall_as_scores_rise_and_are_never_zero(scores: list[float], known: list[float]) -> None:
    found = p_values(np.sort(scores), np.array(known))
    assert np.all(np.diff(found) <= 0)
    assert found.min() >= 1 / (1 + len(known))
    assert found.max() <= 1


def test_p_values_of_what_is_like_the_references_are_even() -> None:
    random = np.random.default_rng(0)
    found = p_values(random.normal(size=20_000), random.normal(size=2_000))
    assert 0.03 < (found <= 0.05).mean() < 0.07


def test_with_three_cases_of_each_thing_about_one_in_twenty_of_what_the_set_has_looks_new() -> None:
    def near(things: int, each: int, random: np.random.Generator) -> Vectors:
        middles = np.repeat(np.eye(40)[:things], each, axis=0)
        return unit((middles + 0.28 * random.normal(size=middles.shape)).astype(np.float32))

    alarms, found = [], []
    for seed in range(6):
        random = np.random.default_rng(seed)
        new = novelty(near(30, 40, random), near(20, 3, random), seed=seed).p_value <= 0.05
        alarms.append(new[: 20 * 40].mean())
        found.append(new[20 * 40 :].mean())
    assert 0.03 < np.mean(alarms) < 0.07
    assert np.mean(found) > 0.5


def test_a_value_among_equal_ones_is_in_the_middle() -> None:
    assert rank_among(np.array([1.0, 0.0, 2.0]), np.ones(4)).tolist() == [0.5, 0, 1]
