"""Whether two windows of traffic could be one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sayso_ingest.mining.arrays import Booleans, Vectors, unit
from sayso_ingest.mining.drift.shift import Shift, as_cells, chance, deal, excess, find_shift, holm
from unit.mining.builders import vectors

BEFORE, NOW = 200, 100
PRESENT = np.arange(BEFORE + NOW) >= BEFORE


def around(topics: list[int], *, seed: int, width: int = 16) -> Vectors:
    """A vector near the axis of each topic."""
    noise = 0.3 * np.random.default_rng(seed).normal(size=(len(topics), width))
    return unit((np.eye(width)[topics] + noise).astype(np.float32))


def asked(before: list[int], now: list[int], *, seed: int = 0) -> Vectors:
    random = np.random.default_rng(seed)
    return around([*random.choice(before, BEFORE), *random.choice(now, NOW)], seed=seed)


def look(rows: Vectors, *, present: Booleans = PRESENT, together: list[int] | None = None) -> Shift:
    dealt = deal(present, np.arange(len(rows)) if together is None else np.array(together), times=199, seed=0)
    return find_shift(rows, dealt)


def test_what_was_not_asked_before_is_seen_and_stands_out() -> None:
    rows = asked([0, 1, 2, 3], [0, 1, 2, 3])
    rows[-12:] = around([9] * 12, seed=1)
    found = look(rows)
    assert found.new <= 0.05
    assert np.median(found.newness[-12:]) > np.quantile(found.newness[:-12], 0.95)


def test_the_same_topics_in_other_shares_are_another_mix() -> None:
    assert look(asked([0, 1, 2, 3], [0, 0, 0, 1, 2, 3])).mix <= 0.05


def test_of_two_windows_that_are_one_it_says_so_about_once_in_twenty() -> None:
    found = [look(asked([0, 1, 2, 3], [0, 1, 2, 3], seed=seed)) for seed in range(60)]
    assert np.mean([min(one.new, one.mix) <= 0.05 for one in found]) <= 0.1


def test_what_one_person_asks_in_one_day_is_no_change_and_what_many_ask_is() -> None:
    rows = asked([0, 1, 2, 3], [0, 1, 2, 3])
    rows[-30:] = around([9] * 30, seed=1)
    of_one = [*range(270), *[270] * 30]
    assert min(look(rows).new, look(rows).mix) <= 0.05
    assert min(look(rows, together=of_one).new, look(rows, together=of_one).mix) > 0.05


@pytest.mark.parametrize("size", [2, 3, 40])
def test_where_all_is_the_same_nothing_has_changed(size: int) -> None:
    rows = np.repeat(vectors(1, seed=0), size, axis=0)
    found = look(rows, present=np.arange(size) % 2 == 0)
    assert min(found.new, found.mix) > 0.05


@settings(deadline=None, max_examples=30)
@given(st.lists(st.integers(0, 5), min_size=2, max_size=30), st.integers(0, 99))
def test_what_belongs_together_is_dealt_together_and_the_first_way_is_the_real_one(
    together: list[int], seed: int
) -> None:
    groups = np.array(together)
    present = groups % 2 == 0
    ways = deal(present, groups, times=20, seed=seed)
    assert np.array_equal(ways[:, 0], present)
    for group in set(together):
        assert (ways[groups == group] == ways[groups == group][0]).all()
    _, first = np.unique(groups, return_index=True)
    assert (ways[first].sum(axis=0) == present[first].sum()).all()


def test_excess_is_in_standard_deviations_of_a_lot() -> None:
    cells = as_cells(np.array([0, 0, 1, 1, 1, 1]))
    dealt = np.array([[1, 1, 0, 0, 0, 1]], dtype=np.float32).T
    assert excess(cells, dealt).ravel() == pytest.approx([2**0.5, -1])


@given(st.lists(st.integers(-5, 5), min_size=2, max_size=40))
def test_chance_is_how_often_another_way_is_as_far(values: list[int]) -> None:
    found = chance(np.array(values))
    assert found == np.mean(np.array(values) >= values[0])


@given(st.floats(0, 1), st.floats(0, 1))
def test_holm_is_the_level_at_which_each_question_is_answered_when_the_first_has_four_fifths(
    new: float, mix: float
) -> None:
    found = holm(new, mix)
    for level in (0.01, 0.05, 0.3, 0.9):
        first, second = new <= 0.8 * level, mix <= 0.2 * level
        # The errors that one has left over go to the other.
        expected = first or (second and new <= level), second or (first and mix <= level)
        near = any(abs(one - level) < 1e-9 for one in found)
        assert near or (found[0] <= level, found[1] <= level) == expected
