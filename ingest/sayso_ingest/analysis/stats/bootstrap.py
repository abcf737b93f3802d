"""Intervals by drawing people anew: for figures that have no formula, such as a median or a ratio of sums."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from sayso_ingest.analysis.stats.arrays import Floats, Integers

Statistic = Callable[[Floats], Floats]
"""Weights (draws, n) of n observations -> the figure of each draw (draws,)."""


def cluster_bootstrap(
    statistic: Statistic, people: Integers, *, draws: int = 2000, seed: int = 0
) -> tuple[float, float]:
    """The percentile 95 % interval of a statistic of observations (n,), each by the person in `people`.

    People are drawn with all that they said, so that a loud one is in or out as a whole (Davison and Hinkley
    1997, "Bootstrap methods and their application", 3.8). Draws that give no number are left out; NaN where
    none does.
    """
    _, person = np.unique(people, return_inverse=True)
    count = int(person.max(initial=-1)) + 1
    if not count:
        return float("nan"), float("nan")
    random = np.random.default_rng(seed)
    block = max(1, 4_000_000 // max(1, len(person)))
    figures = [
        statistic(
            random.multinomial(count, np.full(count, 1 / count), size=min(block, draws - start))[
                :, person
            ].astype(np.float64)
        )
        for start in range(0, draws, block)
    ]
    found = np.concatenate(figures)
    found = found[~np.isnan(found)]
    if not len(found):
        return float("nan"), float("nan")
    low, high = np.quantile(found, [0.025, 0.975])
    return float(low), float(high)


def weighted_mean(values: Floats) -> Statistic:
    """The mean of values (n,) as a statistic of weights."""

    def mean(weights: Floats) -> Floats:
        total = weights.sum(axis=1)
        means = np.divide(weights @ values, total, out=np.full(len(total), np.nan), where=total > 0)
        return np.asarray(means)

    return mean
