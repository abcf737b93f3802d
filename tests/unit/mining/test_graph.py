"""Walks on the graph of neighbours."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from sayso_ingest.mining.similarity.graph import nearest, neighbour_graph, visits
from unit.mining.builders import vectors


@settings(deadline=None, max_examples=30)
@given(st.integers(2, 40), st.integers(0, 999))
def test_a_walk_is_somewhere(count: int, seed: int) -> None:
    rows = np.abs(vectors(count, seed=seed))  # all cosines positive: nobody is without a neighbour
    found = visits(neighbour_graph(rows, neighbours=5), np.eye(count)[:1].T)
    assert np.isclose(found.sum(), 1)
    assert found.min() >= 0


@settings(deadline=None, max_examples=30)
@given(st.integers(3, 40), st.integers(0, 999))
def test_what_a_walk_from_two_rows_visits_is_the_mean_of_walks_from_each(count: int, seed: int) -> None:
    graph = neighbour_graph(np.abs(vectors(count, seed=seed)), neighbours=5)
    both = np.zeros(count)
    both[:2] = 0.5
    assert np.allclose(visits(graph, both), visits(graph, np.eye(count)[:, :2]).mean(axis=1))


def test_a_walk_stays_with_what_is_near() -> None:
    groups = np.repeat(np.eye(2, dtype=np.float32), 10, axis=0)
    rows = groups + 0.01 * vectors(20, seed=0, width=2)
    found = visits(neighbour_graph(rows, neighbours=5), np.eye(20)[0])
    assert found[:10].sum() > 0.99


def test_no_row_is_its_own_neighbour() -> None:
    rows, cosines = nearest(vectors(30, seed=0), 4)
    assert not (rows == np.arange(30)[:, None]).any()
    assert np.all(cosines < 1)


def test_one_row_has_no_neighbour_and_keeps_what_begins_there() -> None:
    assert visits(neighbour_graph(vectors(1, seed=0)), np.ones(1))[0] > 0


def test_a_text_that_says_nothing_is_joined_to_none() -> None:
    rows = np.vstack([np.zeros((1, 8), dtype=np.float32), vectors(10, seed=0)])
    assert visits(neighbour_graph(rows), np.eye(11)[1])[0] == 0
