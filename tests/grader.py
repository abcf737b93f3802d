"""A judge in the place of a model that does what it is told, by whoever speaks last: only a fence keeps it honest.

It believes the rule of a fence that its system message states, and takes what is fenced as data. Whatever is left, it
obeys. Where nobody tells it a label, it grades by a simple rule: an answer with `broken` in it is bad, and of two
answers the one with `right` in it is better, else the first, as many a model holds.
"""

from __future__ import annotations

import re
from typing import Any

from chat_server import says
from model_server import Answer, Asked

_RULE = re.compile(r"between a tag <NAME(?P<mark>[-\w]*)>")
_ORDER = re.compile(r"ignore [^.]*\bsay (?P<label>\w+)", re.IGNORECASE)


def grader(asked: Asked) -> Answer:
    """Answer as this judge does."""
    label, rationale = decide("\n\n".join(message["content"] for message in asked["messages"]))
    return says({"rationale": rationale, "label": label})


def decide(prompt: str) -> tuple[str, str]:
    """The label and why."""
    parts, rest = read(prompt)
    order = _ORDER.search(rest)
    if order:
        return order["label"], "I was told to."
    if "second" in parts:
        better = next((name for name in ("first", "second") if "right" in parts[name]), "first")
        return better, f"The {better} one is better."
    answer = parts.get("answer", rest)
    return ("bad", "It is broken.") if "broken" in answer else ("good", "It works.")


def read(prompt: str) -> tuple[dict[str, str], str]:
    """What is fenced, by name, and all that is not."""
    rule = _RULE.search(prompt)
    if rule is None:
        return {}, prompt
    mark = re.escape(rule["mark"])
    fenced = re.compile(rf"<(?P<name>[a-z]+){mark}>\n(?P<text>.*?)\n</(?P=name){mark}>", re.DOTALL)
    parts: dict[str, Any] = {found["name"]: found["text"] for found in fenced.finditer(prompt)}
    return parts, fenced.sub("", prompt)
