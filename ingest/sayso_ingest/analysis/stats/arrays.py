"""Names for the arrays that statistics are made from."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Floats: TypeAlias = npt.NDArray[np.float64]
Integers: TypeAlias = npt.NDArray[np.int64]
Booleans: TypeAlias = npt.NDArray[np.bool_]


def sums(place: Integers, values: Floats, size: int) -> Floats:
    """The sum of values (n,) at each place from 0 up to `size`."""
    return np.bincount(place, values, size).astype(np.float64)
