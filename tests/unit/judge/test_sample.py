"""What is judged is drawn with known probabilities, and the same each time."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sayso_ingest.judge.sample import draw, inclusion, uncertainty

TARGETS = [f"t{n}" for n in range(2_000)]
DISLIKE = {target: n / 1_999 for n, target in enumerate(TARGETS)}


def test_a_rate_draws_about_that_share_and_says_so() -> None:
    drawn = draw(TARGETS, rate=0.1, limit=None, seed=0)
    assert 150 < len(drawn) < 250
    assert set(drawn.values()) == {0.1}
    assert drawn == draw(TARGETS[::-1], rate=0.1, limit=None, seed=0)
    assert drawn != draw(TARGETS, rate=0.1, limit=None, seed=1)


def test_a_higher_rate_or_limit_keeps_what_was_drawn() -> None:
    assert (
        draw(TARGETS, rate=0.1, limit=None, seed=0).keys()
        <= draw(TARGETS, rate=0.2, limit=None, seed=0).keys()
    )
    few, more = draw(TARGETS, rate=1, limit=50, seed=0), draw(TARGETS, rate=1, limit=90, seed=0)
    assert (len(few), len(more)) == (50, 90)
    assert few.keys() <= more.keys()


def test_everything_is_drawn_where_nothing_is_left_out() -> None:
    assert draw(TARGETS, rate=1, limit=None, seed=0) == dict.fromkeys(TARGETS, 1.0)
    assert draw([], rate=1, limit=10, seed=0) == {}


@pytest.mark.parametrize("limit", [None, 200])
def test_what_is_uncertain_is_drawn_more_often_as_its_probability_says(limit: int | None) -> None:
    counts = dict.fromkeys(TARGETS, 0)
    for seed in range(100):
        drawn = draw(TARGETS, rate=0.1, limit=limit, seed=seed, dislike=DISLIKE)
        assert limit is None or len(drawn) <= limit
        for target in drawn:
            counts[target] += 1
    chances = inclusion([uncertainty(DISLIKE[target]) for target in TARGETS], 200)
    found = np.array(list(counts.values())) / 100
    for part in np.split(np.arange(2_000), 10):
        assert found[part].mean() == pytest.approx(np.mean([chances[n] for n in part]), rel=0.12)
    assert found[950:1050].mean() > 3 * found[:100].mean() > 0


def test_a_mean_weighed_by_one_over_the_probabilities_is_that_of_all() -> None:
    means = []
    for seed in range(50):
        drawn = draw(TARGETS, rate=1, limit=300, seed=seed, dislike=DISLIKE)
        values = np.array([DISLIKE[target] ** 3 for target in drawn])
        means.append(np.average(values, weights=1 / np.array(list(drawn.values()))))
    assert np.mean(means) == pytest.approx(np.mean(np.array(list(DISLIKE.values())) ** 3), abs=0.01)


def test_where_only_some_can_be_guessed_a_probability_is_that_of_both_draws() -> None:
    counts = dict.fromkeys(TARGETS, 0)
    sums = []
    for seed in range(200):
        first = np.random.default_rng(seed).permutation(2_000)[:500]
        drawn = draw(TARGETS, rate=0.1, limit=None, seed=seed, dislike={TARGETS[n]: n / 1_999 for n in first})
        sums.append(sum(1 / chance for chance in drawn.values()))
        for target in drawn:
            counts[target] += 1
    assert np.mean(sums) == pytest.approx(2_000, rel=0.02)  # each stands for as many as it was drawn from
    assert sum(counts.values()) / 200 == pytest.approx(200, rel=0.05)  # a rate is of all, not of those


def test_no_more_are_drawn_than_can_be_guessed() -> None:
    few = dict(list(DISLIKE.items())[:50])
    assert draw(TARGETS, rate=0.5, limit=None, seed=0, dislike=few) == dict.fromkeys(few, 50 / 2_000)


@given(st.lists(st.floats(0.1, 1), min_size=1, max_size=50), st.floats(0.5, 60))
def test_probabilities_are_in_proportion_and_sum_to_what_is_drawn(weights: list[float], size: float) -> None:
    chances = inclusion(weights, size)
    assert all(0 < chance <= 1 for chance in chances)
    assert sum(chances) == pytest.approx(min(size, len(weights)))
    order = np.argsort(weights, kind="stable")
    assert (np.diff(np.array(chances)[order]) >= -1e-12).all()
