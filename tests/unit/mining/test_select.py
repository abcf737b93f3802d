"""Choosing what stands for the most traffic."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from sayso_ingest.mining.selection.select import closeness, covered_by, facility_location
from unit.mining.builders import vectors

sizes = {"count": st.integers(1, 25), "budget": st.integers(0, 30), "seed": st.integers(0, 999)}


def plain_greedy(gains: np.ndarray, weights: np.ndarray, covered: np.ndarray, *, budget: int) -> list[int]:
    """The same choice without any shortcut."""
    covered, picked = covered.copy(), []
    for _ in range(min(budget, len(gains))):
        worth = np.maximum(gains - covered, 0).sum(axis=1, dtype=np.float64) * weights
        worth[picked] = -np.inf
        picked.append(int(worth.argmax()))
        covered = np.maximum(covered, gains[picked[-1]])
    return picked


@settings(deadline=None)
@given(**sizes)
def test_lazy_picks_are_those_of_plain_greedy(count: int, budget: int, seed: int) -> None:
    clients, candidates = vectors(40, seed=seed), vectors(count, seed=seed + 1)
    weights = np.random.default_rng(seed).uniform(0.1, 1, size=count)
    gains, covered = closeness(clients, candidates), covered_by(clients, vectors(3, seed=seed + 2))
    picks = facility_location(gains, weights, covered, budget=budget)
    # Picks of no gain at all are equally worthless; up to there the order is the same.
    useful = [pick.row for pick in picks if pick.gain > 1e-6]
    assert useful == plain_greedy(gains, weights, covered, budget=budget)[: len(useful)]
    assert len({pick.row for pick in picks}) == min(budget, count)


@settings(deadline=None)
@given(**sizes)
def test_each_pick_covers_more_and_with_equal_weights_never_more_than_the_one_before(
    count: int, budget: int, seed: int
) -> None:
    gains = closeness(vectors(40, seed=seed), vectors(count, seed=seed + 1))
    picks = facility_location(gains, np.ones(count), np.zeros(40, dtype=np.float32), budget=budget)
    won = [pick.gain for pick in picks]
    assert all(gain >= 0 for gain in won)
    assert all(later <= earlier + 1e-6 for earlier, later in pairwise(won))
    reached = gains[[pick.row for pick in picks]].max(axis=0).sum() if picks else 0
    assert np.isclose(sum(won), reached, rtol=1e-4)


def test_what_the_set_covers_already_is_not_picked_again() -> None:
    clients = np.eye(3, dtype=np.float32)
    picks = facility_location(
        closeness(clients, clients), np.ones(3), covered_by(clients, clients[:2]), budget=1
    )
    assert [pick.row for pick in picks] == [2]


def test_of_equal_candidates_the_harder_one_is_picked() -> None:
    clients = np.eye(2, dtype=np.float32)
    twins = np.repeat(clients[:1], 2, axis=0)
    picks = facility_location(
        closeness(clients, twins), np.array([0.2, 0.9]), np.zeros(2, np.float32), budget=1
    )
    assert [pick.row for pick in picks] == [1]


def test_of_the_limited_no_more_are_picked_than_said_however_much_they_are_worth() -> None:
    gains = closeness(vectors(40, seed=0), vectors(12, seed=1))
    limited = np.arange(12) < 6
    weights = np.where(limited, 10.0, 1.0)
    picks = facility_location(gains, weights, np.zeros(40, "f4"), budget=7, limited=limited, most=2)
    assert sum(limited[pick.row] for pick in picks) == 2
    assert len(picks) == 7
