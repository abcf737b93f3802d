"""Choosing k interactions that are unlike each other, and each like many others.

Farthest first (Gonzalez 1985; k-center, Sener and Savarese 2018) finds what is asked seldom, and junk as well, which is
like nothing. So a distance counts as much as it is dense there, and what is most alone is set aside; and each text
stands half for itself, half for its neighbours, so that the way it is worded does not make it far. Who is after what is
asked seldom lets density decide only what is set aside.
"""

from __future__ import annotations

import numpy as np

from sayso_ingest.mining.arrays import Floats, Vectors, unit
from sayso_ingest.mining.selection.select import Pick, covered_by
from sayso_ingest.mining.similarity.graph import NEIGHBOURS, joined, nearest, neighbours_of

LONELY, SELDOM_LONELY = 0.15, 0.2
"""The share of candidates, those with the least density, that comes after all others: the second where density says
nothing else."""
LEFT = 1e-6
"""What these are worth of what they would be: they fill a budget that nothing else does."""


def spread(
    candidates: Vectors, weights: Floats, cases: Vectors, *, budget: int, seldom: bool = False
) -> list[Pick]:
    """Pick `budget` rows of `candidates` (m, d), each the one with the largest distance x density x weight (m,).

    The distance is that to the nearest pick, or case (k, d) of the current set. Equal worth: lower row first.
    What has least density comes after all else; `seldom`: otherwise density does not count.
    """
    vectors = np.vstack([candidates, cases])
    if not len(candidates) or len(vectors) < 2:
        return [Pick(row, float(weights[row])) for row in range(min(budget, len(candidates)))]
    rows, cosines = nearest(vectors, min(NEIGHBOURS, len(vectors) - 1))
    everywhere = neighbours_of(joined(rows, cosines), np.ones(len(vectors), dtype=bool))
    dense = np.maximum(cosines.mean(axis=1), 0).astype(np.float64)
    dense = ((dense + everywhere @ dense) / 2)[: len(candidates)]
    lonely = dense < np.quantile(dense, SELDOM_LONELY if seldom else LONELY)
    worth = weights * np.where(lonely, dense * LEFT, 1 if seldom else dense)
    smooth = unit(np.asarray(vectors + everywhere @ vectors, dtype=np.float32))
    ours, covered = (
        smooth[: len(candidates)],
        covered_by(smooth[: len(candidates)], smooth[len(candidates) :]),
    )
    left = np.ones(len(ours), dtype=bool)
    picks: list[Pick] = []
    while len(picks) < min(budget, len(ours)):
        gains = np.where(left, (1 - covered) * worth, -np.inf)
        row = int(gains.argmax())
        left[row] = False
        picks.append(Pick(row, float(gains[row])))
        np.maximum(covered, ours @ ours[row], out=covered)
    return picks
