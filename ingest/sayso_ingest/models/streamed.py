"""An answer that comes as server-sent events although nobody asked for that, put together as one."""

from __future__ import annotations

import json
from typing import Any

from sayso_ingest.event import JSON


def put_together(body: bytes) -> JSON:
    """Make the `chat.completion` of its chunks.

    Raises:
        ValueError: a chunk is no JSON, or the stream broke off: it has neither a reason to finish nor `[DONE]`.
    """
    message: dict[str, Any] = {}
    found: dict[str, Any] = {"choices": []}
    finish, done = None, False
    for chunk in _chunks(body.decode("utf-8", "replace")):
        if chunk is None:
            done = True
            break
        found |= {name: chunk[name] for name in ("usage", "cost", "error") if chunk.get(name) is not None}
        for choice in chunk.get("choices") or []:
            if not isinstance(choice, dict) or choice.get("index", 0) != 0:
                continue
            found["choices"] = [{"message": message}]
            finish = choice.get("finish_reason") or finish
            said = choice.get("delta") or choice.get("message") or {}
            for name in ("content", "refusal"):
                if isinstance(said, dict) and isinstance(said.get(name), str):
                    message[name] = message.get(name, "") + said[name]
    if not (finish or done):
        raise ValueError("the stream broke off")
    if found["choices"]:
        found["choices"][0]["finish_reason"] = finish
    return found


def _chunks(text: str) -> list[dict[str, Any] | None]:
    """The JSON of each event, None for the end; lines of comments and of other fields are nothing."""
    chunks: list[dict[str, Any] | None] = []
    for event in text.replace("\r\n", "\n").split("\n\n"):
        lines = [line[5:].strip() for line in event.split("\n") if line.startswith("data:")]
        if not lines:
            continue
        chunk = None if lines == ["[DONE]"] else json.loads("\n".join(lines))
        if chunk is not None and not isinstance(chunk, dict):
            raise ValueError("a chunk is no JSON object")
        chunks.append(chunk)
    return chunks
