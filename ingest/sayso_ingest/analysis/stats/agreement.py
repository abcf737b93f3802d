"""How much people, or a person and a judge, agree beyond chance."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Literal

import krippendorff
import numpy as np
from scipy.special import ndtri

from sayso_ingest.analysis.stats.arrays import Floats

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
    table = np.zeros((len(labels), len(labels)))
    for a, b in pairs:
        table[labels[a], labels[b]] += 1
    same = float(np.trace(table)) / len(pairs)
    if len(labels) == 1:
        return Agreement(len(pairs), same, float("nan"), float("nan"), float("nan"))
    kappa, deviation = _kappa(table)
    half = float(ndtri(0.975)) * deviation
    return Agreement(len(pairs), same, kappa, max(-1.0, kappa - half), min(1.0, kappa + half))


def _kappa(table: Floats) -> tuple[float, float]:
    """Kappa of counts, a row what one said, a column what the other did, and its standard error.

    In a few lines here: the package that has it brings 150 MB to machines that only collect. A test holds both equal.
    """
    shares = table / table.sum()
    rows, columns = shares.sum(axis=1), shares.sum(axis=0)
    by_chance = float(rows @ columns)
    kappa = (float(np.trace(shares)) - by_chance) / (1 - by_chance)
    pulls = np.eye(len(table)) - (1 - kappa) * (columns[:, None] + rows)
    variance = float((shares * pulls**2).sum()) - (kappa - by_chance * (1 - kappa)) ** 2
    return kappa, sqrt(max(0.0, variance) / table.sum()) / (1 - by_chance)


def alpha(ratings: Sequence[Sequence[Label]], *, level: Level = "nominal") -> float:
    """Krippendorff's alpha of ratings, a row a rater, a column a thing, None where a rater said nothing of it.

    1 is full agreement, 0 what chance gives; NaN where no thing has two ratings, or all ratings are the same.
    Above nominal the labels are numbers. Krippendorff (2019), "Content Analysis", 4th edition, chapter 12.
    """
    numbers: dict[Label, float] = {}
    rows = [[np.nan if x is None else _number(x, numbers, level) for x in row] for row in ratings]
    if not rows or not rows[0]:
        return float("nan")
    coded = np.array(rows)
    pairable = coded[:, (~np.isnan(coded)).sum(axis=0) >= 2]
    values = pairable[~np.isnan(pairable)]
    if len(np.unique(values)) < 2:
        return float("nan")
    return float(krippendorff.alpha(reliability_data=pairable, level_of_measurement=level))


def _number(label: Label, numbers: dict[Label, float], level: Level) -> float:
    return numbers.setdefault(label, len(numbers)) if level == "nominal" else float(str(label))
