"""Ridge regression on squares and products, which tells each row it learned from as if it had not seen it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np

from sayso_ingest.mining.arrays import Floats

PENALTIES = np.logspace(-2, 3, 11)
FLAT = 1e-9
"""A feature that varies no more than this says nothing."""


@dataclass(frozen=True, slots=True)
class Regression:
    """What turns features (n, f) into values (n, v)."""

    scaling: tuple[_Scaling, _Scaling]
    """Of the features, and of their squares and products."""
    mean: Floats
    weights: Floats
    held_out: Floats
    """The value (n, v) of each row by a regression on all the others."""

    @classmethod
    def fit(cls, features: Floats, values: Floats) -> Self:
        """Fit on rows of features (n, f) and values (n, v), with the penalty that tells left-out rows best.

        Left-out rows are told in closed form: Allen (1974), "The relationship between variable selection and data
        augmentation and a method for prediction", Technometrics 16.
        """
        first = _Scaling.of(features)
        squares = _squares(first.apply(features))
        second = _Scaling.of(squares)
        left, strength, right = np.linalg.svd(second.apply(squares), full_matrices=False)
        mean = values.mean(axis=0)
        inside = left.T @ (values - mean)
        found = []
        for penalty in PENALTIES:
            kept = strength**2 / (strength**2 + penalty)
            residuals = values - mean - (left * kept) @ inside
            leverage = (left**2) @ kept + 1 / len(values)
            errors = residuals / np.maximum(FLAT, 1 - leverage)[:, None]
            found.append((float((errors**2).sum()), penalty, values - errors))
        _, penalty, held_out = min(found, key=lambda one: one[0])
        weights = right.T @ (inside * (strength / (strength**2 + penalty))[:, None])
        return cls((first, second), mean, weights, held_out)

    def predict(self, features: Floats) -> Floats:
        """The values (n, v) of rows of features (n, f)."""
        first, second = self.scaling
        return np.asarray(self.mean + second.apply(_squares(first.apply(features))) @ self.weights)


@dataclass(frozen=True, slots=True)
class _Scaling:
    mean: Floats
    deviation: Floats

    @classmethod
    def of(cls, features: Floats) -> Self:
        deviation = features.std(axis=0)
        return cls(features.mean(axis=0), np.where(deviation > FLAT, deviation, np.inf))

    def apply(self, features: Floats) -> Floats:
        return np.asarray((features - self.mean) / self.deviation)


def _squares(features: Floats) -> Floats:
    """The features (n, f), and the product of each with each of those after it and with itself."""
    one, other = np.triu_indices(features.shape[1])
    return np.hstack([features, features[:, one] * features[:, other]])
