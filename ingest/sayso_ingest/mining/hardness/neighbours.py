"""How those fared that were asked nearly the same: this tells something where failures are of a topic."""

from __future__ import annotations

import numpy as np
from sklearn.model_selection import StratifiedKFold

from sayso_ingest.mining.arrays import BLOCK, Floats, Integers, Vectors

PRIOR_WEIGHT = 4.0
"""Neighbours that the rate of all counts as much as."""
SHARPNESS = 4
"""The power of the cosine that a neighbour weighs."""
MOST = 2_000
"""Judged interactions, evenly spread, that others are held against; of fewer, all."""
FOLDS = 5


def neighbours_dislike(vectors: Vectors, judged: Vectors, disliked: Integers) -> Floats:
    """The share of dislike (n,) among the judged (m,) near each, drawn to the rate of all where few are near."""
    step = max(1, -(-len(judged) // MOST))
    judged, disliked = judged[::step], disliked[::step]
    found = np.empty(len(vectors))
    for start in range(0, len(vectors), BLOCK):
        weights = np.maximum(vectors[start : start + BLOCK] @ judged.T, 0) ** SHARPNESS
        against = weights @ disliked + PRIOR_WEIGHT * disliked.mean()
        found[start : start + BLOCK] = against / (weights.sum(axis=1) + PRIOR_WEIGHT)
    return found


def of_others(judged: Vectors, disliked: Integers) -> Floats:
    """The same for the judged themselves: each from those in other folds, so that none is told its own verdict."""
    found = np.empty(len(judged))
    for rest, fold in folds(disliked):
        found[fold] = neighbours_dislike(judged[fold], judged[rest], disliked[rest])
    return found


def folds(disliked: Integers) -> list[tuple[Integers, Integers]]:
    """What to fit on and what to hold out, with as many disliked in each."""
    return list(StratifiedKFold(FOLDS, shuffle=True, random_state=0).split(disliked, disliked))
