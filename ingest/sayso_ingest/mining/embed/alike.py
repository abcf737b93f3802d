"""How near two texts are by their vectors, and from where on they say the same in other words."""

from __future__ import annotations

from collections.abc import Mapping

from sayso_ingest.mining.embed.embedder import Embedder

COSINE: Mapping[str, float] = {"hash": 0.65, "svd": 0.8, "static": 0.9, "minilm": 0.8}
"""From which on two questions are the same in other words, by embedder (bench/evidence, line `leakage`)."""
OF_ANOTHER = 0.9
"""The same of an embedder that was not measured."""


def alike_from(embedder: Embedder) -> float:
    """The cosine from which on two texts say the same in other words."""
    return COSINE.get(embedder.id.partition("-")[0], OF_ANOTHER)


def cosine(embedder: Embedder, one: str, other: str) -> float:
    """The cosine of two texts, 0 to 1: 1 for the same text, 0 for what has nothing in common or less."""
    if one == other:
        return 1.0
    first, second = embedder.embed([one, other])
    return min(1.0, max(0.0, float(first @ second)))
