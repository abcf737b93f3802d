"""Corrections for asking many questions at once: a few of them come out by chance alone."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.special import ndtr


def false_discovery(p: Sequence[float]) -> list[float]:
    """p-values after Benjamini and Hochberg (1995): of those below 0.05 at most 5 % are false, on average.

    What scipy.stats.false_discovery_control says, without the second or two that loading scipy.stats takes.
    """
    given = np.asarray(p, dtype=float)
    order = np.argsort(-given)
    ranks = np.arange(len(given), 0, -1)
    adjusted = np.empty_like(given)
    adjusted[order] = np.minimum.accumulate(np.minimum(given[order] * len(given) / ranks, 1.0))
    return [float(value) for value in adjusted]


def family_wise(p: Sequence[float]) -> list[float]:
    """p-values after Holm (1979): that any of those below 0.05 is false has a chance of 5 % at most."""
    given = np.asarray(p, dtype=float)
    order = np.argsort(given)
    adjusted = np.empty_like(given)
    adjusted[order] = np.maximum.accumulate(np.minimum(given[order] * np.arange(len(given), 0, -1), 1.0))
    return [float(value) for value in adjusted]


def expected_largest(count: int) -> float:
    """The largest of so many independent standard normal values, on average: by how much the best of them is luck."""
    if count < 2:
        return 0.0
    at = np.linspace(-8, 8, 4001)
    below = ndtr(at) ** count
    # E max = the integral of what is above 0 less what is below it.
    return float(np.trapezoid(np.where(at > 0, 1 - below, -below), at))
