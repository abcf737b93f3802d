"""A mean of values in clusters whose members resemble each other, and how sure it is, however few there are of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sayso_ingest.analysis.stats.arrays import Floats, Integers, sums

FEW = 5
"""Clusters below which they are no sample of clusters: values count as independent, and the mean is of these alone."""


@dataclass(frozen=True, slots=True)
class Mean:
    """A weighted mean, its variance, and the degrees of freedom of Student's t that the variance is known with."""

    value: float
    variance: float
    freedom: float
    clusters: int
    """What counted as independent: clusters, or single values where there were too few of those."""
    effective: float
    """Values of equal weight that would weigh as much: Kish's."""


def clustered_mean(values: Floats, clusters: Integers | None = None, weights: Floats | None = None) -> Mean:
    """The mean of values (n,), n above 1, of which those of one cluster, numbered from 0 on, may resemble each other.

    The variance is CR3, which leaves out each cluster in turn, times what makes it unbiased where values are
    independent; the degrees of freedom are those of Bell and McCaffrey (2002), "Bias reduction in standard errors for
    linear regression with multi-stage samples", Survey Methodology 28, for the same case. Clusters of one size make
    it CR2, with one degree less than there are clusters. CR2 itself is too narrow where one cluster is much larger
    than the others and clusters differ (Imbens and Kolesár (2016), "Robust standard errors in small samples").
    """
    weights = np.ones(len(values)) if weights is None else weights
    mean = float(weights @ values / weights.sum())
    number = _numbered(clusters, len(values))
    count = int(number.max()) + 1
    pulls = sums(number, weights * (values - mean), count) / weights.sum()
    share = sums(number, weights, count) / weights.sum()
    spread = sums(number, weights**2, count) / weights.sum() ** 2
    leaving = 1 / (1 - share) ** 2
    expected, squared = _quadratic(leaving, spread, share)
    return Mean(
        value=mean,
        variance=float(leaving @ pulls**2) * float(spread.sum()) / expected,
        freedom=expected**2 / squared,
        clusters=count,
        effective=float(1 / spread.sum()),
    )


def _numbered(clusters: Integers | None, size: int) -> Integers:
    """The clusters from 0 on without a gap; each value its own where there are none, or too few."""
    if clusters is not None:
        found, number = np.unique(clusters, return_inverse=True)
        if len(found) >= FEW:
            return number.astype(np.int64)
    return np.arange(size, dtype=np.int64)


def _quadratic(factor: Floats, spread: Floats, share: Floats) -> tuple[float, float]:
    """The trace of F O and of F O F O: the mean, and half the variance, of the sum of factors times squared pulls.

    O, the covariance of the pulls of independent values, is D - p s' - s p' + S p p' with D = diag(s), S the sum
    of the spread s and p the share: of low rank but for its diagonal, so that nothing of clusters squared is made.
    """
    total = float(spread.sum())
    sides = np.stack([share, spread])
    inner = np.array([[total, -1.0], [-1.0, 0.0]])
    weighed = (sides * factor) @ sides.T @ inner
    crossed = (sides * factor**2 * spread) @ sides.T @ inner
    mean = float(factor @ spread) + float(np.trace(weighed))
    square = float((factor * spread) @ (factor * spread)) + float(
        2 * np.trace(crossed) + np.trace(weighed @ weighed)
    )
    return mean, square
