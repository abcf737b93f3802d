"""What people did with answers, and how these turned out, where nobody said a word: copied, regenerated, reopened.

An act tells as much as it does where somebody also spoke: how much more, or less, often such answers were disliked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from scipy.special import expit, logit

from sayso_ingest.analysis import wilson
from sayso_ingest.mining.arrays import Booleans, Floats
from sayso_ingest.mining.rows import Done

PRIOR_WEIGHT = 4.0
"""Answers that the rate of all counts as, beside those with the act."""
LEAST = 5
"""Answers with an act that somebody also spoke of, below which it tells nothing; done less, it is not looked at."""
MOST = 50
"""Acts that are looked at, the most usual: an application names them, and may name any number."""
MOST_ODDS = 3.0
"""How far acts change a guess at most, as log odds: what is done with an answer is seldom independent."""


@dataclass(frozen=True, slots=True)
class Act:
    """Something done with so many answers; of those that somebody `judged` so many were `disliked`.

    `odds` is what it adds to the log odds of dislike: 0 where it was not seen to tell anything.
    """

    name: str
    done: int
    judged: int
    disliked: int
    odds: float


@dataclass(frozen=True, slots=True)
class Acts:
    """The acts (a), and where they were done (n, a)."""

    acts: Sequence[Act]
    where: Booleans
    events: Mapping[tuple[int, str], Sequence[str]]
    """The ids of the events that say so, by row and act."""

    @classmethod
    def of(cls, targets: Sequence[str], done: Sequence[Done], rate: Floats) -> Self:
        """Measure what was done by the dislike rate (n,), NaN where nobody spoke."""
        place = {target: row for row, target in enumerate(targets)}
        usual = Counter(one.act for one in done if one.target in place).most_common(MOST)
        number = {name: at for at, name in enumerate(sorted(name for name, times in usual if times >= LEAST))}
        where = np.zeros((len(targets), len(number)), dtype=bool)
        known = [one for one in done if one.target in place and one.act in number]
        for one in known:
            where[place[one.target], number[one.act]] = True
        spoken = ~np.isnan(rate)
        against = rate >= 0.5
        base = float(against[spoken].mean()) if spoken.any() else float("nan")
        acts = [
            _measured(name, where[:, at], int(where[spoken, at].sum()), int(where[against, at].sum()), base)
            for name, at in number.items()
        ]
        return cls(acts, where, {(place[one.target], one.act): one.event_ids for one in known})

    def heeded(self, probability: Floats) -> Floats:
        """Guesses (n,) of dislike, changed by what was done."""
        odds = np.clip(self.where @ np.array([act.odds for act in self.acts]), -MOST_ODDS, MOST_ODDS)
        changed = expit(logit(np.clip(probability, 1e-6, 1 - 1e-6)) + odds)
        return np.asarray(np.where(odds == 0, probability, changed), dtype=np.float64)

    def against(self, row: int) -> list[Act]:
        """What was done with one answer and tells that it is likely to be disliked, the most telling first."""
        found = [act for act, done in zip(self.acts, self.where[row], strict=True) if done and act.odds > 0]
        return sorted(found, key=lambda act: -act.odds)

    def behind(self, row: int) -> set[str]:
        """The events that say what was done against an answer."""
        return {event for act in self.against(row) for event in self.events[row, act.name]}


def _measured(name: str, where: Booleans, judged: int, disliked: int, base: float) -> Act:
    low, high = wilson(disliked / judged, judged) if judged >= LEAST else (0.0, 1.0)
    tells = 0 < base < 1 and not low <= base <= high
    rate = (disliked + PRIOR_WEIGHT * base) / (judged + PRIOR_WEIGHT) if tells else 0.5
    odds = float(logit(rate) - logit(base)) if tells else 0.0
    return Act(name, int(where.sum()), judged, disliked, odds)
