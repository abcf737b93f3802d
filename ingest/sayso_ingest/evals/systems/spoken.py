"""Pure: how a case is put to what is the user's own, and how its answer is read: the same for all three."""

from __future__ import annotations

import json
from typing import Any

from sayso_ingest.evals.systems.system import Answer, Asked
from sayso_ingest.event import JSON
from sayso_ingest.models import Outcome, Question, Usage, most_of, tokens_of

TO_ANSWER = 'Answer with {"output": TEXT}, or a list of messages; "usage" and "cost" may stand beside it'
_MOST_WRITTEN = 1024
"""Tokens that are reserved for an answer of unknown length."""


def as_row(asked: Asked) -> dict[str, Any]:
    """A case as plain values: what is posted to a service, written to a command and given to a function."""
    prompt = asked.prompt
    return {
        "case_id": asked.case_id,
        "input": asked.input,
        "messages": [dict(message) for message in asked.messages],
        "variables": dict(asked.variables),
        "prompt": {"name": prompt.name, "version": prompt.version, "text": prompt.text} if prompt else None,
        "sample": asked.sample,
    }


def most(asked: Asked) -> Usage:
    """About what a case may use, where nobody says what it did."""
    return most_of(Question(asked.messages, max_tokens=_MOST_WRITTEN))


def as_json(text: str) -> JSON:
    """A text as JSON; None where it is none."""
    try:
        found: JSON = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found


def read_answer(said: JSON, asked: Asked) -> Answer:
    """Read a text, or an object with `output`: a text or messages, of which the last is the answer.

    `usage` is {tokens_in, tokens_out} or as OpenAI spells it, and `cost` is money; without a count it is estimated.

    Raises:
        ValueError: it is neither; the message says what to answer.
    """
    if isinstance(said, str):
        return _answered(said, asked, {})
    if not isinstance(said, dict):
        raise ValueError(f"it is no JSON object. {TO_ANSWER}")
    text = _text(said.get("output"))
    if text is None:
        is_there = "neither a text nor messages" if "output" in said else "missing"
        raise ValueError(f"`output` is {is_there}. {TO_ANSWER}")
    usage = said.get("usage")
    return _answered(text, asked, {"cost": said.get("cost"), **(usage if isinstance(usage, dict) else {})})


def malformed(problem: str, asked: Asked) -> Answer:
    """The answer of what answered nothing that can be read."""
    return Answer(Outcome.MALFORMED, usage=_counted("", asked, {}), problem=problem)


def _answered(text: str, asked: Asked, usage: dict[str, JSON]) -> Answer:
    text = text.encode("utf-8", "replace").decode()  # half of a surrogate pair is no text
    counted = _counted(text, asked, usage)
    if not text.strip():
        return Answer(Outcome.EMPTY, usage=counted, problem="there is nothing in it")
    return Answer(Outcome.ANSWERED, text, counted)


def _text(output: JSON) -> str | None:
    """An output as text; of messages the last one's, of a content in parts those that are text."""
    if isinstance(output, list) and output:
        last = output[-1]
        content = last.get("content") if isinstance(last, dict) else None
        if isinstance(content, list):
            parts = [part.get("text") for part in content if isinstance(part, dict)]
            return "".join(part for part in parts if isinstance(part, str))
        return content if isinstance(content, str) else None
    return output if isinstance(output, str) else None


def _counted(text: str, asked: Asked, usage: dict[str, JSON]) -> Usage:
    read = _amount(usage, "tokens_in", "prompt_tokens", "input_tokens")
    written = _amount(usage, "tokens_out", "completion_tokens", "output_tokens")
    return Usage(
        most(asked).tokens_in if read is None else int(read),
        tokens_of(text) if written is None else int(written),
        _amount(usage, "cost"),
        known=None not in (read, written),
    )


def _amount(usage: dict[str, JSON], *names: str) -> float | None:
    for name in names:
        value = usage.get(name)
        if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 1e12:
            return float(value)
    return None
