"""An endpoint with a model that embeds by letters."""

from __future__ import annotations

from contextlib import AbstractContextManager

from model_server import Answer, Asked, ModelServer, as_json, serving_at


def vector(text: str) -> list[float]:
    """How often each of eight letters is in a text, and one more, so that it is never zero."""
    return [*(float(text.count(letter)) for letter in "aeioustr"), 0.5]


def embedded(asked: Asked) -> Answer:
    """What an endpoint answers, the last text first, as it may."""
    data = [{"index": place, "embedding": vector(text)} for place, text in enumerate(asked["input"])]
    return as_json({"object": "list", "data": data[::-1], "model": asked["model"]})


def serving() -> AbstractContextManager[ModelServer]:
    return serving_at("/v1/embeddings", embedded)
