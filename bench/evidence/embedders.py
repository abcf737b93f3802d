"""Questions as vectors, by every embedder that needs no traffic: computed once, whatever is drawn of them later."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from sayso_ingest.mining.arrays import Vectors
from sayso_ingest.mining.embed import (
    Centring,
    Embedder,
    HashEmbedder,
    MiniLmEmbedder,
    StaticEmbedder,
    SvdEmbedder,
)
from sayso_ingest.mining.embed.package import installed, read_weights
from sayso_ingest.mining.embed.static import distil

STATELESS = ("hash", "static", "minilm")
OF_PACKAGE = ("static", "minilm")
"""Made from the weights of an optional package: left out where it is not installed."""


@dataclass(frozen=True)
class Embedded:
    """All questions as rows, and how many directions the centring takes away."""

    rows: Vectors
    shared: int


def embed_all(
    texts: Sequence[str], rows: np.ndarray, *, by: Sequence[str] = STATELESS
) -> dict[str, Embedded]:
    """Embed those of the texts that `rows` names, the others left empty, by each of these embedders that is there."""
    found = {}
    for name in by:
        if name in OF_PACKAGE and installed() is None:
            continue
        embedder = _stateless(name)
        some = embedder.embed([texts[row] for row in rows])
        vectors = np.zeros((len(texts), some.shape[1]), dtype=np.float32)
        vectors[rows] = some
        found[name] = Embedded(vectors, embedder.shared)
    return found


def _stateless(name: str) -> Embedder:
    if name == "hash":
        return HashEmbedder()
    weights = read_weights(installed())
    return StaticEmbedder(distil(weights)) if name == "static" else MiniLmEmbedder(weights)


def names(embedded: Mapping[str, Embedded]) -> list[str]:
    """Every embedder there is, the one that is fitted on the traffic among them."""
    return ["hash", "svd", *(name for name in embedded if name != "hash")]


def centred(
    name: str,
    texts: Sequence[str],
    embedded: Mapping[str, Embedded],
    traffic: np.ndarray,
    examples: np.ndarray,
) -> tuple[Vectors, Vectors]:
    """Vectors of rows of traffic and of examples, centred on the traffic."""
    if name == "svd":
        embedder: Embedder = SvdEmbedder.fit([texts[row] for row in traffic])
        raw, of_examples = (embedder.embed([texts[row] for row in rows]) for rows in (traffic, examples))
        shared = embedder.shared
    else:
        raw, of_examples = (embedded[name].rows[rows] for rows in (traffic, examples))
        shared = embedded[name].shared
    centring = Centring.fit(raw, most=shared)
    return centring.apply(raw), centring.apply(of_examples)
