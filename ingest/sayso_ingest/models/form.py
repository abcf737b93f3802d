"""How a request is spelt for an endpoint: as the newest one takes it, and what older or other ones do not know.

An endpoint that answers 400 names what it does not know. That is left out, or spelt otherwise, from then on.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sayso_ingest.event import JSON
from sayso_ingest.models.reply import Shape

Messages = Sequence[Mapping[str, JSON]]
ABOUT_FORMAT = ("response_format", "json_schema", "json_object", "grammar", "structured output", "guided")


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: messages, and how the answer is drawn. `sample` tells drawings of the same question apart."""

    messages: Messages
    shape: Shape | None = None
    temperature: float = 0.0
    seed: int | None = None
    max_tokens: int = 1024
    sample: int = 0


@dataclass(frozen=True, slots=True)
class Form:
    """What an endpoint is known to take."""

    format: str = "json_schema"
    """`json_schema`, `json_object`, or none: then the shape is described in words."""
    limit: str = "max_tokens"
    temperature: bool = True
    seed: bool = True

    def payload(self, model: str, asked: Question) -> dict[str, Any]:
        """Spell a question."""
        messages = [dict(message) for message in asked.messages]
        payload: dict[str, Any] = {"model": model, "messages": messages, self.limit: asked.max_tokens}
        if self.temperature:
            payload["temperature"] = asked.temperature
        if self.seed and asked.seed is not None:
            payload["seed"] = asked.seed
        if asked.shape is None:
            return payload
        if self.format == "json_schema":
            schema = {"name": asked.shape.name, "strict": True, "schema": asked.shape.schema}
            return payload | {"response_format": {"type": "json_schema", "json_schema": schema}}
        messages.append({"role": "system", "content": in_words(asked.shape)})
        return payload | ({"response_format": {"type": "json_object"}} if self.format else {})

    def without(self, said: str) -> Form | None:
        """The form without what an endpoint says it does not know; None where it complains of something else."""
        said = said.lower()
        if self.format and any(word in said for word in ABOUT_FORMAT):
            return replace(self, format="json_object" if self.format == "json_schema" else "")
        if self.limit == "max_tokens" and "max_completion_tokens" in said:
            return replace(self, limit="max_completion_tokens")
        if self.temperature and "temperature" in said:
            return replace(self, temperature=False)
        if self.seed and "seed" in said:
            return replace(self, seed=False)
        return None


def in_words(shape: Shape) -> str:
    """Ask for a shape where the endpoint does not see to it."""
    return (
        f"Answer with one JSON object and nothing else. It fits this JSON schema: {json.dumps(shape.schema)}"
    )
