"""The weights of MiniLM for tests, read once: where the package is missing they are skipped, and fail in CI."""

from __future__ import annotations

from functools import cache

from presence import missing
from sayso_ingest.mining.embed import MiniLmEmbedder
from sayso_ingest.mining.embed.package import INSTALL, Weights, installed, read_weights
from sayso_ingest.mining.embed.static import NOTHING


@cache
def weights() -> Weights:
    if installed() is None:
        missing(f"The weights of MiniLM are not here. Install them with: {INSTALL}")
    return read_weights(installed())


@cache
def embedder() -> MiniLmEmbedder:
    return MiniLmEmbedder(weights())


@cache
def frequent_words() -> Weights:
    """The weights with 400 frequent words for vocabulary, from `the` on: a table of them is made in a moment."""
    whole = weights()
    first = whole.vocabulary["the"]
    pieces = [*NOTHING, *list(whole.vocabulary)[first : first + 400]]
    rows = [whole.vocabulary[piece] for piece in pieces]
    name = "embeddings.word_embeddings.weight"
    return Weights(
        {**whole.tensors, name: whole.tensors[name][rows]},
        {piece: number for number, piece in enumerate(pieces)},
    )
