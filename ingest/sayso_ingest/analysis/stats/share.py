"""A share and how sure it is: Wilson's interval, for independent verdicts and for those of people who give several."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np

from sayso_ingest.analysis.stats.arrays import Floats
from sayso_ingest.analysis.stats.wilson import wilson

MOST = 5.0
"""Verdicts that one person counts for at most within a group, however many they gave."""


@dataclass(frozen=True, slots=True)
class Share:
    """A share of verdicts, 0 to 1, by people who may give several each."""

    people: int
    verdicts: float
    """Their weight together: no person counts for more than `MOST`."""
    rate: float
    variance: float
    """Of the rate, robust to verdicts of one person that resemble each other."""
    effective: float
    """Independent verdicts that would be as sure."""
    low: float
    high: float
    """Ends of the 95 % interval."""


def weigh_down(verdicts: Floats) -> Floats:
    """The weight of each verdict of people (n,) who gave so many within a group: min(n, 5) / n."""
    return np.divide(np.minimum(verdicts, MOST), verdicts, out=np.zeros(len(verdicts)), where=verdicts > 0)


def clustered_share(liked: Floats, verdicts: Floats) -> Share | None:
    """The share of two weighted sums by person, each (n,): what they liked, and all their verdicts.

    Wilson's interval at the effective sample size of the cluster-robust variance by person, as Korn and Graubard
    (1998), "Confidence intervals for proportions with small expected number of positive counts estimated from
    survey data", Survey Methodology 24. None where nobody said anything.
    """
    spoke = verdicts > 0
    liked, verdicts = liked[spoke], verdicts[spoke]
    people, total = len(verdicts), float(verdicts.sum())
    if not people:
        return None
    rate = min(1.0, float(liked.sum()) / total)
    variance = _robust(liked - rate * verdicts) / total**2
    effective = float(people) if variance <= 0 else min(rate * (1 - rate) / variance, total)
    low, high = wilson(rate, effective)
    return Share(people, total, rate, variance, effective, low, high)


def _robust(residuals: Floats) -> float:
    """The variance of a sum over people: G / (G - 1) times the squares; 0 where it is but rounding."""
    people = len(residuals)
    squares = float(residuals @ residuals)
    return people / (people - 1) * squares if people > 1 and sqrt(squares) > 1e-9 else 0.0
