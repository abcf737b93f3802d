"""How hard each interaction is: what people, annotators and judges said, and how likely the rest is to fail.

Every signal keeps a column of its own. The score is the posterior mean of a coin with the prior probability
of failing worth `PRIOR_VOTES` votes: one dislike among silence counts, and more of them count more.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np

from sayso_ingest.event import Kind
from sayso_ingest.mining.arrays import Floats
from sayso_ingest.mining.hardness.dislike import Heard, dislikes, opinions
from sayso_ingest.mining.hardness.reliability import COLUMNS, Reliability, reliabilities
from sayso_ingest.mining.rows import Verdict

ASKED_FOR = frozenset({Kind.ANNOTATION, Kind.JUDGEMENT})
"""Kinds given by people and models whose work it is: their number is no sign of being loud."""

PRIOR_VOTES = 2.0
LOUD = 10
"""Times the usual number of verdicts above which a person's single verdict weighs less."""
USUAL = 3


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was said about n interactions. `columns[kind]` (n,) is the mean dislike by kind, NaN for silence;
    `votes` (n,) is the weight of those who spoke, `disliked` (n,) how much of it was against: by signals in use."""

    columns: Mapping[str, Floats]
    votes: Floats
    disliked: Floats
    verdicts: Sequence[Sequence[Heard]]
    reliability: Sequence[Reliability] = ()
    """Of each kind of signal that somebody gave."""

    @property
    def rate(self) -> Floats:
        """The share of dislike among those who spoke, NaN for silence."""
        silence = np.full(len(self.votes), np.nan)
        return np.asarray(
            np.divide(self.disliked, self.votes, out=silence, where=self.votes > 0), dtype=np.float64
        )


def weigh(targets: Sequence[str], verdicts: Sequence[Verdict]) -> Evidence:
    """Gather the verdicts about each target: each person one vote, however much they said about it.

    A kind of signal that is measured to be no better than a coin keeps its column, and has no vote.
    """
    loudness = voices(verdicts)
    heard: list[list[Heard]] = [[] for _ in targets]
    place = {target: row for row, target in enumerate(targets)}
    for verdict, dislike in zip(verdicts, dislikes(verdicts), strict=True):
        if verdict.target in place:
            heard[place[verdict.target]].append((verdict, dislike))
    columns: dict[str, Floats] = {
        kind: np.array([_mean(d for v, d in of if v.kind == kind and d is not None) for of in heard])
        for kind in COLUMNS
    }
    reliability = reliabilities(heard)
    used = {one.kind for one in reliability if one.used}
    votes, disliked = np.zeros(len(targets)), np.zeros(len(targets))
    for row, of in enumerate(heard):
        for who, opinion in opinions(item for item in of if item[0].kind in used).items():
            votes[row] += loudness[who]
            disliked[row] += loudness[who] * opinion
    return Evidence(columns, votes, disliked, heard, reliability)


def voices(verdicts: Sequence[Verdict]) -> dict[str, float]:
    """The weight of one verdict of each person: less than 1 for who says far more than the others do.

    Above `LOUD` times the median number of verdicts, a person's verdicts together weigh as much as that many.
    Annotators and judges are not weighed down, and nobody is where there is no one to compare with.
    """
    counts = Counter(verdict.who for verdict in verdicts if verdict.kind not in ASKED_FOR)
    cap = LOUD * max(USUAL, median(counts.values())) if counts else 0
    weights = {verdict.who: 1.0 for verdict in verdicts}
    return weights | {who: min(1.0, cap / count) for who, count in counts.items()}


def hardness(evidence: Evidence, prior: Floats) -> Floats:
    """The score in [0, 1] of each interaction, from what was said and the prior (n,) where little was."""
    return np.asarray((evidence.disliked + PRIOR_VOTES * prior) / (evidence.votes + PRIOR_VOTES))


def _mean(values: Iterable[float]) -> float:
    listed = list(values)
    return sum(listed) / len(listed) if listed else float("nan")
