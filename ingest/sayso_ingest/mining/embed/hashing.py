"""The embedder that needs no weights: hashed character n-grams under a seeded random projection.

Each of 2^18 hashed n-grams adds or subtracts 1 at one place in each of eight blocks of 32 (the block form of
a sparse Johnson-Lindenstrauss projection, Kane and Nelson 2014). Places and signs come from a fixed integer
hash and not from a random generator, so the same text has the same vector under every version of numpy.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
from sklearn.feature_extraction.text import HashingVectorizer

from sayso_ingest.mining.arrays import BLOCK, Vectors, unit

FEATURES = 2**18
BLOCKS = 8
CHARACTERS = 8_000
"""Longer texts are embedded by their beginning and their end; the middle costs much and says little."""


class HashEmbedder:
    """Character n-grams of 3 to 5 within words, hashed and projected to 256 dimensions."""

    shared: Final = 2
    """Directions for the centring to take away."""

    def __init__(self, *, dimensions: int = 256, seed: int = 1) -> None:
        self._dimensions: Final = dimensions
        self._seed: Final = seed
        self._projection: Final = _projection(seed, dimensions // BLOCKS)
        self._ngrams: Final = HashingVectorizer(analyzer="char_wb", ngram_range=(3, 5), n_features=FEATURES)

    @property
    def id(self) -> str:
        """The name and size, and the seed where it is not the usual one."""
        return f"hash-{self._dimensions}" + ("" if self._seed == 1 else f"-seed{self._seed}")

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One float32 row of length 1 for each text; a text without a letter gives zeros."""
        rows = np.zeros((len(texts), self._dimensions), dtype=np.float32)
        for start in range(0, len(texts), BLOCK):
            block = [clip(text) for text in texts[start : start + BLOCK]]
            rows[start : start + len(block)] = self._project(block)
        return unit(rows)

    def _project(self, texts: list[str]) -> npt.NDArray[np.float64]:
        counts = self._ngrams.transform(texts)
        width = self._dimensions // BLOCKS
        row_of = np.repeat(np.arange(len(texts)), np.diff(counts.indptr))
        out = np.zeros((len(texts), BLOCKS, width))
        for block, (places, signs) in enumerate(self._projection):
            cells = row_of * width + places[counts.indices]
            sums = np.bincount(
                cells, weights=counts.data * signs[counts.indices], minlength=len(texts) * width
            )
            out[:, block, :] = sums.reshape(len(texts), width)
        return out.reshape(len(texts), self._dimensions)


def clip(text: str, *, characters: int = CHARACTERS) -> str:
    """A text with its halves of surrogate pairs replaced; of one longer than `characters` the beginning and the end."""
    text = text.encode("utf-8", "replace").decode("utf-8")
    if len(text) <= characters:
        return text
    half = characters // 2
    return f"{text[:half]} {text[-half:]}"


def _projection(seed: int, width: int) -> tuple[tuple[npt.NDArray[np.int64], npt.NDArray[np.int8]], ...]:
    features = np.arange(FEATURES, dtype=np.uint64)
    blocks = []
    for block in range(BLOCKS):
        mixed = _mix(features * np.uint64(BLOCKS) + np.uint64(block) + np.uint64(seed << 32))
        places = (mixed % np.uint64(width)).astype(np.int64)
        signs = np.where(mixed >> np.uint64(63), 1, -1).astype(np.int8)
        blocks.append((places, signs))
    return tuple(blocks)


def _mix(values: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """The finaliser of splitmix64: every input bit reaches every output bit."""
    values = (values + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))
