"""Whether two windows of traffic could be one: statistics that are held against chance alone.

The same interactions are dealt out to the two windows in hundreds of ways, and every statistic is asked of each way. So
the p-values are exact whatever the vectors are (permutation tests), as long as these were made without knowing which
window is which. What one person asks in one day is dealt together, since it is alike.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from sayso_ingest.mining.arrays import Booleans, Floats, Integers, Vectors, percentiles
from sayso_ingest.mining.similarity.graph import nearest

TIMES = 499
"""Ways to deal the interactions out, beside the real one."""
NEIGHBOURS = 60
"""Rows around each among which the nearest of the earlier window are looked for."""
NTH = 3
"""Of the nearest ones the one whose distance counts: a single one may be chance."""
OWN = 0.5
"""How much of the distance to any neighbours is taken off: who is far from everybody is odd rather than new."""
FIRST = 0.8
"""The share of the errors that are allowed which goes to the question of what is new, the harder one to see."""
DECIMALS = 5


@dataclass(frozen=True, slots=True)
class Shift:
    """Of two windows: two p-values after Holm's correction, and how new each interaction (n,) is, in (0, 1)."""

    new: float
    """Whether things are asked that were not asked before."""
    mix: float
    """Whether the mix of what is asked is another."""
    newness: Floats


def deal(present: Booleans, together: Integers, *, times: int = TIMES, seed: int) -> Booleans:
    """Which rows are in the later window: as it is, then as it might have been, (n, 1 + times).

    Rows with the same number `together` (n,) are in one window, and stay so.
    """
    random = np.random.default_rng(seed)
    _, first, place = np.unique(together, return_index=True, return_inverse=True)
    real = present[first]
    ways = np.stack([real, *(random.permutation(real) for _ in range(times))], axis=1)
    return np.asarray(ways[place.ravel()])


def find_shift(vectors: Vectors, dealt: Booleans) -> Shift:
    """Hold the two windows of vectors (n, d) against each other, over all ways to deal them (n, ways)."""
    ahead, newness = _away_from_before(vectors, dealt)
    new, mix = holm(chance(ahead), chance(middles_apart(vectors, dealt)))
    return Shift(new, mix, newness)


def _away_from_before(vectors: Vectors, dealt: Booleans) -> tuple[Floats, Floats]:
    """How much further the later window is from the earlier one than that is from itself, of each way (ways,).

    Each distance counts by -log of the share that is as far: what is far off says more than the rest. The second is
    the rank of each row's distance the real way.
    """
    around, cosines = nearest(vectors, min(NEIGHBOURS, len(vectors) - 1))
    order = np.argsort(-cosines, axis=1, kind="stable")
    around, distance = (
        np.take_along_axis(around, order, axis=1),
        1 - np.take_along_axis(cosines, order, axis=1),
    )
    nth = min(NTH, distance.shape[1])
    own = OWN * distance[:, nth - 1]
    ranks = (percentiles((_to_nth(distance, ~way[around], nth) - own).round(DECIMALS)) for way in dealt.T)
    first = next(ranks)
    ahead = [_ahead(first, dealt[:, 0])]
    ahead += [_ahead(rank, way) for rank, way in zip(ranks, dealt.T[1:], strict=True)]
    return np.array(ahead), first


def _to_nth(distance: Vectors, before: Booleans, nth: int) -> Floats:
    """The distance to the nth nearest of the earlier window; to the last one looked at where there are fewer."""
    reached = np.cumsum(before, axis=1, dtype=np.int16) >= nth
    last = before.shape[1] - 1
    place = np.where(reached[:, last], reached.argmax(axis=1), last)
    return np.asarray(np.take_along_axis(distance, place[:, None], axis=1)[:, 0], dtype=np.float64)


def _ahead(ranks: Floats, way: Booleans) -> float:
    """By how much the mean of the later window is ahead; 0 where a window is empty."""
    far = -np.log1p(-ranks)
    return float(far[way].mean() - far[~way].mean()) if 0 < way.sum() < len(way) else 0.0


def middles_apart(vectors: Vectors, dealt: Booleans) -> Floats:
    """The squared distance between the middles of the two windows, of each way (ways,)."""
    later = dealt / np.maximum(1, dealt.sum(axis=0))
    earlier = ~dealt / np.maximum(1, (~dealt).sum(axis=0))
    return np.asarray(((vectors.T @ (later - earlier)) ** 2).sum(axis=0), dtype=np.float64)


def chance(statistic: Floats) -> float:
    """The share of ways (ways,) in which a statistic is at least what it really is, which comes first."""
    return float(np.mean(statistic >= statistic[0] - 1e-9))


def holm(new: float, mix: float) -> tuple[float, float]:
    """Two p-values after Holm's correction (1979), the first with four fifths of the errors that are allowed."""
    first, second = new / FIRST, mix / (1 - FIRST)
    smaller = min(1.0, first, second)
    return (smaller, max(smaller, mix)) if first <= second else (max(smaller, new), smaller)


def as_cells(members: Integers) -> csr_array:
    """The cluster (n,) of each row, as cells (k, n)."""
    count = len(members)
    return csr_array((np.ones(count, dtype=np.float32), (members, np.arange(count))))


def excess(cells: csr_array, dealt: Booleans) -> Floats:
    """How many more of the later window are in each cell (c, n) than by lot, in standard deviations, (c, ways)."""
    share = dealt.mean(axis=0)
    size = np.asarray(cells.sum(axis=1), dtype=np.float64).reshape(-1, 1)
    spread = np.sqrt(np.maximum(size * share * (1 - share), 1e-9))
    return np.asarray((cells @ dealt.astype(np.float32) - size * share) / spread, dtype=np.float64)
