"""The ends of an interval at a stricter level than its own 95 %, from nothing but the figure and its two ends."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import betaincinv, ndtri, stdtrit

from sayso_ingest.analysis.stats.arrays import Floats
from sayso_ingest.analysis.stats.wilson import Z


def stricter_ends(
    value: ArrayLike, low: ArrayLike, high: ArrayLike, people: ArrayLike, *, tail: float
) -> tuple[Floats, Floats]:
    """The ends beyond which the truth lies with a chance of `tail` each, arrays (n,) for arrays (n,).

    Where the two ends are Wilson's, what they know is an effective number of verdicts; with it the ends are those of
    Clopper and Pearson, which keep their level however small it is, as Korn and Graubard (1998) do. All others are
    drawn out, as those of a normal distribution are. Few people know less: both take Student's distribution by people.
    """
    value, low, high, people = (np.asarray(one, dtype=np.float64) for one in (value, low, high, people))
    student = stdtrit(np.maximum(people - 1, 1), 1 - tail)
    with np.errstate(invalid="ignore", divide="ignore"):
        known = effective_count(value, low, high)
        count = known * (ndtri(1 - tail) / student) ** 2
        hits = value * count
        lower = np.where(hits > 0, betaincinv(hits, count - hits + 1, tail), 0.0)
        upper = np.where(hits < count, betaincinv(hits + 1, count - hits, 1 - tail), 1.0)
    drawn = student / Z
    return (
        np.where(known > 0, lower, value - (value - low) * drawn),
        np.where(known > 0, upper, value + (high - value) * drawn),
    )


def effective_count(value: ArrayLike, low: ArrayLike, high: ArrayLike) -> Floats:
    """The number of independent verdicts whose Wilson interval this is, 0 where it is none.

    With t = Z^2 / n the width w of the interval of a share p has (w^2 - 1) t^2 + (2 w^2 - 4 p (1 - p)) t + w^2 = 0, of
    which one root is above 0; then the middle has to be Wilson's, too.
    """
    value, low, high = (np.asarray(one, dtype=np.float64) for one in (value, low, high))
    square, spread = (high - low) ** 2, 4 * value * (1 - value)
    half = square - spread / 2
    root = (half + np.sqrt(half**2 + square * (1 - square))) / (1 - square)
    middle = (value + root / 2) / (1 + root)
    fits = (low >= 0) & (high <= 1) & (np.abs(low + high - 2 * middle) < 1e-6)
    return np.where(fits & (root > 0), Z**2 / root, 0.0)
