"""Names for the arrays that mining passes around, and the two operations every room of it needs."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from sayso_ingest.analysis.stats.arrays import Booleans, Floats, Integers

__all__ = ["BLOCK", "Booleans", "Floats", "Integers", "Vectors", "percentiles", "unit"]

Vectors: TypeAlias = npt.NDArray[np.float32]
"""One row a text, each of length 1 (or all zero where a text says nothing)."""

BLOCK = 2_000
"""Rows multiplied at a time, so that no intermediate matrix outgrows a few hundred megabytes."""


def unit(rows: Vectors) -> Vectors:
    """Scale each row to length 1; rows of nothing but zeros stay as they are."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.where(lengths < 1e-9, 1.0, lengths), dtype=np.float32)


def percentiles(values: Floats) -> Floats:
    """Rank each value into (0, 1), the lowest near 0; equal values share their mean rank."""
    if not len(values):
        return np.zeros(0)
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    middle = last - (counts - 1) / 2
    return np.asarray((middle[inverse] - 0.5) / len(values), dtype=np.float64)
