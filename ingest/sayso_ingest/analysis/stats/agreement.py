"""How much people, or a person and a judge, agree beyond chance."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Literal

import krippendorff
import numpy as np
from scipy.special import ndtri

from sayso_ingest.analysis.stats.arrays import Integers

Level = Literal["nominal", "ordinal", "interval", "ratio"]
Label = Hashable
"""What was said of a thing: a text, a number; None where nothing was."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """Two raters on the same things: how often they said the same, and Cohen's kappa with its 95 % interval."""

    things: int
    same: float
    """Share of the things, 0 to 1."""
    kappa: float
    """1 is full agreement, 0 what chance gives; NaN where both said the same one thing throughout."""
    low: float
    high: float


def cohen(one: Sequence[Label], other: Sequence[Label]) -> Agreement | None:
    """Compare two raters thing by thing; None where there is nothing that both rated.

    Cohen (1960), "A coefficient of agreement for nominal scales"; the interval by Fleiss, Cohen and Everitt (1969).
    """
    pairs = [(a, b) for a, b in zip(one, other, strict=True) if a is not None and b is not None]
    if not pairs:
        return None
    labels = {label: number for number, label in enumerate(dict.fromkeys(x for pair in pairs for x in pair))}
    said = np.array([[labels[a], labels[b]] for a, b in pairs])
    same = float(np.mean(said[:, 0] == said[:, 1]))
    if len(labels) == 1:
        return Agreement(len(pairs), same, float("nan"), float("nan"), float("nan"))
    kappa, deviation = _kappa(said, len(labels))
    half = float(ndtri(0.975)) * deviation
    return Agreement(len(pairs), same, kappa, max(-1.0, kappa - half), min(1.0, kappa + half))


def _kappa(said: Integers, labels: int) -> tuple[float, float]:
    """Kappa of what two said, a row a thing, by numbers of so many labels, and its standard error.

    In a few lines here: the package that has it brings 150 MB to machines that only collect. A test holds both equal.
    Without a table of all labels by all labels: where two choose among candidates, each thing has its own.
    """
    one, other = said.T
    share, share_of_other = (np.bincount(by, minlength=labels) / len(said) for by in (one, other))
    by_chance = float(share @ share_of_other)
    kappa = (float(np.mean(one == other)) - by_chance) / (1 - by_chance)
    pulls = (one == other) - (1 - kappa) * (share_of_other[one] + share[other])
    variance = float(np.mean(pulls**2)) - (kappa - by_chance * (1 - kappa)) ** 2
    return kappa, sqrt(max(0.0, variance) / len(said)) / (1 - by_chance)


def alpha(things: Sequence[Sequence[Label]], *, level: Level = "nominal") -> float:
    """Krippendorff's alpha of ratings, a row a thing with what raters said of it; by whom does not matter.

    1 is full agreement, 0 what chance gives; NaN where no thing has two ratings, or all ratings are the same.
    Above nominal the labels are numbers. Krippendorff (2019), "Content Analysis", 4th edition, chapter 12.
    """
    rated = [ratings for ratings in things if len(ratings) >= 2]
    labels = list(dict.fromkeys(label for ratings in rated for label in ratings))
    if len(labels) < 2:
        return float("nan")
    domain = [
        float(number) if level == "nominal" else float(str(label)) for number, label in enumerate(labels)
    ]
    columns = {labels[place]: column for column, place in enumerate(np.argsort(domain))}
    # Counted, not laid out by rater: of one thing thousands may have spoken.
    counts = np.zeros((len(rated), len(labels)))
    for row, ratings in enumerate(rated):
        for label in ratings:
            counts[row, columns[label]] += 1
    return float(
        krippendorff.alpha(value_counts=counts, value_domain=sorted(domain), level_of_measurement=level)
    )
