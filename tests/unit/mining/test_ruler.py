"""The ruler that tells what share a set covers by how it looks."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from sayso_ingest.mining.arrays import Integers, Vectors, unit
from sayso_ingest.mining.coverage.covered import Covering
from sayso_ingest.mining.coverage.ruler import Reading
from sayso_ingest.mining.similarity.field import lay_out

INTENTS, EACH = 12, 25


def world(seed: int = 0) -> tuple[Vectors, Integers]:
    """Interactions around a middle for each intent, near enough to overlap a little, and whose they are."""
    random = np.random.default_rng(seed)
    of = np.repeat(np.arange(INTENTS), EACH)
    rows = random.normal(size=(INTENTS, 24))[of] + 0.6 * random.normal(size=(len(of), 24))
    return unit(rows.astype(np.float32)), of


TRAFFIC, OF = world()
FIELD = lay_out(TRAFFIC, TRAFFIC[:0], np.ones(len(TRAFFIC), dtype=bool))


@cache
def covering() -> Covering:
    """How the traffic lies, which takes a moment to find."""
    return Covering.of(FIELD, np.full(len(TRAFFIC), 1 / len(TRAFFIC)), topics=INTENTS, seed=0)


def rows_of(intents: int, each: int) -> Integers:
    """Rows of so many cases of each of the first intents."""
    return FIELD.place[np.concatenate([np.flatnonzero(one == OF)[:each] for one in range(intents)])]


def read(rows: Integers) -> Reading:
    """What a ruler that is made for as many cases says of a set with cases at these rows."""
    return covering().ruler(len(rows)).read(rows)


@pytest.mark.parametrize("each", [1, 3, 10])
@pytest.mark.parametrize("intents", [3, 6, 12])
def test_the_share_that_is_read_does_not_depend_on_how_many_cases_each_intent_has(
    intents: int, each: int
) -> None:
    reading = read(rows_of(intents, each))
    assert reading.share[0] == pytest.approx(intents / INTENTS, abs=0.15)
    assert reading.low[0] <= reading.share[0] <= reading.high[0]


def test_more_intents_raise_the_share_and_more_cases_of_the_same_do_not() -> None:
    few, many = read(rows_of(3, 2)).share[0], read(rows_of(3, 10)).share[0]
    assert abs(many - few) < 0.12
    assert read(rows_of(10, 2)).share[0] > few + 0.3


@pytest.mark.parametrize("seed", range(5))
def test_more_cases_lower_the_share_by_noise_at_most_and_a_higher_bar_never_raises_it(seed: int) -> None:
    rows = FIELD.place[np.random.default_rng(seed).permutation(len(TRAFFIC))[:20]]
    shares = np.array([read(rows[:cases]).share for cases in (10, 13, 16, 20)])
    assert np.diff(shares[:, 0]).min() > -0.1
    assert shares[-1, 0] > shares[0, 0] - 0.1
    assert (shares[:, 1] <= shares[:, 0]).all()


def test_a_set_of_nothing_covers_nothing() -> None:
    assert read(np.zeros(0, dtype=np.int64)).high.tolist() == [0, 0]


def test_the_same_seed_makes_the_same_ruler() -> None:
    rows = rows_of(4, 3)
    assert read(rows).share.tolist() == read(rows).share.tolist()
