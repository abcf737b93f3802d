"""A judge that is a model, held against people: its rates corrected by theirs, and what its scores are worth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit, stdtrit

from sayso_ingest.analysis.stats.arrays import Floats, Integers, sums
from sayso_ingest.analysis.stats.wilson import Z, wilson

ISOTONIC_FROM = 500
"""Labels from which on steps are fitted; fewer only bear a curve with two numbers."""
BINS = 10


@dataclass(frozen=True, slots=True)
class CorrectedRate:
    """A rate, 0 to 1, from few labels of people and many of a judge, with its 95 % interval."""

    rate: float
    low: float
    high: float
    labelled: int
    judged: int
    """Labelled by the judge alone."""
    trust: float
    """How much the judge counts, 0 (not at all) to 1."""


@dataclass(frozen=True, slots=True)
class Labels:
    """What people said, a label (l,) each: of which thing and by whom, as places from 0 on, and what, 0 to 1."""

    thing: Integers
    person: Integers
    said: Floats


def corrected_rate(
    people: Floats,
    judge: Floats,
    judge_alone: Floats,
    *,
    weights: Floats | None = None,
    weights_alone: Floats | None = None,
    labels: Labels | None = None,
) -> CorrectedRate | None:
    """The rate that people would give, from labels (n,) of people and of the judge on the same things, 0 to 1.

    `judge_alone` (N,) are the judge's labels on things that no person looked at, drawn from the same traffic. PPI++:
    Angelopoulos, Duchi and Zrnic (2023), "PPI++: efficient prediction-powered inference". The interval is Wilson's, for
    as many labels of people alone as would leave the same variance, with Student's t for few: one that reaches as
    far up as down held only 88 to 91 % where a rate is 5 or 10 %. Weights are one over the probability with which each
    thing was drawn, where that is not the same for all: means are then Hajek's, and their variances linearised. With
    `labels`, whose means by thing `people` are, the interval also knows that labels of one person resemble each other.
    None where fewer than two things have both labels. The same in SQL: the view judge_rates.
    """
    labelled, alone = len(people), len(judge_alone)
    if labelled < 2:
        return None
    by, by_alone = _given(weights, labelled), _given(weights_alone, alone)
    sure, sure_alone = _effective(by), _effective(by_alone)
    everything = np.concatenate([judge, judge_alone])
    spread = float(np.cov(everything, ddof=1, aweights=np.concatenate([by, by_alone])))
    trust = 0.0
    if alone > 1 and spread > 0:
        together = float(np.cov(people, judge, ddof=1, aweights=by)[0, 1])
        trust = float(np.clip(together / ((1 + sure / sure_alone) * spread), 0, 1))
    rest = people - trust * judge
    known = 2 if trust and labelled > 2 else 1  # how much the judge counts was learnt from these labels, too
    rate, variance = _mean(rest, by, known)
    differing = _differing(labels, rest - people, rate, by) if labels else _NOBODY
    if trust:
        mean_alone, variance_alone = _mean(judge_alone, by_alone, 1)
        rate += trust * mean_alone
        variance += trust**2 * variance_alone
    variance += differing.more
    freedom = _freedom(variance - differing.variance, sure - known, differing)
    rate = min(1.0, max(0.0, rate))
    # Where everybody said the same no variance says how sure that is: the labels are counted as they are.
    worth = rate * (1 - rate) / variance if variance > 0 and 0 < rate < 1 else sure
    low, high = wilson(rate, worth * (Z / float(stdtrit(max(1.0, freedom), 0.975))) ** 2)
    return CorrectedRate(rate, low, high, labelled, alone, trust)


@dataclass(frozen=True, slots=True)
class _Differing:
    """How much of a mean's variance comes from people who differ from each other."""

    variance: float
    """Of the mean, if nothing but the sums by person varied."""
    more: float
    """What it has more than labels that are independent would have."""
    freedom: float
    """Its degrees of freedom."""


_NOBODY = _Differing(0.0, 0.0, 1.0)


def _differing(labels: Labels, correction: Floats, mean: float, weights: Floats) -> _Differing:
    """Clusters are people and things both: V(things) + V(people) - V(labels), and never less than V(things).

    Cameron, Gelbach and Miller (2011), "Robust inference with multiway clustering", JBES 29; by person with the factor
    G / (G - 1) of CR1: Liang and Zeger (1986), "Longitudinal data analysis using generalized linear models",
    Biometrika 73. People are counted by Kish's effective size, as one may have said most. Of one person nothing is
    known about how people differ.
    """
    counts = np.bincount(labels.thing, minlength=len(weights))
    weight = weights[labels.thing] / counts[labels.thing]
    pulls = weight * (labels.said + correction[labels.thing] - mean) / weights.sum()
    people = int(labels.person.max()) + 1
    if people < 2:
        return _NOBODY
    variance = people / (people - 1) * float((sums(labels.person, pulls, people) ** 2).sum())
    crowd = _effective(sums(labels.person, weight, people))
    return _Differing(variance, max(0.0, variance - float((pulls**2).sum())), crowd - 1)


def _freedom(rest: float, freedom: float, differing: _Differing) -> float:
    """Degrees of freedom of a sum of two variances: Satterthwaite (1946), Biometrics Bulletin 2.

    `rest` is what people who differ do not explain, with its own.
    """
    if not differing.variance:
        return freedom
    rest = max(0.0, rest)
    whole = (rest + differing.variance) ** 2
    return whole / (rest**2 / max(1.0, freedom) + differing.variance**2 / differing.freedom)


def _given(weights: Floats | None, count: int) -> Floats:
    return np.ones(count) if weights is None else weights


def _effective(weights: Floats) -> float:
    """How many things of one weight would be as sure: Kish's effective sample size."""
    return float(weights.sum() ** 2 / (weights**2).sum()) if len(weights) else 0.0


def _mean(values: Floats, weights: Floats, known: int) -> tuple[float, float]:
    """The weighted mean, and its variance; `known` numbers were learnt from the same values."""
    count, total = len(values), float(weights.sum())
    mean = float(weights @ values) / total
    spread = float((weights**2) @ (values - mean) ** 2) / total**2
    return mean, spread * count / (count - known)


@dataclass(frozen=True, slots=True)
class Calibration:
    """From a judge's score to the probability that people dislike: steps (isotonic) or a curve (Platt)."""

    method: str
    scores: Floats
    probabilities: Floats

    def __call__(self, scores: Floats) -> Floats:
        """The probability (n,) for scores (n,); between known scores in a straight line, beyond them level."""
        return np.interp(scores, self.scores, self.probabilities)


def calibrate(scores: Floats, disliked: Floats) -> Calibration | None:
    """Fit scores (n,) to what people said, 1 for dislike, 0 for like; None where all said the same.

    Isotonic from 500 labels on (pool adjacent violators), falling or rising as the data do; with fewer a logistic curve
    with the targets of Platt (1999), "Probabilistic outputs for support vector machines".
    """
    if not 0 < disliked.sum() < len(disliked):
        return None
    return _isotonic(scores, disliked) if len(scores) >= ISOTONIC_FROM else _platt(scores, disliked)


def _isotonic(scores: Floats, disliked: Floats) -> Calibration:
    from scipy.optimize import isotonic_regression

    known, place, counts = np.unique(scores, return_inverse=True, return_counts=True)
    means = np.bincount(place, disliked) / counts
    rising = bool(np.cov(scores, disliked)[0, 1] >= 0)
    fitted = isotonic_regression(means, weights=counts, increasing=rising).x
    return Calibration("isotonic", known, np.asarray(fitted))


def _platt(scores: Floats, disliked: Floats) -> Calibration:
    against = disliked.sum()
    liked = len(disliked) - against
    targets = np.where(disliked > 0, (against + 1) / (against + 2), 1 / (liked + 2))
    middle, width = scores.mean(), scores.std() or 1.0
    standard = (scores - middle) / width

    def loss(line: Floats) -> float:
        at = line[0] + line[1] * standard
        return float((np.logaddexp(0, at) - targets * at).sum())

    line = minimize(loss, np.zeros(2)).x
    grid = np.linspace(scores.min(), scores.max(), 200)
    return Calibration("Platt", grid, expit(line[0] + line[1] * (grid - middle) / width))


@dataclass(frozen=True, slots=True)
class Bin:
    """Things whose dislike was foretold about alike: how likely that was said to be, and how often it came."""

    foretold: float
    happened: float
    low: float
    high: float
    """Ends of Wilson's 95 % interval of `happened`."""
    count: int


@dataclass(frozen=True, slots=True)
class Reliability:
    """Whether what is foretold at 30 % happens 30 times of 100."""

    error: float
    """Expected calibration error: the mean distance of foretold and happened, 0 to 1."""
    bins: tuple[Bin, ...]


def reliability(foretold: Floats, disliked: Floats) -> Reliability:
    """Hold probabilities (n,) against what people said, 1 or 0, in ten bins of equal width."""
    place = np.minimum((foretold * BINS).astype(np.int64), BINS - 1)
    bins = []
    for number in range(BINS):
        here = place == number
        if here.any():
            happened = float(disliked[here].mean())
            count = int(here.sum())
            bins.append(Bin(float(foretold[here].mean()), happened, *wilson(happened, count), count))
    distance = sum(one.count * abs(one.foretold - one.happened) for one in bins)
    return Reliability(distance / len(foretold) if len(foretold) else 0.0, tuple(bins))
