"""Pure: what was asked and retrieved, as the warehouse keeps it in JSON, for people to read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

MOST = 50
"""Turns and texts that a page shows; the rest is in the warehouse."""


def messages(value: Any) -> list[dict[str, str]]:
    """The turns of a conversation, each with who speaks and what they say."""
    turns = [turn for turn in _list(value) if isinstance(turn, dict)]
    return [
        {"role": str(turn.get("role") or "message"), "text": said(turn.get("content"))}
        for turn in turns[-MOST:]
    ]


def contexts(value: Any) -> list[dict[str, str]]:
    """The texts that the model was given to read."""
    texts = [text for text in _list(value) if isinstance(text, dict)]
    return [{"id": str(text.get("id") or ""), "text": said(text.get("text"))} for text in texts[:MOST]]


def said(content: Any) -> str:
    """What a message says, as text: of parts those that are text, and the names of the others."""
    if content is None:
        return ""
    if isinstance(content, str):
        return content
    if isinstance(content, list):
        return "\n".join(_parts(content))
    return json.dumps(content, ensure_ascii=False)


def _parts(content: list[Any]) -> Iterator[str]:
    for part in content:
        if isinstance(part, dict) and isinstance(part.get("text"), str):
            yield part["text"]
        elif isinstance(part, dict) and part.get("type"):
            yield f"({part['type']})"
        else:
            yield said(part)


def _list(value: Any) -> list[Any]:
    """A column as a list: the driver hands JSON over as text."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            return []
    return value if isinstance(value, list) else []
