"""About how many tokens texts have, rather too many: nobody here has the model's own tokenizer."""

from __future__ import annotations

import json

from sayso_ingest.models.form import Form, Question
from sayso_ingest.models.reply import Usage

BYTES_A_TOKEN = 3
"""Fewer than models read of most texts, so that an estimate is rather too high."""


def estimated_tokens(asked: Question) -> int:
    """About how many tokens a question has."""
    payload = Form().payload("", asked)
    return tokens_of(json.dumps([payload["messages"], payload.get("response_format")], ensure_ascii=False))


def tokens_of(text: str) -> int:
    """About how many tokens a text has."""
    return len(text.encode("utf-8", "replace")) // BYTES_A_TOKEN


def most_of(asked: Question) -> Usage:
    """What a question may use at most."""
    return Usage(estimated_tokens(asked), asked.max_tokens, known=False)
