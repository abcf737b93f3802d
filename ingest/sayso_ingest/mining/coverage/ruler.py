"""A ruler for coverage, made from the traffic itself: what share a set covers, told by how it looks.

Topics of k-means are not what people mean. Ten cases of one intent lie in several topics, and a single one stands for
an intent that is cut into several: the plain share of traffic in topics with a case says too much for large sets and
too little for small ones. So topics of some clusterings play intents: sets of as many cases are drawn from some of
them, so that their coverage is known, and looked at through other clusterings. A regression learns what coverage
such a look means (regression on simulated summaries, as Beaumont 2002 does it for approximate Bayesian computation).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sayso_ingest.mining.arrays import Floats, Integers
from sayso_ingest.mining.coverage.regression import Regression

SETS = 400
"""Sets that are drawn to learn from."""
LOOKS = 4
"""Groups of clusterings, from coarse to fine, that are looked through."""
NEAR = 80
"""Drawn sets with nearly the same reading, whose errors make the interval."""
WIDER = 2.5
"""Times the errors on drawn sets: topics that play intents overlap less, and are more evenly asked, than intents do."""
SMALL = 0.02


@dataclass(frozen=True, slots=True)
class Lens:
    """Clusterings, from coarse to fine, whose cells are numbered through.

    `cells` (clusterings, k) is where each distinct row lies, `first` (clusterings,) each one's first cell, and
    `mass` (cells,) the share of traffic in each.
    """

    cells: Integers
    first: Integers
    mass: Floats

    @classmethod
    def of(cls, clusterings: Sequence[Integers], mass: Floats) -> Lens:
        """Look through clusterings, each (k,), of rows with so much of the traffic (k,)."""
        clusterings = [numbered(members) for members in clusterings]
        sizes = [int(members.max()) + 1 for members in clusterings]
        first = np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.int64)
        cells = np.array(clusterings) + first[:, None]
        weights = np.tile(mass, len(clusterings))
        here = np.bincount(cells.ravel(), weights=weights, minlength=sum(sizes))
        return cls(cells, first, here.astype(np.float64))

    def look(self, rows: Integers) -> Floats:
        """How a set with cases at these rows looks (features,)."""
        here = np.bincount(self.cells[:, rows].ravel(), minlength=len(self.mass)).astype(np.float64)
        cases = len(rows)
        alike = self._sums(here * (here - 1)) / max(1, cases * (cases - 1))
        reached = self._sums(self.mass * (here > 0))
        usual = np.repeat(self._sums(here * here) / cases, np.diff([*self.first, len(self.mass)]))
        well = self._sums(self.mass * (here >= usual / 2) * (here > 0))
        asked = self._sums(here * self.mass) / cases
        chance = self._grouped(self._sums(self.mass**2))
        of_groups = [
            self._grouped(reached),
            self._grouped(well),
            np.log(self._grouped(alike) / chance + SMALL),
            np.log(self._grouped(asked) / chance + SMALL),
        ]
        return np.concatenate(of_groups)

    def _grouped(self, of_clusterings: Floats) -> Floats:
        """The mean of each group of clusterings."""
        begins = np.linspace(0, len(self.first), LOOKS, endpoint=False).astype(np.int64)
        sizes = np.diff([*begins, len(self.first)])
        return np.asarray(np.add.reduceat(of_clusterings, begins) / sizes)

    def _sums(self, of_cells: Floats) -> Floats:
        return np.asarray(np.add.reduceat(of_cells, self.first))


@dataclass(frozen=True, slots=True)
class Reading:
    """Shares of traffic in topics with at least so many cases (levels,), each with its 95 % interval."""

    share: Floats
    low: Floats
    high: Floats


class Ruler:
    """Reads shares off for sets of as many cases as it was made for."""

    def __init__(self, lens: Lens, seen: Floats, model: Regression, known: Floats) -> None:
        self._lens = lens
        self._lowest, self._highest = seen.min(axis=0), seen.max(axis=0)
        self._model = model
        self._read = np.clip(model.held_out, 0, 1)
        self._known = known

    @classmethod
    def make(
        cls,
        lens: Lens,
        intents: Sequence[Integers],
        asked: Integers,
        mass: Floats,
        *,
        cases: int,
        at_least: Sequence[int],
        seed: int = 0,
    ) -> Ruler:
        """Learn from sets of so many `cases`, drawn from the rows `asked` (a,).

        `intents` are the topics (a,) that play them, and `mass` (a,) the share of traffic of each row.
        """
        random = np.random.default_rng(seed)
        looks, known = [], []
        for number in range(SETS):
            topic = intents[number % len(intents)]
            rows, count = _drawn(topic, cases, random)
            looks.append(lens.look(asked[rows]))
            known.append([mass[count[topic] >= fewest].sum() for fewest in at_least])
        seen, truth = np.array(looks), np.array(known)
        return cls(lens, seen, Regression.fit(seen, truth), truth)

    def read(self, rows: Integers) -> Reading:
        """Read off the shares for a set with cases at these distinct rows; nothing where there are none."""
        if not len(rows):
            nothing = np.zeros(self._known.shape[1])
            return Reading(nothing, nothing, nothing)
        # Past what was seen a square leads anywhere.
        look = np.clip(self._lens.look(rows), self._lowest, self._highest)
        # A higher bar is never reached more often: the model, which reads each by itself, may think so by a hair.
        share = np.minimum.accumulate(np.clip(self._model.predict(look[None, :])[0], 0, 1))
        near = np.argsort(np.abs(self._read - share), axis=0, kind="stable")[:NEAR]
        errors = np.take_along_axis(self._known - self._read, near, axis=0)
        low, high = WIDER * np.quantile(errors, [0.025, 0.975], axis=0)
        return Reading(share, np.clip(share + low, 0, share), np.clip(share + high, share, 1))


def numbered(members: Integers) -> Integers:
    """The same topics, numbered through from 0: k-means may leave some of them empty."""
    return np.unique(members, return_inverse=True)[1].ravel().astype(np.int64)


def _drawn(topic: Integers, cases: int, random: np.random.Generator) -> tuple[Integers, Integers]:
    """Rows of a set that has the same number of cases for each of some topics, and the cases (topics,) of each."""
    topics = int(topic.max()) + 1
    chosen = random.permutation(topics)[: random.integers(1, min(topics, cases) + 1)]
    count = np.zeros(topics, dtype=np.int64)
    count[chosen] = cases // len(chosen)
    count[chosen[: cases % len(chosen)]] += 1
    order = np.lexsort((random.random(len(topic)), topic))
    begins = np.searchsorted(topic[order], np.arange(topics))
    place = np.arange(len(topic)) - begins[topic[order]]
    return order[place < count[topic[order]]], count
