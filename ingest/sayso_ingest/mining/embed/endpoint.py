"""The embedder that asks an endpoint which speaks OpenAI's `/embeddings`, as most servers of models do.

Nothing but the texts and the model's name is sent, some at a time. An answer is used only if it has one finite
vector for each text, all of one length.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from sayso_ingest.event import JSON
from sayso_ingest.mining.arrays import Vectors, unit
from sayso_ingest.mining.embed.hashing import clip
from sayso_ingest.models import ANSWER_TIMEOUT, BACKOFF, PATIENCE, Address, Advice, Line

TEXTS_AT_ONCE = 64
CHARACTERS_AT_ONCE = 100_000


class EndpointEmbedder:
    """Vectors of a model elsewhere: as good and as fast as that is."""

    shared: Final = 0
    """Directions for the centring to take away: as of `minilm`, for such models are alike in this."""

    def __init__(
        self,
        url: str,
        model: str,
        *,
        key: str = "",
        backoff: float = BACKOFF,
        answer_within: float = ANSWER_TIMEOUT,
        patience: float = PATIENCE,
    ) -> None:
        """`url` is what comes before `/embeddings`, for instance `http://localhost:11434/v1`."""
        self._at: Final = Address(url.rstrip("/"), model)
        self._line: Final = Line(
            self._at.at("embeddings"),
            model,
            key=key,
            advice=Advice("--embedder", "SAYSO_EMBEDDER_KEY"),
            backoff=backoff,
            answer_within=answer_within,
            patience=patience,
        )
        self._width: int | None = None

    @property
    def id(self) -> str:
        """The model and the host that has it; which version of the model that is, an endpoint does not say."""
        return f"openai:{self._at.model}@{self._at.host}"

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One float32 row of length 1 for each text, in order; a text of white space is not sent, and gives zeros.

        Raises:
            SaysoError: the endpoint does not answer, or not with vectors.
        """
        sent = list(dict.fromkeys(filter(None, map(_as_sent, texts))))
        if not sent:
            return np.zeros((len(texts), self._width or 1), dtype=np.float32)
        place = {text: row for row, text in enumerate(sent)}
        with self._line:
            found = [self._ask(batch) for batch in batches(sent)]
        self._width = self._width or found[0].shape[1]
        if {rows.shape[1] for rows in found} != {self._width}:
            raise self._line.refused("gives vectors of several lengths")
        rows = np.vstack([*found, np.zeros((1, self._width), dtype=np.float32)])
        return rows[[place.get(_as_sent(text), -1) for text in texts]]

    def _ask(self, texts: list[str]) -> Vectors:
        answer = self._line.ask({"model": self._at.model, "input": texts, "encoding_format": "float"})
        try:
            rows = vectors_of(json.loads(answer.body), len(texts))
        except ValueError as error:
            raise self._line.refused(f"does not answer with vectors: {error}") from error
        return rows


def vectors_of(answer: JSON, count: int) -> Vectors:
    """The rows (count, d) of length 1 that an answer has, in the order in which the texts were sent.

    Raises:
        ValueError: there are more or fewer, or one is ragged, not finite, or zero.
    """
    data = answer.get("data") if isinstance(answer, dict) else None
    if not isinstance(data, list) or not all(isinstance(one, dict) for one in data):
        raise ValueError("it has no list `data`")
    if len(data) != count:
        raise ValueError(f"{len(data)} for {count} texts")
    ordered = {one.get("index", place): one.get("embedding") for place, one in enumerate(data)}
    if set(ordered) != set(range(count)):
        raise ValueError("an `index` is missing, or there twice")
    try:
        rows = np.array([ordered[place] for place in range(count)], dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise ValueError("they are no numbers, or not all of one length") from error
    if rows.ndim != 2 or not rows.shape[1]:
        raise ValueError("an `embedding` is not a list of numbers")
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    if not np.isfinite(lengths).all() or not (lengths > 0).all():
        raise ValueError("one is not finite, or is all zero")
    return unit((rows / lengths).astype(np.float32))


def batches(texts: Sequence[str]) -> Iterator[list[str]]:
    """Texts in their order, some at a time: by their number and by their characters."""
    batch: list[str] = []
    size = 0
    for text in texts:
        if batch and (len(batch) == TEXTS_AT_ONCE or size + len(text) > CHARACTERS_AT_ONCE):
            yield batch
            batch, size = [], 0
        batch.append(text)
        size += len(text)
    if batch:
        yield batch


def _as_sent(text: str) -> str:
    """What is sent of a text: half a surrogate pair is no text that JSON can hold everywhere."""
    return clip(text).encode("utf-8", "replace").decode().strip()
