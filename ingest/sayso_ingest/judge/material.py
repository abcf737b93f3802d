"""What is judged: one interaction with its texts, as the published copy has it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files

from sayso_ingest.event import JSON
from sayso_ingest.mining import Query

AT_ONCE = 200
"""Interactions whose texts are read at a time."""
COMPARED = 4
"""Candidates of one interaction that are compared with each other at most."""


@dataclass(frozen=True, slots=True)
class Given:
    """A verdict that is there: its event, the probability with which the thing was drawn, and of how many samples."""

    event_id: str
    chance: float
    samples: int


@dataclass(frozen=True, slots=True)
class Known:
    """An interaction that may be judged, without its texts."""

    target: str
    asked: bool
    """Whether there is a question to its answer."""
    candidates: int
    verdicts: Mapping[str, Given]
    """What judges said by this rubric."""
    taken_back: Mapping[str, str]
    """Judges whose verdict was taken back, each with the event that said it."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One of several answers."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Material:
    """The texts of an interaction; the answer is the one that was given."""

    target: str
    occurred_at: datetime
    question: str
    conversation: str
    """The turns before the question, where it has any."""
    contexts: tuple[str, ...]
    answer: str
    candidates: tuple[Candidate, ...] = ()
    uncompared: int = 0
    """Candidates beyond those, which are not compared."""
    reference: str = ""
    """An answer that is held to be right, where there is one."""


def read_known(query: Query, rubric: str, name: str) -> list[Known]:
    """Every interaction with an answer, and who has judged it by this rubric under this name."""
    return [
        Known(
            row["target"],
            row["asked"],
            row["candidates"],
            {one["judge"]: Given(one["event_id"], one["chance"], one["samples"]) for one in row["verdicts"]},
            {one["judge"]: one["event_id"] for one in row["taken_back"]},
        )
        for row in query(_sql("known"), [rubric, name])
    ]


def read_materials(query: Query, targets: Iterable[str]) -> Iterator[Material]:
    """The texts of some interactions, in the order of the targets, read some at a time."""
    for some in _batched(targets):
        found = {row["target"]: row for row in query(_sql("materials"), [list(some)])}
        yield from (_material(found[target]) for target in some if target in found)


def _batched(targets: Iterable[str]) -> Iterator[Sequence[str]]:
    some: list[str] = []
    for target in targets:
        some.append(target)
        if len(some) == AT_ONCE:
            yield some
            some = []
    if some:
        yield some


def _material(row: Mapping[str, JSON]) -> Material:
    turns = [turn for turn in _decoded(row["input_messages"]) or [] if isinstance(turn, dict)]
    question = row["input"] or ""
    contexts = [context for context in _decoded(row["contexts"]) or [] if isinstance(context, dict)]
    candidates = _candidates(_decoded(row["candidates"]), row["chosen_id"])
    return Material(
        target=row["target"],
        occurred_at=row["occurred_at"],
        question=question,
        conversation=turns_before(question, turns),
        contexts=tuple(text for context in contexts if (text := _text(context.get("text")))),
        answer=row["output"],
        candidates=candidates[:COMPARED],
        uncompared=len(candidates[COMPARED:]),
    )


def turns_before(question: str, turns: Sequence[Mapping[str, JSON]]) -> str:
    """The turns of a conversation as one text, without the question where it is the last of them."""
    before = turns[:-1] if turns and _text(turns[-1].get("content")) == question else turns
    return "\n".join(f"{turn.get('role', '')}: {_text(turn.get('content'))}" for turn in before)


def _candidates(found: JSON, chosen: str | None) -> tuple[Candidate, ...]:
    """The chosen one first, so that it is among those that are compared; one id and one text each."""
    texts: dict[str, str] = {}
    for one in found or []:
        text = _last(one.get("output")) if isinstance(one, dict) else ""
        if text and text not in texts.values():
            texts.setdefault(str(one["id"]), text)
    ordered = sorted(texts, key=lambda name: name != chosen)
    return tuple(Candidate(name, texts[name]) for name in ordered)


def _last(output: JSON) -> str:
    """The text of an answer, which may be messages."""
    if isinstance(output, list):
        said = [_text(message.get("content")) for message in output if isinstance(message, dict)]
        return next((text for text in reversed(said) if text), "")
    return _text(output)


def _text(content: JSON) -> str:
    if isinstance(content, list):
        parts = [part.get("text") for part in content if isinstance(part, dict)]
        return "\n".join(part for part in parts if isinstance(part, str))
    return content if isinstance(content, str) else ""


def _decoded(value: JSON) -> JSON:
    """A JSON column as a value; drivers hand it over as text."""
    return json.loads(value) if isinstance(value, str) else value


def _sql(name: str) -> str:
    return files(__package__).joinpath(f"{name}.sql").read_text(encoding="utf-8")
