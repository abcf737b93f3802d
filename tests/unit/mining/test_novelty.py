"""How unlike the current set an interaction is."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from sayso_ingest.mining.arrays import Floats, Vectors
from sayso_ingest.mining.novelty import nearest_distance, novelty, smoothed, underrepresentation
from sayso_ingest.mining.topics import Topics, find_topics
from unit.mining.builders import vectors


def scores(rows: Vectors, topics: Topics, cases: Vectors) -> Floats:
    return novelty(
        nearest_distance(rows, cases),
        rows,
        members=topics.members,
        traffic=topics.sizes,
        cases=topics.counts_of(cases),
    )


@settings(deadline=None)
@given(st.integers(1, 30), st.integers(1, 10), st.integers(0, 999))
def test_another_case_never_moves_the_set_further_away(count: int, cases: int, seed: int) -> None:
    rows, some = vectors(count, seed=seed), vectors(cases + 1, seed=seed + 1)
    assert np.all(nearest_distance(rows, some) <= nearest_distance(rows, some[:-1]) + 1e-6)


def test_a_case_of_the_set_is_no_distance_away() -> None:
    rows = vectors(5, seed=0)
    assert np.allclose(nearest_distance(rows, rows), 0, atol=1e-6)


def test_smoothing_lowers_a_lone_oddity_beneath_a_far_group() -> None:
    centre = np.eye(4, dtype=np.float32)
    group = np.repeat(centre[:1], 20, axis=0)
    known = np.repeat(centre[1:2], 20, axis=0)
    oddity = centre[2:3]
    rows = np.vstack([group, known, oddity])
    distance = nearest_distance(rows, centre[1:2])
    score = smoothed(distance, rows, neighbours=5)
    assert distance[0] == distance[-1]
    assert score[0] > score[20]
    assert score[0] >= score[-1] > score[20] - 1e-6


def test_a_single_interaction_has_no_neighbours_to_be_smoothed_by() -> None:
    assert smoothed(np.array([0.4]), vectors(1, seed=0)).tolist() == [0.4]


@given(st.lists(st.tuples(st.integers(1, 50), st.integers(0, 10)), min_size=2, max_size=8))
def test_a_topic_with_more_cases_for_its_traffic_is_less_new(topics: list[tuple[int, int]]) -> None:
    traffic, cases = (np.array(column) for column in zip(*topics, strict=True))
    before = underrepresentation(np.arange(len(topics)), traffic, cases)
    cases[0] += 1
    assert underrepresentation(np.arange(len(topics)), traffic, cases)[0] <= before[0] + 1e-9


def test_to_an_empty_set_there_is_no_distance_and_everything_is_new() -> None:
    rows = vectors(30, seed=0)
    assert np.isnan(nearest_distance(rows, rows[:0])).all()
    assert (scores(rows, find_topics(rows), rows[:0]) == 1).all()


def test_interactions_of_a_missing_topic_rank_above_those_of_a_covered_one() -> None:
    random = np.random.default_rng(0)
    centres = np.repeat(np.eye(8, dtype=np.float32)[:2], 40, axis=0)
    rows = (centres + 0.1 * random.normal(size=centres.shape)).astype(np.float32)
    topics = find_topics(rows, count=2)
    found = scores(rows, topics, rows[:5])
    assert found[40:].min() > np.median(found[:40])
