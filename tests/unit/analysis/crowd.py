"""A crowd that says what it likes: people differ in how much they like, and a few say very much."""

from __future__ import annotations

import numpy as np
from sayso_ingest.analysis.stats.cells import Cells
from scipy.special import betaincinv


def opinions(random: np.random.Generator, people: int, rate: float, *, alike: float = 0.2) -> np.ndarray:
    """How often each person likes an answer: `rate` on average, `alike` the correlation of one person's verdicts."""
    return liking(random.random(people), rate, alike=alike)


def liking(ease: np.ndarray, rate: float, *, alike: float = 0.2) -> np.ndarray:
    """The same for people of whom it is given how easily they are pleased, 0 to 1."""
    strength = 1 / alike - 1
    return np.asarray(betaincinv(rate * strength, (1 - rate) * strength, ease))


def loudness(random: np.random.Generator, people: int, *, loud: float = 0.03) -> np.ndarray:
    """How many verdicts each person gives: one or a few, and a hundred of the loud ones."""
    return np.where(random.random(people) < loud, 100, random.geometric(0.4, people))


def crowd(
    random: np.random.Generator,
    *,
    people: int,
    rates: tuple[float, float],
    strata: int = 1,
    in_both: bool = False,
) -> Cells:
    """Two groups of so many people each, or the same people in both."""
    liked, verdicts, group, person = [], [], [], []
    ease = random.random(people)
    for number, rate in enumerate(rates):
        said = loudness(random, people)
        likes = liking(ease if in_both else random.random(people), rate)
        verdicts.append(said)
        liked.append(random.binomial(said, likes))
        group.append(np.full(people, number))
        person.append(np.arange(people) + (0 if in_both else number * people))
    rows = [np.concatenate(part) for part in (group, person, liked, verdicts)]
    return Cells(
        group=rows[0],
        stratum=random.integers(0, strata, 2 * people),
        person=rows[1],
        liked=rows[2].astype(float),
        verdicts=rows[3].astype(float),
    )
