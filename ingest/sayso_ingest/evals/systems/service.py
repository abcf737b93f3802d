"""The user's own service answers cases: a case is posted to it, and it keeps its LLM logic to itself."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Final
from urllib.parse import urlsplit

from sayso_ingest.errors import ModelRefused, ModelUnavailable, UsageError
from sayso_ingest.evals.systems.spoken import TO_ANSWER, as_json, as_row, malformed, most, read_answer
from sayso_ingest.evals.systems.system import Answer, Asked
from sayso_ingest.event import JSON
from sayso_ingest.models import (
    ANSWER_TIMEOUT,
    BACKOFF,
    IN_A_ROW,
    OF_THE_REQUEST,
    PATIENCE,
    Advice,
    Budget,
    Line,
    Outcome,
    Streak,
    paid,
    unaffordable,
)
from sayso_ingest.models.line import Answer as Received
from sayso_ingest.models.line import Send
from sayso_ingest.parsers import without_secrets


class ServiceSystem:
    """Posts each case as JSON to a URL; the answer is JSON with `output`, or text/plain.

    Keys go in the URL: a user's name and password, or what it asks for. No message and no manifest has them.
    """

    def __init__(
        self,
        url: str,
        *,
        budget: Budget | None = None,
        backoff: float = BACKOFF,
        answer_within: float = ANSWER_TIMEOUT,
        patience: float = PATIENCE,
        hung_up: threading.Event | None = None,
    ) -> None:
        """Once `hung_up` is set nothing is asked, nor the service waited for.

        Raises:
            UsageError: the URL is none of http.
        """
        if not _is_http(url):
            raise UsageError(
                f"{without_secrets(url)!r} is no address of a service. Write it as http://localhost:8000/answer."
            )
        self._name: Final = without_secrets(url)
        self._hung_up: Final = hung_up or threading.Event()
        self.budget: Final = budget or Budget()
        self._streak: Final = Streak()
        self._line: Final = Line(
            url,
            "",
            key="",
            advice=Advice("--service", "the address"),
            backoff=backoff,
            answer_within=answer_within,
            patience=patience,
            hung_up=self._hung_up,
        )

    @property
    def name(self) -> str:
        """The address without secrets."""
        return self._name

    @property
    def settings(self) -> Mapping[str, JSON]:
        """That it is a service: which one its name says."""
        return {"kind": "service"}

    def answer(self, asked: Asked) -> Answer:
        """Post a case, several times where the service is busy.

        Raises:
            ModelRefused: it would say no to anything, or has so far, or answers nothing that can be read.
            ModelUnavailable: it has not answered several calls in a row.
        """
        try:
            answer = self._line.ask_by(partial(self._attempt, asked), as_row(asked))
        except ModelUnavailable as error:
            if self._hung_up.is_set():
                return Answer(Outcome.STOPPED, problem=str(error))
            if self._streak.failed():
                raise
            return Answer(Outcome.UNAVAILABLE, problem=str(error))
        except ModelRefused as error:
            is_of_all = error.status not in OF_THE_REQUEST
            if is_of_all or (not self._streak.has_answered and self._streak.failed()):
                raise
            return Answer(Outcome.REFUSED, problem=str(error))
        if answer.outcome is Outcome.MALFORMED and self._streak.failed():
            raise self._line.refused(f"was asked {IN_A_ROW} times in a row and {answer.problem}")
        return answer

    def close(self) -> None:
        """Close every connection."""
        self._line.close()

    def _attempt(self, asked: Asked, send: Send) -> Answer:
        """Make one attempt within the budget; latency is its own, without what was waited before it."""
        reserve = self.budget.take(most(asked))
        if reserve is None:
            return Answer(Outcome.UNAFFORDABLE, problem=unaffordable().problem)
        if self._hung_up.is_set():
            self.budget.give_back(reserve)
            return Answer(Outcome.STOPPED, problem="the run was stopped")
        with paid(self.budget, reserve) as attempt:
            begun = time.perf_counter()
            answer = self._read(send(), asked)
            attempt.usage = answer.usage
            if answer.outcome is not Outcome.MALFORMED:
                self._streak.answered()
            return replace(answer, latency_ms=(time.perf_counter() - begun) * 1000)

    def _read(self, received: Received, asked: Asked) -> Answer:
        kind = received.content_type.partition(";")[0].strip().lower()
        text = received.body.decode("utf-8", "replace")
        if kind == "text/plain":
            return read_answer(text, asked)
        said = as_json(text)
        if said is None or isinstance(said, str):
            what = f"its answer is no JSON object ({kind or 'no Content-Type'}): {self._line.quoted(received.body)}"
            return malformed(f"{what}. {TO_ANSWER}, or with text/plain", asked)
        try:
            return read_answer(said, asked)
        except ValueError as error:
            return malformed(f"its answer cannot be read: {error}", asked)


def _is_http(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
