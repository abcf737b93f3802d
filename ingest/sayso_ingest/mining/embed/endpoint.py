"""The embedder that asks an endpoint which speaks OpenAI's `/embeddings`, as most servers of models do.

Nothing but the texts and the model's name is sent, some at a time. An answer is used only if it has one finite
vector for each text, all of one length.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from typing import Final
from urllib.parse import urlsplit

import numpy as np
import requests

from sayso_ingest.errors import SaysoError, UsageError
from sayso_ingest.event import JSON
from sayso_ingest.mining.arrays import Vectors, unit
from sayso_ingest.mining.embed.hashing import clip

TEXTS_AT_ONCE = 64
CHARACTERS_AT_ONCE = 100_000
CONNECT_TIMEOUT = 5.0
ANSWER_TIMEOUT = 60.0
PATIENCE = 180.0
"""Seconds that one batch may take with all its attempts, however slowly an answer drips."""
ATTEMPTS = 5
BACKOFF = 1.0
"""Seconds before the second attempt; twice as many before each further one, and more where the endpoint asks for it."""
LARGEST_ANSWER = 64 * 2**20
TRY_AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504})
QUOTED = 200
"""Characters of what an endpoint says that a message quotes."""
_OTHERWISE = "Try again later, or take another --embedder."


class _NotNow(Exception):
    """What is wrong at the moment, and the seconds that the endpoint asks to wait."""

    def __init__(self, problem: str, asked: float = 0.0) -> None:
        super().__init__(problem)
        self.asked = asked


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
        if not (key.isascii() and key.isprintable()):
            raise UsageError("SAYSO_EMBEDDER_KEY has characters that no key has. Set it anew.")
        self._url: Final = f"{url.rstrip('/')}/embeddings"
        self._model: Final = model
        self._headers: Final = {"Authorization": f"Bearer {key}"} if key else {}
        self._backoff: Final = backoff
        self._answer_within: Final = answer_within
        self._patience: Final = patience
        self._width: int | None = None

    @property
    def id(self) -> str:
        """The model and the host that has it; which version of the model that is, an endpoint does not say."""
        return f"openai:{self._model}@{urlsplit(self._url).netloc.rpartition('@')[2]}"

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One float32 row of length 1 for each text, in order; a text of white space is not sent, and gives zeros.

        Raises:
            SaysoError: the endpoint does not answer, or not with vectors.
        """
        sent = list(dict.fromkeys(filter(None, map(_as_sent, texts))))
        if not sent:
            return np.zeros((len(texts), self._width or 1), dtype=np.float32)
        place = {text: row for row, text in enumerate(sent)}
        with requests.Session() as session:
            found = [self._patiently(session, batch) for batch in batches(sent)]
        self._width = self._width or found[0].shape[1]
        if {rows.shape[1] for rows in found} != {self._width}:
            raise self._refused("gives vectors of several lengths")
        rows = np.vstack([*found, np.zeros((1, self._width), dtype=np.float32)])
        return rows[[place.get(_as_sent(text), -1) for text in texts]]

    def _patiently(self, session: requests.Session, texts: list[str]) -> Vectors:
        until = time.monotonic() + self._patience
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return self._checked(self._ask(session, texts, until), len(texts))
            except _NotNow as problem:
                wait = max(self._backoff * 2 ** (attempt - 1), problem.asked)
                if attempt == ATTEMPTS or time.monotonic() + wait > until:
                    tries = "once" if attempt == 1 else f"{attempt} times"
                    raise SaysoError(f"{self._url} {problem} (asked {tries}). {_OTHERWISE}") from problem
                time.sleep(wait)
        raise AssertionError("the last attempt returns or raises")

    def _ask(self, session: requests.Session, texts: list[str], until: float) -> bytes:
        """Ask once; return the body of an answer of 200."""
        asked = {"model": self._model, "input": texts, "encoding_format": "float"}
        try:
            with session.post(
                self._url,
                json=asked,
                headers=self._headers,
                timeout=(CONNECT_TIMEOUT, self._answer_within),
                allow_redirects=False,
                stream=True,
            ) as answer:
                body = self._body(answer, until)
        except requests.Timeout as error:
            raise _NotNow(f"did not answer within {self._answer_within:g} s") from error
        except requests.ConnectionError as error:
            raise _NotNow("could not be reached, or broke off") from error
        except requests.RequestException as error:
            raise self._refused(f"cannot be asked ({type(error).__name__})") from error
        if answer.status_code == 200:
            return body
        problem = f"answers {answer.status_code}: {_quoted(body)}"
        if answer.status_code in TRY_AGAIN:
            raise _NotNow(problem, _retry_after(answer.headers.get("Retry-After")))
        raise self._refused(problem, _ADVICE.get(answer.status_code, ""))

    def _body(self, answer: requests.Response, until: float) -> bytes:
        body = bytearray()
        for part in answer.iter_content(2**16):
            body += part
            if len(body) > LARGEST_ANSWER:
                raise self._refused(f"answers more than {LARGEST_ANSWER >> 20} MB")
            if time.monotonic() > until:
                raise _NotNow(f"was not done answering after {self._patience:g} s")
        return bytes(body)

    def _checked(self, body: bytes, count: int) -> Vectors:
        try:
            rows = vectors_of(json.loads(body), count)
        except ValueError as error:
            raise self._refused(f"does not answer with vectors: {error}") from error
        return rows

    def _refused(self, problem: str, advice: str = "") -> SaysoError:
        advice = advice or "Check the address and the model, or take another --embedder."
        return SaysoError(f"{self._url} (model {self._model}) {problem}. {advice}")


_ADVICE: Final = dict.fromkeys((401, 403), "Is the key in SAYSO_EMBEDDER_KEY right?") | dict.fromkeys(
    (301, 302, 303, 307, 308), "Redirects are not followed: give the address it leads to."
)


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


def _quoted(body: bytes) -> str:
    said = " ".join(body[: 4 * QUOTED].decode("utf-8", "replace").split())
    return (said if len(said) <= QUOTED else said[: QUOTED - 1] + "…") or "nothing"


def _retry_after(header: str | None) -> float:
    """Seconds that are asked for; 0 where it is a date, or nothing that can be read."""
    try:
        return max(0.0, float(header or 0))
    except ValueError:
        return 0.0
