"""The distinct questions of traffic and of a set, held beside each other in an order that is always the same."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sayso_ingest.mining.arrays import Booleans, Floats, Integers, Vectors

DECIMALS = 4
"""Vectors that agree this far are the same: products of matrices differ in the seventh, by where a row stands."""


@dataclass(frozen=True, slots=True)
class Field:
    """Distinct vectors (k, d), in an order that is always the same, and what they are."""

    vectors: Vectors
    traffic: Floats
    """1 for each of the sample (k,)."""
    cases: Floats
    """1 for each of the set (k,)."""
    place: Integers
    """Which of them each interaction is (n,)."""

    @property
    def asked(self) -> Integers:
        """Those that are interactions."""
        return np.unique(self.place)


def lay_out(vectors: Vectors, cases: Vectors, sampled: Booleans) -> Field:
    """The field of interactions (n, d), of which some are `sampled` (n,), and of cases (m, d)."""
    rounded = np.round(np.vstack([vectors, cases]), DECIMALS) + np.float32(0)  # which makes -0 a 0
    distinct, place = np.unique(rounded, axis=0, return_inverse=True)
    place = place.ravel().astype(np.int64)
    of_traffic, of_set = np.zeros(len(distinct)), np.zeros(len(distinct))
    of_traffic[place[: len(vectors)][sampled]] = 1
    of_set[place[len(vectors) :]] = 1
    return Field(distinct, of_traffic, of_set, place[: len(vectors)])
