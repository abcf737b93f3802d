"""Taking away what all texts of the traffic share ("all but the top", Mu and Viswanath 2018).

Subtracting the mean and the strongest directions costs nothing and makes distances say more about the
question and less about the house style.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sayso_ingest.mining.arrays import Vectors, unit

ENOUGH_FOR_MEAN = 20
ENOUGH_FOR_DIRECTIONS = 100


@dataclass(frozen=True, slots=True)
class Centring:
    """A mean of shape (d,) and a few directions (k, d), fitted on the traffic."""

    mean: Vectors
    directions: Vectors

    @classmethod
    def fit(cls, traffic: Vectors, *, most: int) -> Centring:
        """Fit on traffic, with so many directions at most; of little of it less is taken: it would be the texts."""
        count, width = traffic.shape
        mean = np.zeros(width, dtype=np.float32)
        if count >= ENOUGH_FOR_MEAN:
            mean = traffic.mean(axis=0, dtype=np.float64).astype(np.float32)
        directions = np.zeros((0, width), dtype=np.float32)
        if count >= ENOUGH_FOR_DIRECTIONS and most:
            centred = (traffic - mean).astype(np.float64)
            _, eigenvectors = np.linalg.eigh(centred.T @ centred)
            directions = eigenvectors[:, -most:].T.astype(np.float32)
        return cls(mean, directions)

    def apply(self, rows: Vectors) -> Vectors:
        """The rows without what is shared, of length 1 again; those of nothing but zeros stay so."""
        return np.where(rows.any(axis=1, keepdims=True), unit(self.without_shared(rows)), np.float32(0))

    def without_shared(self, rows: Vectors) -> Vectors:
        """The rows without what is shared, as long as that leaves them."""
        centred = rows - self.mean
        return np.asarray(centred - (centred @ self.directions.T) @ self.directions, dtype=np.float32)

    def with_mean(self, rows: Vectors) -> Vectors:
        """The rows with the mean put back: `without_shared` gives them again, under a later mean nearly so."""
        return rows + self.mean
