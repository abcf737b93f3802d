"""The mean of values between 0 and 1, shares or grades, and how sure it is: an interval that stays within 0 and 1."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import stdtrit

from sayso_ingest.analysis.stats.wilson import Z, wilson

ALIKE = 1e-12
"""A variance below which values are all the same, but for rounding."""


@dataclass(frozen=True, slots=True)
class Mean:
    """A mean of `count` values, 0 to 1, with the ends of its 95 % interval."""

    value: float
    low: float
    high: float
    count: int


def mean_of(values: Sequence[float]) -> Mean | None:
    """The mean of independent values, each 0 to 1; None of none.

    Where each is 0 or 1 the interval is Wilson's. Grades in between vary less than that: it is Wilson's at the size
    of sample that a share with the variance of this mean would have had (Korn and Graubard 1998), by Student's
    distribution, since that variance is itself an estimate. Grades that are all the same say nothing of how they
    vary, and count as shares.
    """
    if not values:
        return None
    found = np.asarray(values, dtype=np.float64)
    count = len(found)
    mean = min(1.0, max(0.0, float(found.mean())))
    variance = float(found.var(ddof=1)) if count > 1 else 0.0
    effective = float(count)
    if variance > ALIKE and not np.isin(found, (0.0, 1.0)).all():
        effective *= mean * (1 - mean) / variance * float(Z / stdtrit(count - 1, 0.975)) ** 2
    low, high = wilson(mean, effective)
    return Mean(mean, min(low, mean), max(high, mean), count)
