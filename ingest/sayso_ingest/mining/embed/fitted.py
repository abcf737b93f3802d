"""The embedder that is fitted on the traffic and needs no weights: n-grams of characters and of words, by SVD.

Log counts times idf of n-grams within words and of words and pairs of words, cut to the directions in which the
traffic itself differs most (latent semantic analysis, Deerwester 1990). Only a fit on words alone is a trap for
novelty, since unseen words then vanish; n-grams of characters keep most of them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import HashingVectorizer
from sklearn.utils.extmath import randomized_svd

from sayso_ingest.mining.arrays import BLOCK, Floats, Integers, Vectors, unit
from sayso_ingest.mining.embed.hashing import clip

DIMENSIONS = 256
FEATURES = 2**18
MOST = 100_000
"""N-grams that are kept of each kind, those in most texts: it bounds the memory of a fit."""
IN_TEXTS = 2
WORDS = 0.7
"""The weight of words beside characters."""
_CHARACTERS = HashingVectorizer(
    analyzer="char_wb", ngram_range=(3, 5), n_features=FEATURES, alternate_sign=False, norm=None
)
_WORDS = HashingVectorizer(ngram_range=(1, 2), n_features=FEATURES, alternate_sign=False, norm=None)
_KINDS = ((_CHARACTERS, 1.0), (_WORDS, WORDS))


@dataclass(frozen=True, slots=True)
class _Kind:
    """The n-grams of one kind that are kept (f,), and the idf of each."""

    kept: Integers
    idf: Floats


class SvdEmbedder:
    """N-grams weighed by how rare they are in the traffic, in its 256 strongest directions."""

    shared: Final = 1
    """Directions for the centring to take away: the second says more about what is asked than about the house style."""

    def __init__(self, kinds: Sequence[_Kind], directions: Vectors, id: str) -> None:
        self._kinds = kinds
        self._directions = directions
        self._id = id

    @classmethod
    def fit(cls, texts: Sequence[str], *, dimensions: int = DIMENSIONS, seed: int = 1) -> SvdEmbedder:
        """Fit on a sample of traffic; the order of the texts does not matter."""
        ordered = sorted(clip(text) for text in texts)
        counts = [_counted(vectoriser, ordered) for vectoriser, _ in _KINDS]
        kinds = [_kept(count) for count in counts]
        weighed = _weighed(counts, kinds)
        wanted = min(dimensions, *weighed.shape)
        directions = np.zeros((0, weighed.shape[1]), dtype=np.float32)
        if wanted:
            _, strength, directions = randomized_svd(weighed, wanted, n_iter=4, random_state=seed)
            directions = directions[strength > 1e-6]
        return cls(
            kinds, directions.astype(np.float32), f"svd-{dimensions}-{_digest(ordered, dimensions, seed)}"
        )

    @property
    def id(self) -> str:
        """The name and size, and the beginning of a hash of the settings and of the texts it was fitted on."""
        return self._id

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One float32 row of length 1 for each text; a text with nothing in common with the traffic gives zeros."""
        rows = np.zeros((len(texts), len(self._directions)), dtype=np.float32)
        for start in range(0, len(texts), BLOCK):
            block = [clip(text) for text in texts[start : start + BLOCK]]
            weighed = _weighed([_counted(vectoriser, block) for vectoriser, _ in _KINDS], self._kinds)
            rows[start : start + len(block)] = weighed @ self._directions.T
        return unit(rows)


def _counted(vectoriser: HashingVectorizer, texts: Sequence[str]) -> csr_matrix:
    counts = vectoriser.transform(texts or [""]).astype(np.float32)[: len(texts)]
    counts.data = np.log1p(counts.data)
    return counts


def _kept(counts: csr_matrix) -> _Kind:
    in_texts = np.bincount(counts.indices, minlength=FEATURES)
    often = np.argsort(-in_texts, kind="stable")[:MOST]
    kept = np.sort(often[in_texts[often] >= IN_TEXTS])
    return _Kind(kept, np.log((1 + counts.shape[0]) / (1 + in_texts[kept])) + 1)


def _weighed(counts: Sequence[csr_matrix], kinds: Sequence[_Kind]) -> csr_matrix:
    parts = []
    for count, kind, (_, weight) in zip(counts, kinds, _KINDS, strict=True):
        rows = count[:, kind.kept]
        parts.append(_of_length(rows.multiply(kind.idf[None, :]).tocsr(), weight))
    return hstack(parts, format="csr", dtype=np.float32)


def _of_length(rows: csr_matrix, length: float) -> csr_matrix:
    lengths = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1)))
    return rows.multiply(length / np.where(lengths > 0, lengths, 1)).tocsr()


def _digest(texts: Sequence[str], dimensions: int, seed: int) -> str:
    what = hashlib.sha256(repr((dimensions, FEATURES, MOST, IN_TEXTS, WORDS, seed)).encode())
    for text in texts:
        what.update(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest())
    return what.hexdigest()[:12]
