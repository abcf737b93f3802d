"""Intervals that hold however often one looks, and what they could have found.

An ordinary 95 % interval is wrong 40 % of the time for somebody who looks each day until it excludes zero. An
asymptotic confidence sequence is wrong at most 5 % of the time over all looks together, for the price of being
about half as wide again.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from math import inf, log, sqrt

from scipy.special import ndtri

ALPHA = 0.05
PLANNED = 1_000.0
"""Effective verdicts in each group at which the sequence is narrowest; from a tenth to ten times as many it hardly
matters."""
POWER = 0.8


@dataclass(frozen=True, slots=True)
class Interval:
    """Two ends."""

    low: float
    high: float

    @property
    def farthest(self) -> float:
        """The largest size, in either direction, that it does not rule out."""
        return max(abs(self.low), abs(self.high))


def sequence_width(effective: float, *, planned: float = PLANNED) -> float:
    """Half the width of the 95 % confidence sequence in standard errors, at an effective size a group (above 0).

    Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas (2024), "Time-uniform central limit theory and asymptotic
    confidence sequences", Annals of Statistics 52, Theorem 2.2; rho by their equation for the planned size.
    """
    spread = -2 * log(ALPHA) + log(-2 * log(ALPHA) + 1)
    time = effective * spread / planned
    return sqrt(2 * (time + 1) / time * log(sqrt(time + 1) / ALPHA))


def confidence_sequence(
    difference: float, variance: float, effective: float, *, planned: float = PLANNED
) -> Interval:
    """The interval of a difference of two shares with that variance, valid at every look; within -1 and 1."""
    half = sequence_width(effective, planned=planned) * sqrt(variance) if effective > 0 else inf
    return Interval(max(-1.0, difference - half), min(1.0, difference + half))


def detectable(variance: float, effective: float, *, planned: float = PLANNED) -> float:
    """The smallest true difference that the sequence would exclude zero for, 80 times of 100, at this size."""
    if effective <= 0:
        return 1.0
    return min(1.0, (sequence_width(effective, planned=planned) + float(ndtri(POWER))) * sqrt(variance))


@dataclass(frozen=True, slots=True)
class Grown:
    """One group as it is now: how it would be with more people like those who spoke."""

    people: float
    variance: float
    """Of its share."""
    effective: float

    def more(self, people: float) -> Grown:
        """The group with so many more people."""
        factor = (self.people + people) / self.people
        return Grown(self.people + people, self.variance / factor, self.effective * factor)


def people_needed(one: Grown, other: Grown, difference: float, *, planned: float = PLANNED) -> int:
    """How many more people are needed in each group to detect a difference (above 0) 80 times of 100; 0 if enough."""

    def short_of(more: float) -> float:
        first, second = one.more(more), other.more(more)
        effective = 2 / (1 / first.effective + 1 / second.effective)
        return detectable(first.variance + second.variance, effective, planned=planned) - difference

    most = 1
    while short_of(most) > 0:
        most *= 2
    return bisect_left(range(most), True, key=lambda more: short_of(more) <= 0)
