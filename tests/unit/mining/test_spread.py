"""Farthest first where it is dense: different picks, and none that is like nothing."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from sayso_ingest.mining.arrays import Vectors, unit
from sayso_ingest.mining.selection.spread import spread

DIMENSIONS = 64
NONE = np.zeros((0, DIMENSIONS), dtype=np.float32)


def crowd(*sizes: int, seed: int = 0) -> tuple[Vectors, np.ndarray]:
    """So many vectors around each of a few middles, and the number of each one's middle."""
    random = np.random.default_rng(seed)
    middles = random.normal(size=(len(sizes), DIMENSIONS))
    members = np.repeat(np.arange(len(sizes)), sizes)
    return unit(
        (middles[members] + 0.6 * random.normal(size=(len(members), DIMENSIONS))).astype(np.float32)
    ), members


def test_each_group_is_picked_once_before_any_is_picked_twice() -> None:
    vectors, group = crowd(60, 40, 30, 25, 20)
    picks = spread(vectors, np.ones(len(vectors)), NONE, budget=5)
    assert sorted(group[[pick.row for pick in picks]]) == [0, 1, 2, 3, 4]


def test_what_is_like_nothing_is_not_picked_while_a_group_has_no_pick() -> None:
    vectors, group = crowd(*[1] * 6, 40, 40, 40)
    picks = [pick.row for pick in spread(vectors, np.ones(len(vectors)), NONE, budget=3)]
    assert set(group[picks]) == {6, 7, 8}


def test_a_group_that_the_set_has_comes_last() -> None:
    vectors, group = crowd(40, 40, 40)
    cases = vectors[group == 1][:3]
    picks = spread(vectors, np.ones(len(vectors)), cases, budget=2)
    assert sorted(group[[pick.row for pick in picks]]) == [0, 2]


def test_of_two_that_are_alike_the_weightier_one_is_picked() -> None:
    vectors, _ = crowd(30)
    twins = np.vstack([vectors, vectors])
    weights = np.concatenate([np.ones(30), np.full(30, 1.1)])
    assert spread(twins, weights, NONE, budget=1)[0].row >= 30


def test_who_is_after_what_is_seldom_gets_each_group_and_what_is_like_nothing_last() -> None:
    vectors, group = crowd(*[1] * 20, 60, 40, 30, 30)
    picks = spread(vectors, np.ones(len(vectors)), NONE, budget=140, seldom=True)
    picked = group[[pick.row for pick in picks]]
    assert set(picked[:4]) == {20, 21, 22, 23}
    assert (picked >= 20).all()


@given(st.integers(0, 40), st.integers(0, 60), st.integers(0, 5), st.integers(0, 3), st.booleans())
def test_as_many_different_rows_are_picked_as_asked_for_and_there_are(
    size: int, budget: int, cases: int, seed: int, seldom: bool
) -> None:
    vectors, _ = crowd(size, seed=seed)
    current = crowd(cases, seed=seed)[0] if cases else NONE
    picks = spread(vectors, np.ones(size), current, budget=budget, seldom=seldom)
    rows = [pick.row for pick in picks]
    assert len(rows) == len(set(rows)) == min(size, budget)


def test_equal_texts_and_empty_ones_still_fill_the_budget() -> None:
    same = np.repeat(crowd(1)[0], 20, axis=0)
    nothing = np.zeros((20, DIMENSIONS), dtype=np.float32)
    for vectors in (same, nothing):
        for seldom in (False, True):
            picks = spread(vectors, np.ones(20), NONE, budget=20, seldom=seldom)
            assert len({pick.row for pick in picks}) == 20
