"""Wilson's interval and Newcombe's of a difference, in plain Python: whoever needs only these needs no numpy.

The same in SQL: macros.sql.
"""

from __future__ import annotations

from math import sqrt
from typing import Protocol

Z = 1.959963984540054
"""Of a two-sided interval at 95 %."""


def wilson(share: float, count: float, *, z: float = Z) -> tuple[float, float]:
    """Wilson's 95 % interval for a share, 0 to 1, among `count` (above 0) independent observations.

    The count need not be whole: an effective sample size serves as well. Another `z` gives another level.
    Wilson (1927), "Probable inference, the law of succession, and statistical inference", JASA 22.
    """
    centre = share + z**2 / (2 * count)
    half = z * sqrt(share * (1 - share) / count + z**2 / (4 * count**2))
    scale = 1 + z**2 / count
    return max(0.0, (centre - half) / scale), min(1.0, (centre + half) / scale)


class Rate(Protocol):
    """A share, 0 to 1, with the ends of its interval."""

    @property
    def rate(self) -> float:
        """The share."""

    @property
    def low(self) -> float:
        """The lower end of its interval."""

    @property
    def high(self) -> float:
        """The upper end."""


def apart(a: Rate, b: Rate, *, correlation: float = 0.0) -> tuple[float, float]:
    """The 95 % interval of b - a from the two intervals, within -1 and 1.

    Newcombe (1998), "Interval estimation for the difference between independent proportions", Statistics in
    Medicine 17, method 10; with the correlation of the two shares where the same people are in both, as Zou and
    Donner (2008), "Construction of confidence limits about effect measures", Statistics in Medicine 27.
    """

    def reach(down: float, up: float) -> float:
        return sqrt(max(0.0, down**2 + up**2 - 2 * correlation * down * up))

    middle = b.rate - a.rate
    low = middle - reach(b.rate - b.low, a.high - a.rate)
    high = middle + reach(b.high - b.rate, a.rate - a.low)
    return max(-1.0, low), min(1.0, high)
