"""How unlike the current eval set each interaction is."""

from __future__ import annotations

import numpy as np

from sayso_ingest.mining.arrays import BLOCK, Floats, Integers, Vectors, percentiles

NEIGHBOURS = 15


def nearest_distance(vectors: Vectors, cases: Vectors) -> Floats:
    """1 - cosine to the nearest case, between 0 and 2; NaN for each where there are no cases."""
    result = np.full(len(vectors), np.nan)
    if len(cases):
        for start in range(0, len(vectors), BLOCK):
            result[start : start + BLOCK] = 1 - (vectors[start : start + BLOCK] @ cases.T).max(axis=1)
        result = np.maximum(result, 0)
    return result


def smoothed(distance: Floats, vectors: Vectors, *, neighbours: int = NEIGHBOURS) -> Floats:
    """Half an interaction's own distance, half the mean of its nearest neighbours': lone oddities sink."""
    take = min(neighbours, len(vectors) - 1)
    if take < 1:
        return distance
    result = distance / 2
    for start in range(0, len(vectors), BLOCK):
        cosines = vectors[start : start + BLOCK] @ vectors.T
        own = np.arange(len(cosines))
        cosines[own, start + own] = -np.inf
        nearest = np.argpartition(-cosines, take - 1, axis=1)[:, :take]
        result[start : start + BLOCK] += distance[nearest].mean(axis=1) / 2
    return result


def underrepresentation(members: Integers, traffic: Integers, cases: Integers) -> Floats:
    """Minus the ratio of a topic's share of the set to its share of traffic, for each interaction.

    `members` (n,) are topics, `traffic` and `cases` (k,) count each topic's interactions and cases.
    """
    expected = cases.sum() * traffic / max(1, traffic.sum())
    ratio = (cases + 0.5) / (expected + 0.5)
    return np.asarray(-ratio[members], dtype=np.float64)


def novelty(
    distance: Floats, vectors: Vectors, *, members: Integers, traffic: Integers, cases: Integers
) -> Floats:
    """Score vectors (n, d) with their distance (n,) to the nearest case into [0, 1]; with no case, all are new.

    The mean of two ranks: smoothed distance to the nearest case, and how few cases the topic has. `members` (n,)
    are topics, `traffic` and `cases` (k,) count each topic's interactions and cases.
    """
    if not cases.sum():
        return np.ones(len(vectors))
    rare = underrepresentation(members, traffic, cases)
    return (percentiles(smoothed(distance, vectors)) + percentiles(rare)) / 2
