"""How far each kind of signal can be relied on: whether it says what other people say of the same interaction."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from math import fsum

import numpy as np
from sklearn.metrics import roc_auc_score

from sayso_ingest.event import Kind
from sayso_ingest.mining.hardness.dislike import Heard, opinions

COLUMNS = (Kind.THUMB, Kind.SUGGESTION, Kind.RATING, Kind.COMMENT, Kind.ANNOTATION, Kind.JUDGEMENT)
"""Kinds of signals. Of two that contradict each other the later one goes: a judge before people."""

COMPARED = 30
"""Interactions of which others spoke too, below which nothing is said of a signal."""
CONCLUSIVE = 100
"""The same, below which a signal is not left out: by 100 of them the figure is known to about .06."""
COIN = 0.55
"""The area under the curve up to which a signal is no better than a coin."""


@dataclass(frozen=True, slots=True)
class Reliability:
    """How a kind of signal agrees with what other people say."""

    kind: str
    said: int
    """Interactions of which it says yes or no."""
    compared: int
    """Those of which others spoke too."""
    auc: float | None
    """The chance that it is higher where others dislike than where they do not; None where too few were compared."""
    used: bool = True


def reliabilities(heard: Sequence[Sequence[Heard]]) -> list[Reliability]:
    """Of each kind of signal that somebody gave, given what was said of each interaction.

    A kind that is no better than a coin is left out, and the others are measured without it. The last one stays: the
    little that people say is more than nothing.
    """
    given = [kind for kind in COLUMNS if any(v.kind == kind and d is not None for of in heard for v, d in of)]
    out: dict[str, Reliability] = {}
    while True:
        kept = [_measured(heard, kind, within=set(given) - set(out)) for kind in given if kind not in out]
        worst = [one for one in kept if _is_coin(one)]
        if not worst or len(kept) == 1:
            found = {one.kind: one for one in kept} | out
            return [found[kind] for kind in given]
        last = worst[-1]
        out[last.kind] = Reliability(last.kind, last.said, last.compared, last.auc, used=False)


def _is_coin(one: Reliability) -> bool:
    return one.auc is not None and one.compared >= CONCLUSIVE and one.auc <= COIN


def _measured(heard: Sequence[Sequence[Heard]], kind: str, *, within: Collection[str]) -> Reliability:
    """Each interaction counts once, however many gave this signal of it."""
    said = sum(any(v.kind == kind and d is not None for v, d in of) for of in heard)
    scores: list[float] = []
    against: list[bool] = []
    weights: list[float] = []
    for of in heard:
        pairs = list(_beside_others([item for item in of if item[0].kind in within], kind))
        scores += [score for score, _ in pairs]
        against += [others >= 0.5 for _, others in pairs]
        weights += [1 / len(pairs) for _ in pairs]
    compared = round(sum(weights))
    if compared < COMPARED or len(set(against)) == 1:
        return Reliability(kind, said, compared, None)
    auc = roc_auc_score(against, scores, sample_weight=np.array(weights))
    return Reliability(kind, said, compared, float(auc))


def _beside_others(of: Sequence[Heard], kind: str) -> Iterator[tuple[float, float]]:
    """What each person says by this signal, and what the others say by any, on average."""
    every = opinions(of)
    total, others = fsum(every.values()), len(every) - 1
    for who, score in opinions([item for item in of if item[0].kind == kind]).items():
        if others:
            yield score, (total - every[who]) / others
