"""The small interface that every embedder stands behind."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from sayso_ingest.mining.arrays import Vectors


class Embedder(Protocol):
    """Turns texts into vectors. `id` names what made them and is printed beside every number."""

    @property
    def id(self) -> str:
        """The name and size, for instance `hash-256`, and what tells it from others of that name."""
        ...

    @property
    def shared(self) -> int:
        """How many of the traffic's strongest directions the centring takes away."""
        ...

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One float32 row of length 1 for each text, in order."""
        ...
