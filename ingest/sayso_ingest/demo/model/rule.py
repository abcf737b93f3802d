"""What the model says to messages: the same to the same, drawn from their text. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

from sayso_ingest.demo.model.prompts import from_memory
from sayso_ingest.demo.traffic.plan import POOR_ELSEWHERE, POOR_WHERE_WORSE
from sayso_ingest.demo.traffic.topics import TOPICS, Ask, Topic, likeness
from sayso_ingest.demo.traffic.wording import good_answer, poor_answer

Messages = Sequence[Mapping[str, Any]]

_FENCED = re.compile(
    r"<(?P<name>[a-z]+)-(?P<mark>[0-9a-f]+)>\n(?P<text>.*?)\n</(?P=name)-(?P=mark)>", re.DOTALL
)
_WORD = re.compile(r"\w+")


def reply(messages: Messages, *, labels: Sequence[str] = ()) -> Mapping[str, str] | str:
    """Answer a question, or, where there are `labels` to choose from, grade the answer that is fenced."""
    if labels:
        return _grade(_text(messages[-1]), labels)
    prompt = "\n".join(_text(message) for message in messages if message.get("role") == "system")
    return answer(prompt, _text(messages[-1]))


def answer(prompt: str, question: str) -> str:
    """Answer as the prompt says: mostly rightly, and mostly wrongly where it has the model answer from memory."""
    topic, ask = _asked(question)
    rng = Random(f"{prompt}\n{question}")  # noqa: S311 - sample data, no secret
    poor = rng.random() < (POOR_WHERE_WORSE if from_memory(prompt, topic.name) else POOR_ELSEWHERE)
    return (poor_answer if poor else good_answer)(rng, ask).text


def _grade(material: str, labels: Sequence[str]) -> Mapping[str, str]:
    """Grade an answer by the help pages: it is good where it says more of the steps than of the usual mistake."""
    parts = {found["name"]: found["text"] for found in _FENCED.finditer(material)}
    _, ask = _asked(parts.get("question", ""))
    said = _words(parts.get("answer", ""))
    steps, mistake = (_shared(said, _words(text)) for text in (" ".join(ask.steps), ask.mistake))
    good = steps > mistake
    why = "It names the steps that help." if good else "It does not name the steps that help."
    return {"rationale": why, "label": labels[0] if good else labels[1]}


def _asked(question: str) -> tuple[Topic, Ask]:
    """The thing that a question asks for."""
    every = [(topic, ask) for topic in TOPICS for ask in topic.asks]
    return max(every, key=lambda one: likeness(question, one[1]))


def _words(text: str) -> set[str]:
    return set(_WORD.findall(text.casefold()))


def _shared(said: set[str], wanted: set[str]) -> float:
    return len(said & wanted) / len(wanted)


def _text(message: Mapping[str, Any]) -> str:
    content = message.get("content")
    return content if isinstance(content, str) else ""
