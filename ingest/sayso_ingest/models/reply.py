"""What came of asking a model once: its text and what was made of it, or by name why there is none."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from sayso_ingest.event import JSON

_THOUGHT = re.compile(r"\A\s*<think>.*?</think>", re.DOTALL)
_FENCED = re.compile(r"```[a-zA-Z]*\s*\n(.*?)```", re.DOTALL)


class Outcome(StrEnum):
    """How a question to a model ended."""

    ANSWERED = "answered"
    TRUNCATED = "truncated"
    """The answer reached its largest number of tokens before its end."""
    DECLINED = "declined"
    """The model says that it will not."""
    FILTERED = "filtered"
    """A filter of the endpoint held it back."""
    MALFORMED = "malformed"
    """Twice no JSON of the shape that was asked for."""
    EMPTY = "empty"
    """No choice, or one with nothing in it."""
    REFUSED = "refused"
    """The endpoint does not take this request: too long for the model, for instance."""
    UNAVAILABLE = "unavailable"
    """No answer in all attempts."""
    UNAFFORDABLE = "unaffordable"
    """Not asked: the budget would not have held."""
    STOPPED = "stopped"
    """Not asked, or not to its end: the run was stopped."""


SETTLED = frozenset({Outcome.ANSWERED, Outcome.TRUNCATED, Outcome.DECLINED, Outcome.FILTERED})
"""What the same question would meet again: the reply is kept, and it is not asked twice."""


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens read and written, and what they cost where the endpoint says so."""

    tokens_in: int = 0
    tokens_out: int = 0
    cost: float | None = None
    known: bool = True
    """Whether the endpoint counted them; else they are estimated."""


@dataclass(frozen=True, slots=True)
class Reply:
    """A model's answer. `value` is what the shape read of it, where one was asked for."""

    outcome: Outcome
    text: str = ""
    finish_reason: str = ""
    usage: Usage = Usage()
    problem: str = ""
    """What is wrong, in words, where it is not answered."""
    value: Any = None
    recalled: bool = False
    """Answered from the cache, without a call."""

    def shaped(self, shape: Shape | None) -> Reply:
        """The reply with the value that a shape reads of it; malformed where it reads none."""
        if shape is None or self.outcome is not Outcome.ANSWERED:
            return self
        try:
            return replace(self, value=shape.value(self.text))
        except ValueError as error:
            return replace(self, outcome=Outcome.MALFORMED, problem=str(error))


def unaffordable() -> Reply:
    """The reply of a model that was not asked, for want of money or calls."""
    return Reply(Outcome.UNAFFORDABLE, problem="the budget would not have held")


@dataclass(frozen=True, slots=True)
class Shape:
    """The JSON object that is asked for: a schema for the endpoint, and `read`, which checks and takes what came.

    `read` raises ValueError for what does not fit; nothing relies on the endpoint having kept to the schema.
    """

    name: str
    schema: Mapping[str, JSON]
    read: Callable[[JSON], Any]

    def value(self, text: str) -> Any:
        """Read the one object in a text, whatever a model wrote around it.

        Raises:
            ValueError: there is none, or it does not fit.
        """
        return self.read(object_in(text))


def object_in(text: str) -> JSON:
    """The JSON object of a text: all of it, or what stands in a code fence, or from the first brace on.

    Raises:
        ValueError: there is none.
    """
    return value_in(text, dict)


def value_in(text: str, kind: type[dict[str, JSON]] | type[list[JSON]]) -> JSON:
    """The JSON object or the list of a text, found in the same way.

    Raises:
        ValueError: there is none.
    """
    name, opening = ("object", "{") if issubclass(kind, dict) else ("list", "[")
    text = _THOUGHT.sub("", text).strip()
    fenced = _FENCED.search(text)
    for part in (text, fenced[1] if fenced else "", text[text.find(opening) :] if opening in text else ""):
        try:
            found, _ = json.JSONDecoder(strict=False).raw_decode(part.strip())
            if isinstance(found, kind):  # an escape in it may be half of a surrogate pair, which is no text
                return json.loads(json.dumps(found, ensure_ascii=False).encode("utf-8", "replace"))
        except (ValueError, RecursionError):
            continue
    raise ValueError(f"there is no JSON {name} in it")


def read_reply(answer: JSON) -> Reply:
    """Read the body of a `chat.completion`.

    Raises:
        ValueError: it is none.
    """
    if not isinstance(answer, dict):
        raise ValueError("it is no JSON object")
    usage = _usage(answer)
    if isinstance(answer.get("error"), dict | str):
        raise ValueError(f"it holds an error: {answer['error']}")
    choices = answer.get("choices")
    if not isinstance(choices, list):
        raise ValueError("it has no list `choices`")
    choice = choices[0] if choices else None
    if not isinstance(choice, dict):
        return Reply(Outcome.EMPTY, usage=usage, problem="it has no choice")
    message = choice.get("message")
    message = message if isinstance(message, dict) else {}
    content = message.get("content")
    text, refusal = _text(content), _text(message.get("refusal")) or _text(content, "refusal")
    finish = _text(choice.get("finish_reason"))
    if finish == "length":
        return Reply(Outcome.TRUNCATED, text, finish, usage, "it was cut off at the largest number of tokens")
    if finish == "content_filter":
        return Reply(Outcome.FILTERED, text, finish, usage, "a filter of the endpoint held it back")
    if refusal:
        return Reply(Outcome.DECLINED, refusal, finish, usage, "the model will not answer")
    if not text.strip():
        return Reply(Outcome.EMPTY, "", finish, usage, "there is nothing in it")
    return Reply(Outcome.ANSWERED, text, finish, usage)


def _text(content: JSON, of: str = "text") -> str:
    """A content as text; of one in parts, those that are `of` this type. Half a surrogate pair is no text."""
    if isinstance(content, str):
        return content.encode("utf-8", "replace").decode() if of == "text" else ""
    parts = [part for part in content if isinstance(part, dict)] if isinstance(content, list) else []
    return "".join(_text(part[of]) for part in parts if isinstance(part.get(of), str))


def _usage(answer: Mapping[str, JSON]) -> Usage:
    found = answer.get("usage")
    found = found if isinstance(found, dict) else {}
    read, written = (_amount(found.get(name)) for name in ("prompt_tokens", "completion_tokens"))
    cost = _amount(found.get("cost"))
    return Usage(
        int(read or 0),
        int(written or 0),
        _amount(answer.get("cost")) if cost is None else cost,
        known=None not in (read, written),
    )


def _amount(value: JSON) -> float | None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number and 0 <= value < 1e12 else None
