"""Choosing k interactions that together stand for the most traffic (facility location, lazy greedy).

The set S covers f(S) = sum over clients x of max over s in S and the current set of max(0, cosine(x, s)).
Each candidate's gain is weighed by how much that candidate is worth having: weighing the clients instead
picks central interactions that are not hard themselves.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass

import numpy as np

from sayso_ingest.mining.arrays import BLOCK, Booleans, Floats, Vectors

HARDNESS_POWER = 4


@dataclass(frozen=True, slots=True)
class Pick:
    """A chosen candidate, by its row, and the coverage it added when it was chosen."""

    row: int
    gain: float


def closeness(clients: Vectors, others: Vectors) -> Vectors:
    """max(0, cosine), of shape (others, clients): one row for each thing that may stand for the clients."""
    result = np.empty((len(others), len(clients)), dtype=np.float32)
    for start in range(0, len(others), BLOCK):
        result[start : start + BLOCK] = others[start : start + BLOCK] @ clients.T
    return np.maximum(result, 0, out=result)


def covered_by(clients: Vectors, cases: Vectors) -> Vectors:
    """How close the nearest case of the current set is to each client: the warm start (clients,)."""
    covered = np.zeros(len(clients), dtype=np.float32)
    for start in range(0, len(cases), BLOCK):
        np.maximum(covered, closeness(clients, cases[start : start + BLOCK]).max(axis=0), out=covered)
    return covered


def facility_location(
    candidates: Vectors,
    weights: Floats,
    covered: Vectors,
    *,
    budget: int,
    limited: Booleans | None = None,
    most: int = 0,
) -> list[Pick]:
    """Pick `budget` rows of `candidates` (m, clients), each the one with the largest gain x weight.

    `covered` (clients,) is what the current set covers already. Gains only shrink as the set grows, so a stale
    one is an upper bound (Minoux 1978): only the top of the heap is computed again. Equal worth: lower row first.
    Of the rows that are `limited` (m,), at most `most` are picked.
    """
    covered = covered.copy()
    heap = [(-np.inf, row, -1) for row in range(len(candidates))]
    picks: list[Pick] = []
    while heap and len(picks) < budget:
        _, row, computed_at = heapq.heappop(heap)
        if limited is not None and limited[row] and most <= 0:
            continue
        gain = float(np.maximum(candidates[row] - covered, 0).sum(dtype=np.float64))
        if computed_at == len(picks):
            np.maximum(covered, candidates[row], out=covered)
            picks.append(Pick(row, gain))
            most -= int(limited is not None and limited[row])
        else:
            heapq.heappush(heap, (-gain * float(weights[row]), row, len(picks)))
    return picks
