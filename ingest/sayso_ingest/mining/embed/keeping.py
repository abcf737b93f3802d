"""An embedder that computes only what was not computed before, and keeps what it computes as it goes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sayso_ingest.mining.arrays import BLOCK, Integers, Vectors, unit
from sayso_ingest.mining.embed.embedder import Embedder
from sayso_ingest.mining.embed.kept import VectorStore
from sayso_ingest.mining.watch import Watch, unwatched

EMBEDDING = "Embedding questions"


class KeepingEmbedder:
    """Another embedder, in front of what is kept of it.

    Every vector is rounded to float16, kept or new, so that a run that goes on finds what a whole one would.
    """

    def __init__(self, embedder: Embedder, store: VectorStore, *, watch: Watch = unwatched) -> None:
        self._embedder = embedder
        self._store = store
        self._watch = watch
        self.kept = 0
        """Texts that were embedded here and are kept."""

    @property
    def id(self) -> str:
        """That of the embedder: the vectors are its own."""
        return self._embedder.id

    @property
    def shared(self) -> int:
        """That of the embedder."""
        return self._embedder.shared

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One float32 row of length 1 for each text, in order; each distinct text is computed at most once."""
        distinct = list(dict.fromkeys(texts))
        keys = self._store.keys(distinct)
        shelf = self._store.shelf(self.id)
        known, kept = shelf.find(keys)
        missing = np.setdiff1d(np.arange(len(distinct)), known)
        parts = [(known, kept)] if len(known) else []
        for start in range(0, len(missing), BLOCK):
            rows = missing[start : start + BLOCK]
            self._watch(EMBEDDING, len(known) + start, len(distinct))
            found = self._embedder.embed([distinct[row] for row in rows]).astype(np.float16)
            self.kept += shelf.add(keys[rows], found)
            parts.append((rows, found.astype(np.float32)))
        if len(missing):
            shelf.tidy()
        if not parts:
            return self._embedder.embed([])
        return unit(_in_order(parts, len(distinct))[_places(texts, distinct)])


def _in_order(parts: Sequence[tuple[Integers, Vectors]], count: int) -> Vectors:
    whole = np.empty((count, parts[0][1].shape[1]), dtype=np.float32)
    for rows, vectors in parts:
        whole[rows] = vectors
    return whole


def _places(texts: Sequence[str], distinct: Sequence[str]) -> Integers:
    place = {text: row for row, text in enumerate(distinct)}
    return np.fromiter((place[text] for text in texts), np.int64, len(texts))
