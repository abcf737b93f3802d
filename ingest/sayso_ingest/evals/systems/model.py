"""A model at an endpoint answers cases, with the prompt that is tried."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Final

from sayso_ingest.errors import UsageError
from sayso_ingest.evals.systems.system import Answer, Asked
from sayso_ingest.event import JSON
from sayso_ingest.models import ChatModel, Outcome, Question

MAX_TOKENS = 1024
_NOT_ASKED = frozenset({Outcome.UNAFFORDABLE, Outcome.STOPPED})


class ModelSystem:
    """Asks a chat model; sample N of a case is drawn with the seed plus N."""

    def __init__(
        self,
        model: ChatModel,
        *,
        temperature: float = 0.0,
        seed: int = 0,
        max_tokens: int = MAX_TOKENS,
        samples: int = 1,
    ) -> None:
        """Take a model, which is closed with the system.

        Raises:
            UsageError: several samples are wanted at temperature 0.
        """
        if samples > 1 and temperature <= 0:
            raise UsageError(
                f"{samples} samples at temperature 0 are {samples} times the same answer. Give a --temperature above "
                "0, for instance 0.7, or leave out --samples."
            )
        self._model: Final = model
        self._temperature: Final = temperature
        self._seed: Final = seed
        self._max_tokens: Final = max_tokens

    @property
    def name(self) -> str:
        """The model's name."""
        return self._model.name

    @property
    def settings(self) -> Mapping[str, JSON]:
        """The endpoint without secrets, and how answers are drawn; the seed is the run's."""
        return {
            "kind": "model",
            "endpoint": self._model.endpoint,
            "temperature": self._temperature,
            "max_tokens": self._max_tokens,
        }

    def answer(self, asked: Asked) -> Answer:
        """Ask the model, or recall what it said; latency is what was waited, with all attempts.

        Raises:
            ModelError: it would answer nothing at all.
        """
        begun = time.perf_counter()
        reply = self._model.ask(
            Question(
                asked.messages,
                temperature=self._temperature,
                seed=self._seed + asked.sample,
                max_tokens=self._max_tokens,
                sample=asked.sample,
            )
        )
        waited = (time.perf_counter() - begun) * 1000
        was_asked = not reply.recalled and reply.outcome not in _NOT_ASKED
        return Answer(
            reply.outcome,
            reply.text,
            reply.usage,
            waited if was_asked else None,
            reply.problem,
            reply.recalled,
        )

    def close(self) -> None:
        """Close every connection."""
        self._model.close()
