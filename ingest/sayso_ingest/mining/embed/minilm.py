"""The embedder with a small language model: all-MiniLM-L6-v2, six layers of BERT in numpy (Wang 2020).

The mean of a text's token vectors in the last layer. Texts are put together by their exact length, so that nothing
is padded and no text's vector depends on its company. GELU is reckoned by its tanh form (Hendrycks 2016), which is
twice as fast and within a cosine of .99999 of the exact one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from sayso_ingest.mining.arrays import Vectors, unit
from sayso_ingest.mining.embed.hashing import clip
from sayso_ingest.mining.embed.package import SHA256, WEIGHTS, Weights
from sayso_ingest.mining.embed.wordpiece import BEGIN, END, WordPiece

DIMENSIONS = 384
LAYERS, HEADS, WIDTH = 6, 12, 32
MOST_TOKENS = 256
"""Tokens of a text that are looked at, as the model was trained."""
TOKENS_AT_ONCE = 2_048
_TINY = 1e-12
_GELU = 0.7978845608028654  # the square root of 2 / pi

Tokens = npt.NDArray[np.int64]


class MiniLmEmbedder:
    """Knows what texts mean, as far as 22 million weights do; some hundred short texts a second."""

    shared: Final = 0
    """Directions for the centring to take away: without its strongest one it finds less."""
    id: Final = f"minilm-{DIMENSIONS}-{SHA256[WEIGHTS][:12]}"
    """The name and size, and the beginning of the hash of its weights."""

    def __init__(self, weights: Weights) -> None:
        self._words: Final = WordPiece(weights.vocabulary)
        self._ends: Final = (weights.vocabulary[BEGIN], weights.vocabulary[END])
        self._model: Final = _Model(weights)

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One float32 row of length 1 for each text, in order."""
        begin, end = self._ends
        cut = {text: self._words.numbers(clip(text))[: MOST_TOKENS - 2] for text in set(texts)}
        place = {text: row for row, text in enumerate(cut)}
        tokens = [[begin, *numbers, end] for numbers in cut.values()]
        rows = np.zeros((len(tokens), DIMENSIONS), dtype=np.float32)
        for batch in same_length([len(one) for one in tokens]):
            rows[batch] = self._model.means(np.array([tokens[row] for row in batch]))
        return unit(rows)[[place[text] for text in texts]]

    def means(self, tokens: Tokens) -> Vectors:
        """The mean token vector (n, 384) of token numbers (n, length), not scaled to any length."""
        return self._model.means(tokens)


def same_length(lengths: Sequence[int], *, at_once: int = TOKENS_AT_ONCE) -> Iterator[list[int]]:
    """Rows put together by length, the shortest first, each batch of at most so many tokens (or one row)."""
    order = np.argsort(lengths, kind="stable")
    batch: list[int] = []
    for row in map(int, order):
        length = lengths[row]
        if batch and (lengths[batch[0]] != length or (len(batch) + 1) * length > at_once):
            yield batch
            batch = []
        batch.append(row)
    if batch:
        yield batch


class _Layer:
    """One layer: what each token takes from the others, then what it makes of that."""

    def __init__(self, weights: Weights, number: int) -> None:
        def tensor(name: str) -> Vectors:
            return weights.tensors[f"encoder.layer.{number}.{name}"]

        names = [f"attention.self.{name}" for name in ("query", "key", "value")]
        self._asks: Final = np.ascontiguousarray(
            np.concatenate([tensor(f"{name}.weight") for name in names]).T
        )
        self._asks_bias: Final = np.concatenate([tensor(f"{name}.bias") for name in names])
        parts = ("attention.output", "intermediate", "output")
        self._dense: Final = {
            part: (np.ascontiguousarray(tensor(f"{part}.dense.weight").T), tensor(f"{part}.dense.bias"))
            for part in parts
        }
        self._norm: Final = {
            part: (tensor(f"{part}.LayerNorm.weight"), tensor(f"{part}.LayerNorm.bias"))
            for part in ("attention.output", "output")
        }

    def apply(self, hidden: Vectors, count: int) -> Vectors:
        """Token vectors (count * length, 384) into those of the next layer."""
        hidden = self._and(hidden, self._attend(hidden, count), "attention.output")
        return self._and(hidden, _gelu(self._through(hidden, "intermediate")), "output")

    def _attend(self, hidden: Vectors, count: int) -> Vectors:
        asked = (hidden @ self._asks + self._asks_bias).reshape(count, -1, 3, HEADS, WIDTH)
        query, key, value = asked.transpose(2, 0, 3, 1, 4)
        scores = query @ key.swapaxes(-1, -2)
        scores /= np.float32(WIDTH**0.5)
        scores -= scores.max(axis=-1, keepdims=True)
        np.exp(scores, out=scores)
        scores /= scores.sum(axis=-1, keepdims=True)
        return np.asarray((scores @ value).swapaxes(1, 2).reshape(-1, DIMENSIONS))

    def _through(self, hidden: Vectors, part: str) -> Vectors:
        matrix, bias = self._dense[part]
        made = hidden @ matrix
        made += bias
        return made

    def _and(self, hidden: Vectors, taken: Vectors, part: str) -> Vectors:
        made = self._through(taken, part)
        made += hidden
        return _normed(made, *self._norm[part])


class _Model:
    def __init__(self, weights: Weights) -> None:
        tensors = weights.tensors
        self._tokens: Final = tensors["embeddings.word_embeddings.weight"]
        # Every text is of the first kind of two, so that the kind belongs to the place.
        self._places: Final = (
            tensors["embeddings.position_embeddings.weight"]
            + tensors["embeddings.token_type_embeddings.weight"][0]
        )
        self._norm: Final = (tensors["embeddings.LayerNorm.weight"], tensors["embeddings.LayerNorm.bias"])
        self._layers: Final = [_Layer(weights, number) for number in range(LAYERS)]

    def means(self, tokens: Tokens) -> Vectors:
        count, length = tokens.shape
        hidden = (self._tokens[tokens] + self._places[:length]).reshape(-1, DIMENSIONS)
        hidden = _normed(hidden, *self._norm)
        for layer in self._layers:
            hidden = layer.apply(hidden, count)
        return np.asarray(hidden.reshape(count, length, DIMENSIONS).mean(axis=1))


def _normed(rows: Vectors, weight: Vectors, bias: Vectors) -> Vectors:
    """Each row with mean 0 and variance 1, in place, then weighed."""
    rows -= rows.mean(axis=1, keepdims=True)
    variance = np.einsum("ij,ij->i", rows, rows)[:, None] / np.float32(rows.shape[1])
    rows /= np.sqrt(variance + np.float32(_TINY))
    rows *= weight
    rows += bias
    return rows


def _gelu(rows: Vectors) -> Vectors:
    inner = rows * rows
    inner *= np.float32(0.044715)
    inner += np.float32(1)
    inner *= rows
    inner *= np.float32(_GELU)
    np.tanh(inner, out=inner)
    inner += np.float32(1)
    inner *= rows
    inner *= np.float32(0.5)
    return inner
