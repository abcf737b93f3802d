"""Two ways to answer the same cases: how far apart their scores are, how sure that is, and what would have been found.

Scores are 0 to 1, whole (passed or not) or graded; each case is scored both ways, so that what makes a case hard
counts for neither.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from math import inf, sqrt

import numpy as np
from scipy.special import bdtr, ndtri, stdtr, stdtrit

from sayso_ingest.analysis.stats.arrays import Floats, Integers
from sayso_ingest.analysis.stats.clustered import Mean, clustered_mean
from sayso_ingest.analysis.stats.sequence import POWER, Interval
from sayso_ingest.analysis.stats.wilson import wilson

LEVEL = 0.05
SURE = 0.035
"""A verdict takes a p below this, less than an interval's 5 %: what is approximate about a p may be off by
almost one point, and with no difference at most 5 of 100 comparisons should end in a verdict, whatever their shape."""
ALIKE = 1e-9
"""Scores that are nearer than this differ by rounding alone."""
MOST = 10_000_000
"""Cases beyond which nobody plans."""


@dataclass(frozen=True, slots=True)
class Scored:
    """The mean score of one side, 0 to 1, with its 95 % interval."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Paired:
    """The difference of two sides over the same cases; wins are cases that the second scored higher.

    `p` is the probability of a difference as large by chance: by Student's t, or where that is larger by the exact
    test of McNemar, which whole scores allow. `interval` is at 95 %, or stricter where several were compared at once.
    """

    cases: int
    a: Scored
    b: Scored
    difference: float
    interval: Interval
    p: float
    wins: int
    losses: int
    whole: bool
    """Every score is 0 or 1."""
    topics: int | None
    """Topics whose cases may resemble each other; None where cases counted as independent."""
    error: float
    """The standard error of the difference."""
    freedom: float
    """Of Student's t."""

    @property
    def ties(self) -> int:
        """Cases that both scored alike."""
        return self.cases - self.wins - self.losses

    @property
    def detectable(self) -> float:
        """The smallest true difference that would be found with as many such cases, 80 times of 100."""
        return min(1.0, _reach(self.freedom) * self.error)

    def more_cases(self, difference: float) -> int:
        """How many more such cases, and topics alike, it takes to find a difference (above 0) 80 times of 100."""

        def enough(more: int) -> bool:
            factor = (self.cases + more) / self.cases
            return _reach((self.freedom + 1) * factor - 1) * self.error / sqrt(factor) <= difference

        most = 1
        while not enough(most) and most < MOST:
            most *= 2
        return bisect_left(range(most), True, key=enough)


def compare_paired(
    a: Sequence[float],
    b: Sequence[float],
    *,
    topics: Sequence[int] | None = None,
    weights: Sequence[float] | None = None,
    at_once: int = 1,
) -> Paired | None:
    """Compare two sides by their scores (n,) of the same cases; None where there are fewer than two.

    Cases of one topic, numbered, may resemble each other, where there are 5 topics or more. Where cases are
    independent, unweighted and their scores whole the interval is Newcombe's, else Student's around the mean
    difference. With `at_once` comparisons it holds for all of them together (Bonferroni); `p` is of this one alone.
    """
    one, other = np.asarray(a, dtype=np.float64), np.asarray(b, dtype=np.float64)
    if len(one) < 2:
        return None
    cluster = None if topics is None else np.asarray(topics, dtype=np.int64)
    weight = None if weights is None else np.asarray(weights, dtype=np.float64)
    change = other - one
    change[np.abs(change) < ALIKE] = 0.0
    mean = clustered_mean(change, cluster, weight)
    error = sqrt(mean.variance + _half_each_way(change, mean.effective))
    whole = bool(np.isin(one, (0, 1)).all() and np.isin(other, (0, 1)).all())
    wins, losses = int((change > 0).sum()), int((change < 0).sum())
    alone = cluster is None or mean.clusters == len(change)
    p = 2 * float(stdtr(mean.freedom, -abs(mean.value) / error))
    return Paired(
        cases=len(change),
        a=_scored(one, cluster, weight),
        b=_scored(other, cluster, weight),
        difference=mean.value,
        interval=(
            newcombe_paired(one, other, tail=LEVEL / at_once / 2)
            if alone and whole and weight is None
            else _student(mean, error, LEVEL / at_once / 2)
        ),
        p=max(p, mcnemar(wins, losses)) if whole and weight is None else p,
        wins=wins,
        losses=losses,
        whole=whole,
        topics=None if alone else mean.clusters,
        error=error,
        freedom=mean.freedom,
    )


def mcnemar(wins: int, losses: int) -> float:
    """The exact p-value of so many wins and losses, if each were as likely: McNemar's test by the binomial."""
    fewer = min(wins, losses)
    return min(1.0, 2 * float(bdtr(fewer, wins + losses, 0.5)))


def newcombe_paired(a: Floats, b: Floats, *, tail: float = LEVEL / 2) -> Interval:
    """The interval of mean(b) - mean(a) for whole scores (n,) of the same independent cases.

    Newcombe (1998), "Improved confidence intervals for the difference between binomial proportions based on paired
    data", Statistics in Medicine 17, method 10: from both Wilson intervals and the correlation phi, which is corrected
    for continuity so that two sides which never differ are not certain to be alike.
    """
    size, z = len(a), float(-ndtri(tail))
    both, neither = float(a @ b), float((1 - a) @ (1 - b))
    only_a, only_b = float(a.sum() - both), float(b.sum() - both)
    product = both * neither - only_a * only_b
    product = max(product - size / 2, 0.0) if product > 0 else product
    scale = sqrt(a.sum() * b.sum() * (size - a.sum()) * (size - b.sum()))
    phi = product / scale if scale else 0.0
    one, other = float(a.mean()), float(b.mean())
    (low_a, high_a), (low_b, high_b) = (wilson(rate, size, z=z) for rate in (one, other))

    def reach(down: float, up: float) -> float:
        return sqrt(max(0.0, down**2 + up**2 - 2 * phi * down * up))

    middle = other - one
    low = middle - reach(other - low_b, high_a - one)
    high = middle + reach(high_b - other, one - low_a)
    return Interval(max(-1.0, low), min(1.0, high))


def _half_each_way(change: Floats, effective: float) -> float:
    """The variance that one more case would add, which differs as others do, half of it in each direction.

    Agresti and Min (2005), "Simple improved confidence intervals for comparing matched proportions", Statistics in
    Medicine 24, who add a half to each cell of a table. Without it sides that hardly ever differ would look certain.
    """
    differing = change[change != 0]
    size = float((differing**2).mean()) if len(differing) else 1.0
    return size / (effective + 2) ** 2


def _student(mean: Mean, error: float, tail: float) -> Interval:
    half = -float(stdtrit(mean.freedom, tail)) * error
    return Interval(max(-1.0, mean.value - half), min(1.0, mean.value + half))


def _scored(scores: Floats, clusters: Integers | None, weights: Floats | None) -> Scored:
    """Wilson's interval for as many independent cases as would leave the same variance."""
    mean = clustered_mean(scores, clusters, weights)
    value = min(1.0, max(0.0, mean.value))
    rate = value * (1 - value)
    known = min(rate / mean.variance, mean.effective) if mean.variance > 1e-12 and rate else mean.effective
    low, high = wilson(value, known, z=-float(stdtrit(mean.freedom, LEVEL / 2)))
    return Scored(value, low, high)


def _reach(freedom: float) -> float:
    """How many standard errors a true difference has to be for a verdict, 80 times of 100."""
    if freedom <= 0:
        return inf
    return -float(stdtrit(freedom, SURE / 2)) + float(stdtrit(freedom, POWER))
