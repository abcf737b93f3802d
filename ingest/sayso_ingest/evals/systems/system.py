"""The interface between a run and what it is run against."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from sayso import Prompt

from sayso_ingest.event import JSON
from sayso_ingest.models import Messages, Outcome, Usage


@dataclass(frozen=True, slots=True)
class Asked:
    """A case as it is put to a system. `sample` tells several answers to the same case apart, from 0."""

    case_id: str
    input: str
    messages: Messages
    """What a model is asked: the rendered prompt and the conversation."""
    variables: Mapping[str, JSON]
    prompt: Prompt | None
    """None where the system has its own."""
    sample: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of asking a system once: a text, or by name why there is none.

    `latency_ms` is None where nothing was waited for, as with an answer that was kept.
    """

    outcome: Outcome
    text: str = ""
    usage: Usage = field(default_factory=Usage)
    latency_ms: float | None = None
    problem: str = ""
    recalled: bool = False


class System(Protocol):
    """Answers cases; many threads may ask it at once."""

    @property
    def name(self) -> str:
        """What results call it: the model's name, the address without secrets, the command, the function."""

    @property
    def settings(self) -> Mapping[str, JSON]:
        """What a manifest says of it, `kind` first: model, service, command or function. Holds no secret."""

    def answer(self, asked: Asked) -> Answer:
        """Answer one case; what goes wrong with one has a name in every case.

        Raises:
            ModelError: it would answer nothing at all.
        """

    def close(self) -> None:
        """Let go of connections."""
