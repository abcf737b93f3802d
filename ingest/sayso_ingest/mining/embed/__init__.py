"""Texts in, float32 rows of length 1 out: one file an embedder, behind one small interface.

An embedder never sees feedback and keeps no state between calls. What is fitted on traffic is the centring, and the
embedder `svd`, whose id says what it was fitted on. Vectors of different ids are never mixed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from sayso_ingest.mining.arrays import Vectors
from sayso_ingest.mining.embed.centring import Centring
from sayso_ingest.mining.embed.fitted import SvdEmbedder
from sayso_ingest.mining.embed.hashing import HashEmbedder


class Embedder(Protocol):
    """Turns texts into vectors. `id` names what made them and is printed beside every number."""

    @property
    def id(self) -> str:
        """The name and size, for instance `hash-256`."""
        ...

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One float32 row of length 1 for each text, in order."""
        ...


__all__ = ["Centring", "Embedder", "HashEmbedder", "SvdEmbedder"]
