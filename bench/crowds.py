"""Made-up people who like more or less of what they get: a few of them say very much, many speak on two topics."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
from sayso_ingest.analysis.stats.cells import Cells

LOUD = 0.03
EASIER = np.array([0.2, 0.1, 0.05, -0.05, -0.1, -0.2])
"""How much more each topic is liked than the mean of them."""
ALIKE_MIX, HARDER_MIX = np.full(6, 1 / 6), np.array([1, 1, 1, 2, 3, 4]) / 12


def crowd(
    random: np.random.Generator,
    people: int,
    rates: tuple[float, float],
    *,
    in_both: bool = False,
    harder: bool = False,
) -> Cells:
    """So many people in the order in which they come, each on one of two sides drawn by lot, or on both.

    The rates are liked of either side over topics alike; where it is `harder`, the second is asked other things.
    """
    ease, drawn = random.random(people), random.integers(0, 2, people)
    sides = []
    for side, rate in enumerate(rates):
        who = np.arange(people) if in_both else np.flatnonzero(drawn == side)
        mix = HARDER_MIX if harder and side else ALIKE_MIX
        said = _spoken(random, who, ease=ease[who], rate=rate, mix=mix)
        sides.append(replace(said, group=np.full(len(said.person), side)))
    return _together(sides)


def said_by(random: np.random.Generator, people: int) -> np.ndarray:
    """How many verdicts each gives: one or a few, and a hundred of the loud ones."""
    return np.where(random.random(people) < LOUD, 100, random.geometric(0.4, people))


def liking(ease: np.ndarray, rate: np.ndarray | float) -> np.ndarray:
    """How often each person likes what is liked at that rate, from how easily they are pleased, 0 to 1.

    They differ as much as an even spread around the rate allows: two verdicts of one person correlate by a seventh.
    """
    return np.asarray(rate + (2 * ease - 1) * np.minimum(rate, 1 - np.asarray(rate)))


def _spoken(
    random: np.random.Generator, who: np.ndarray, *, ease: np.ndarray, rate: float, mix: np.ndarray
) -> Cells:
    """What these people say on one side: each on one topic or two."""
    all_said = said_by(random, len(who))
    first = random.binomial(all_said, 0.5)
    parts = []
    for said in (first, all_said - first):
        topic = random.choice(len(mix), len(who), p=mix)
        liked = random.binomial(said, liking(ease, rate + EASIER[topic]))
        parts.append(Cells(np.zeros_like(who), topic, who, liked.astype(float), said.astype(float)))
    whole = _together(parts)
    return whole.where(whole.verdicts > 0)


def _together(parts: list[Cells]) -> Cells:
    columns = [field.name for field in fields(Cells)]
    return Cells(*(np.concatenate([getattr(part, name) for part in parts]) for name in columns))
