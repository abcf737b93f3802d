"""What an endpoint with a chat model answers, and one that does."""

from __future__ import annotations

import json
from contextlib import AbstractContextManager
from typing import Any

from model_server import Answer, ModelServer, Rule, as_json, serving_at


def completion(content: Any, finish: str = "stop", *, usage: Any = None, **message: Any) -> dict[str, Any]:
    """The body of a `chat.completion`; ten tokens read and five written, unless another usage is given."""
    return {
        "object": "chat.completion",
        "choices": [
            {
                "index": 0,
                "message": {"role": "assistant", "content": content} | message,
                "finish_reason": finish,
            }
        ],
        "usage": {"prompt_tokens": 10, "completion_tokens": 5} if usage is None else usage,
    }


def says(content: Any, finish: str = "stop", **more: Any) -> Answer:
    """An answer with this content: text, or a value that is sent as JSON."""
    text = content if isinstance(content, str | list) or content is None else json.dumps(content)
    return as_json(completion(text, finish, **more))


def streamed(content: str, *, cut: bool = False) -> Answer:
    """The same as server-sent events, a few letters at a time; `cut`: it ends before it is done."""
    parts = [content[at : at + 7] for at in range(0, len(content), 7)]
    chunks = [{"choices": [{"index": 0, "delta": {"content": part}}]} for part in parts]
    ended = {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}
    counted = {"choices": [], "usage": {"prompt_tokens": 10, "completion_tokens": 5}}
    lines = [
        ": a comment",
        *(f"data: {json.dumps(c)}" for c in [*chunks, *([] if cut else [ended, counted])]),
    ]
    body = "\n\n".join([*lines, *([] if cut else ["data: [DONE]"])]) + "\n\n"
    return 200, {"Content-Type": "text/event-stream"}, body.encode()


def serving(rule: Rule = lambda _: says({"word": "yes"})) -> AbstractContextManager[ModelServer]:
    return serving_at("/v1/chat/completions", rule)
