"""Rows: models that turn questions into vectors, grade and write."""

from __future__ import annotations

from dataclasses import dataclass

from sayso_ingest import parsers
from sayso_ingest.settings.row import secret, setting


@dataclass(frozen=True)
class ModelRows:
    """Models that turn questions into vectors, grade and write."""

    embedder: str = setting(
        "auto",
        "What turns questions into vectors for mining: hash, svd (fitted on the traffic), static, minilm, "
        "openai:URL#MODEL (an endpoint that has URL/embeddings), column:TABLE.COLUMN (your own, by target, of a table "
        "in SAYSO_ATTACH); auto takes svd where there is traffic enough, else hash.",
        parsers.matching(parsers.EMBEDDER),
        parsers.EMBEDDERS,
    )
    embedder_key: str = secret(
        "Key of the endpoint of an embedder openai:URL#MODEL, where it needs one.",
    )
    model: str = setting(
        "",
        "The model that grades and writes test cases, openai:URL#MODEL: an endpoint that has URL/chat/completions.",
        parsers.matching(parsers.MODEL_OR_NONE),
        "openai:URL#MODEL, as in openai:http://localhost:11434/v1#llama3.1",
    )
    model_key: str = secret("Key of that endpoint, where it needs one.")
    second_model: str = setting(
        "",
        "Another model, which grades the same things so that both can be compared.",
        parsers.matching(parsers.MODEL_OR_NONE),
        "openai:URL#MODEL, as in openai:https://api.openai.com/v1#gpt-4.1-mini",
    )
    second_model_key: str = secret("Key of the second model's endpoint, where it needs one.")
