"""A share that is covered, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sayso_ingest.analysis.stats.share import Share, clustered_share
from sayso_ingest.mining.arrays import Floats, Integers

AT_LEAST = (1, 3)
"""Cases that a topic, or a value of an axis, needs to count as covered."""


@dataclass(frozen=True, slots=True)
class Level:
    """The share (0 to 1) of what has at least `at_least` cases, with its 95 % interval."""

    at_least: int
    share: float
    low: float
    high: float

    @classmethod
    def counted(
        cls, at_least: int, hits: Floats, people: Integers, *, weights: Floats | None = None
    ) -> Level:
        """What share of interactions of `people` (n,), weighing so much, the hits (n,) in [0, 1] are.

        Raises:
            ValueError: nothing weighs anything.
        """
        found = share_of(hits, people, weights=weights)
        if found is None:
            raise ValueError("a share of nothing")
        return cls(at_least, found.rate, found.low, found.high)


def share_of(hits: Floats, people: Integers, *, weights: Floats | None = None) -> Share | None:
    """The share of hits (n,) among interactions of `people` (n,), which weigh so much; None where nothing does.

    What one person asks is alike, so a hundred interactions of one are not a hundred observations.
    """
    weights = np.ones(len(hits)) if weights is None else weights
    return clustered_share(_by_person(hits * weights, people), _by_person(weights, people))


def _by_person(what: Floats, people: Integers) -> Floats:
    return np.bincount(people, weights=what).astype(np.float64)
