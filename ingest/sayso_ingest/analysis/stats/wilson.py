"""Wilson's interval, in plain Python: whoever needs only this needs no numpy. The same in SQL: macros.sql."""

from __future__ import annotations

from math import sqrt

Z = 1.959963984540054
"""Of a two-sided interval at 95 %."""


def wilson(share: float, count: float) -> tuple[float, float]:
    """Wilson's 95 % interval for a share, 0 to 1, among `count` (above 0) independent observations.

    The count need not be whole: an effective sample size serves as well.
    Wilson (1927), "Probable inference, the law of succession, and statistical inference", JASA 22.
    """
    centre = share + Z**2 / (2 * count)
    half = Z * sqrt(share * (1 - share) / count + Z**2 / (4 * count**2))
    scale = 1 + Z**2 / count
    return max(0.0, (centre - half) / scale), min(1.0, (centre + half) / scale)
