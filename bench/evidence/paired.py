"""Means over seeds, with the interval that chance between seeds leaves."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.stats import t


def interval(values: Sequence[float] | np.ndarray) -> tuple[float, float]:
    """The mean, and half of its 95 % interval over seeds (Student's)."""
    size = len(values)
    half = t.ppf(0.975, size - 1) * np.std(values, ddof=1) / size**0.5 if size > 1 else float("nan")
    return float(np.mean(values)), float(half)


def said(values: Sequence[float] | np.ndarray) -> str:
    return "{:.3f} ± {:.3f}".format(*interval(values))
