"""The embedder with a table: what each piece of a word means by itself, taken from MiniLM once, and then added up.

The table is distilled on the user's machine (Model2Vec's recipe, Tulkens 2024): every piece goes through MiniLM
alone, the vectors are centred and cut to their 256 strongest directions, and frequent pieces weigh less (Arora 2017).
A row is kept as 8-bit whole numbers with one scale, which costs nothing in what is found.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

from sayso_ingest.errors import SaysoError
from sayso_ingest.mining.arrays import BLOCK, Vectors, unit
from sayso_ingest.mining.embed.hashing import clip
from sayso_ingest.mining.embed.minilm import MiniLmEmbedder
from sayso_ingest.mining.embed.package import SHA256, WEIGHTS, Weights
from sayso_ingest.mining.embed.wordpiece import BEGIN, END, UNKNOWN, WordPiece

DIMENSIONS = 256
RARE = 1e-4
"""A piece of this frequency weighs a half (Arora 2017)."""
NOTHING = (BEGIN, END, UNKNOWN, "[PAD]", "[MASK]")
"""Pieces that say nothing of a text."""
AT_ONCE = 300
ID: Final = f"static-{DIMENSIONS}-{SHA256[WEIGHTS][:12]}"
"""The name and size, and what it was distilled from: the recipe is one, so the table is."""

Progress = Callable[[float], None]
"""Is told what share is done, from 0 to 1."""


@dataclass(frozen=True, slots=True)
class Table:
    """A row of whole numbers (pieces, 256) and its scale (pieces,) for each piece of the vocabulary."""

    rows: npt.NDArray[np.int8]
    scales: Vectors
    pieces: Sequence[str]

    def digest(self) -> str:
        """What tells whether it is as it was made."""
        what = hashlib.sha256(self.rows.tobytes())
        what.update(self.scales.tobytes())
        what.update(json.dumps(list(self.pieces)).encode())
        return what.hexdigest()


class StaticEmbedder:
    """Adds up what the pieces of a text mean, whatever their order; ten thousands of short texts a second."""

    shared: Final = 1
    """Directions for the centring to take away: the second says more about what is asked than about the house style."""
    id: Final = ID

    def __init__(self, table: Table) -> None:
        self._words: Final = WordPiece({piece: number for number, piece in enumerate(table.pieces)})
        self._table: Final = table.rows * table.scales[:, None]

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One float32 row of length 1 for each text; a text of nothing that the vocabulary has gives zeros."""
        rows = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
        for start in range(0, len(texts), BLOCK):
            numbers = [self._words.numbers(clip(text)) for text in texts[start : start + BLOCK]]
            ends = np.cumsum([0, *map(len, numbers)])
            flat = np.fromiter((one for of in numbers for one in of), dtype=np.int32, count=ends[-1])
            counts = csr_matrix(
                (np.ones(len(flat), dtype=np.float32), flat, ends), shape=(len(numbers), len(self._table))
            )
            rows[start : start + len(numbers)] = counts @ self._table
        return unit(rows)


def distil(weights: Weights, progress: Progress = lambda _: None) -> Table:
    """Make the table from the weights of MiniLM: some 30,000 texts of one piece each."""
    pieces = sorted(weights.vocabulary, key=weights.vocabulary.__getitem__)
    vectors = _alone(weights, len(pieces), progress).astype(np.float64)
    vectors -= vectors.mean(axis=0)
    _, directions = np.linalg.eigh(vectors.T @ vectors)
    vectors = vectors @ directions[:, : -DIMENSIONS - 1 : -1]
    # The vocabulary is ordered by frequency, and frequency falls with the rank (Zipf).
    frequency = 1 / (np.arange(len(pieces)) + 2)
    vectors *= (RARE / (RARE + frequency / frequency.sum()))[:, None]
    vectors[[weights.vocabulary[piece] for piece in NOTHING]] = 0
    scales = np.abs(vectors).max(axis=1) / 127
    rows = np.round(vectors / np.where(scales > 0, scales, 1)[:, None]).astype(np.int8)
    return Table(rows, scales.astype(np.float32), pieces)


def _alone(weights: Weights, count: int, progress: Progress) -> Vectors:
    """The mean token vector (count, 384) of each piece between a begin and an end."""
    model = MiniLmEmbedder(weights)
    begin, end = weights.vocabulary[BEGIN], weights.vocabulary[END]
    found = []
    for start in range(0, count, AT_ONCE):
        numbers = np.arange(start, min(count, start + AT_ONCE))
        found.append(
            model.means(np.stack([np.full_like(numbers, begin), numbers, np.full_like(numbers, end)], axis=1))
        )
        progress(float(numbers[-1] + 1) / count)
    return np.concatenate(found)


def keep(path: Path, table: Table) -> None:
    """Keep a table in a file that is whole or not there.

    Raises:
        SaysoError: it cannot be written there.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
            np.savez_compressed(
                file,
                rows=table.rows,
                scales=table.scales,
                pieces=np.frombuffer(json.dumps(list(table.pieces)).encode(), dtype=np.uint8),
                about=np.frombuffer(json.dumps([ID, table.digest()]).encode(), dtype=np.uint8),
            )
            file.flush()
            os.fsync(file.fileno())
        Path(file.name).replace(path)
    except OSError as error:
        raise SaysoError(
            f"{path} cannot be written ({error.strerror}): the table of `static` is not kept. "
            "Check the disk and who owns the folder."
        ) from error


def recall(path: Path) -> Table | None:
    """Read back what was kept; None where there is nothing, or it is damaged or of another recipe."""
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as kept:
            table = Table(kept["rows"], kept["scales"], json.loads(kept["pieces"].tobytes()))
            about = json.loads(kept["about"].tobytes())
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error):
        return None
    return table if about == [ID, table.digest()] else None
