"""The difference of two shares, as counted or as if both groups had met the same mix of strata."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import sqrt

import numpy as np
from scipy.special import ndtr

from sayso_ingest.analysis.stats.arrays import Booleans, Floats, Integers, sums
from sayso_ingest.analysis.stats.cells import Cells
from sayso_ingest.analysis.stats.sequence import Interval
from sayso_ingest.analysis.stats.share import Share, clustered_share
from sayso_ingest.analysis.stats.wilson import apart

FEW = 5
"""People in a stratum of either group below which it is put together with the other small ones."""
MOST_STRATA = 50
"""Strata that are looked into one by one, the largest; a team that reads them cannot look into more either."""


def newcombe(a: Share, b: Share, *, correlation: float = 0.0) -> Interval:
    """The 95 % interval of b - a from the two intervals, within -1 and 1, by Newcombe's method."""
    return Interval(*apart(a, b, correlation=correlation))


def correlation(cells: Cells, a: Share, b: Share) -> float:
    """How the shares of two groups move together because people are in both, -1 to 1."""
    if a.variance <= 0 or b.variance <= 0:
        return 0.0
    residuals = []
    for group, share in enumerate((a, b)):
        liked, verdicts = cells.by_person(group)
        residuals.append((liked - share.rate * verdicts) / share.verdicts)
    return float(np.clip(residuals[0] @ residuals[1] / sqrt(a.variance * b.variance), -1, 1))


@dataclass(frozen=True, slots=True)
class Corrected:
    """Two shares and their difference over the strata that both groups have, weighed alike in both."""

    rate_a: float
    rate_b: float
    variance_a: float
    variance_b: float
    variance: float
    """Of the difference; less than the sum of the two where people are in both groups."""
    compared: float
    """The share of all verdicts that lie in strata which both groups have, 0 to 1."""

    @property
    def difference(self) -> float:
        """The second less the first."""
        return self.rate_b - self.rate_a


def corrected_difference(cells: Cells) -> Corrected | None:
    """The difference as if both groups had met the same mix of strata; None where they share no stratum.

    Strata are weighed as Mantel and Haenszel do, M_a M_b / (M_a + M_b), which small ones cannot spoil; small ones
    are put together. The variance is robust to verdicts of one person that resemble each other, over strata and
    groups, and no less than that of independent verdicts (smoothed, so that a rate of 0 or 1 is not certain).
    """
    cells = replace(cells, stratum=_put_together(cells))
    said, liked = cells.tabled(cells.verdicts), cells.tabled(cells.liked)
    weights = np.divide(
        said[0] * said[1], said.sum(axis=0), out=np.zeros(cells.strata), where=said[0] * said[1] > 0
    )
    if weights.sum() <= 0:
        return None
    weights /= weights.sum()
    rates = np.divide(liked, said, out=np.zeros_like(said), where=said > 0)
    pulls = _pulls(cells, rates, said, weights)
    smooth = (liked + 1) / (said + 2)
    least = (weights**2 * smooth * (1 - smooth) / (said + 2)).sum(axis=1)
    variance_a, variance_b = np.maximum((pulls**2).sum(axis=1), least)
    rate_a, rate_b = rates @ weights
    together = float(pulls[0] @ pulls[1])
    return Corrected(
        rate_a=float(rate_a),
        rate_b=float(rate_b),
        variance_a=float(variance_a),
        variance_b=float(variance_b),
        variance=float(max(variance_a + variance_b - 2 * together, abs(variance_a - variance_b))),
        compared=float(said[:, weights > 0].sum() / said.sum()),
    )


def _pulls(cells: Cells, rates: Floats, said: Floats, weights: Floats) -> Floats:
    """How far each person pulls each group's corrected share from where it is, (2, people)."""
    people = _people(cells)
    counted = np.sqrt(people / np.maximum(people - 1, 1))  # G / (G - 1) in each stratum
    share = np.divide(weights * counted, said, out=np.zeros_like(said), where=said > 0)
    at = (cells.group, cells.stratum)
    pull = share[at] * (cells.liked - rates[at] * cells.verdicts)
    place = cells.group * cells.people + cells.person
    return sums(place, pull, 2 * cells.people).reshape(2, cells.people)


def _put_together(cells: Cells) -> Integers:
    """The stratum of each row, with those that both groups have, and either few people of, as one."""
    people = _people(cells)
    small: Booleans = np.any(people < FEW, axis=0) & np.all(people > 0, axis=0)
    kept = np.cumsum(~small) - 1
    rest = int((~small).sum())
    return np.where(small[cells.stratum], rest, kept[cells.stratum])


def _people(cells: Cells) -> Floats:
    """People by group and stratum, (2, strata)."""
    place = cells.group * cells.strata + cells.stratum
    everybody = max(1, cells.people)
    met = np.sort(place * everybody + cells.person)  # numpy's unique() takes four times as long
    each = met[np.flatnonzero(np.diff(met, prepend=-1))] // everybody
    return np.bincount(each, minlength=2 * cells.strata).reshape(2, cells.strata).astype(np.float64)


@dataclass(frozen=True, slots=True)
class StratumDifference:
    """The difference of two groups within one stratum."""

    stratum: int
    a: Share
    b: Share
    interval: Interval
    p: float
    """Probability of a difference as large by chance, before any correction for how many strata there are."""

    @property
    def difference(self) -> float:
        """The second less the first."""
        return self.b.rate - self.a.rate


def differences_by_stratum(cells: Cells) -> list[StratumDifference]:
    """The difference within each stratum that has enough people of both groups, as they are numbered."""
    enough = (_people(cells) >= FEW).all(axis=0)
    largest = np.argsort(-np.where(enough, cells.tabled(cells.verdicts).min(axis=0), 0), kind="stable")
    found = []
    for stratum in sorted(map(int, largest[: min(MOST_STRATA, enough.sum())])):
        here = cells.where(cells.stratum == stratum).compact()
        a, b = (clustered_share(*here.by_person(group)) for group in (0, 1))
        inside = corrected_difference(here.as_one_stratum())
        if a and b and inside:
            z = abs(inside.difference) / sqrt(inside.variance)
            interval = newcombe(a, b, correlation=correlation(here, a, b))
            found.append(StratumDifference(stratum, a, b, interval, float(2 * ndtr(-z))))
    return found
