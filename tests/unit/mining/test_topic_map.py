"""Topics on a map."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from sayso_ingest.mining.coverage.topic_map import draw_map, places
from sayso_ingest.mining.similarity.topics import Topics
from unit.mining.builders import vectors


@settings(deadline=None)
@given(st.integers(1, 30), st.integers(0, 999), st.integers(1, 8))
def test_every_topic_is_on_the_map(count: int, seed: int, width: int) -> None:
    found = places(vectors(count, seed=seed, width=width))
    assert found.shape == (count, 2)
    assert found.min() >= 0
    assert found.max() <= 1


def test_topics_that_are_alike_are_near_each_other() -> None:
    middles = np.eye(3, dtype=np.float32)
    near, nearer, away = places(np.vstack([middles[0], middles[0] + 0.05 * middles[1], middles[2]]))
    assert np.linalg.norm(near - nearer) < np.linalg.norm(near - away)


def test_topics_that_are_the_same_are_in_the_middle() -> None:
    assert np.all(places(np.ones((3, 4), dtype=np.float32)) == 0.5)


def test_a_topic_has_its_traffic_its_cases_and_the_share_that_is_disliked() -> None:
    topics = Topics(np.eye(2, dtype=np.float32), np.array([0, 0, 0, 1]))
    one, other = draw_map(topics, ["bills", "login"], np.array([2, 0]), np.array([1.0, 0.0, np.nan, np.nan]))
    assert (one.topic, one.interactions, one.cases, one.disliked) == ("bills", 3, 2, 0.5)
    assert (other.interactions, other.cases, other.disliked) == (1, 0, None)
