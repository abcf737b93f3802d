"""What a judge is asked: the rubric, the material behind a fence, and an answer with its reasons before its label."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sayso_ingest.event import JSON
from sayso_ingest.judge.fence import Fence, Part
from sayso_ingest.judge.material import Candidate, Material
from sayso_ingest.judge.rubric import Rubric
from sayso_ingest.models import Messages, Shape

MOST_TEXT = 60_000
"""Characters of one text that a judge is shown; its middle is left out."""
TIE = "tie"
_FIRST, _SECOND = "first", "second"


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a judge said once."""

    label: str
    rationale: str


def grading(rubric: Rubric, material: Material) -> Messages:
    """Ask for a label of an answer."""
    fence = Fence([*_asked(material), ("answer", _cut(material.answer))])
    task = "You grade the answer that an assistant gave, by the rubric below and by nothing else." + _about(
        material
    )
    labels = ", ".join(label.name for label in rubric.labels)
    end = f"Grade the answer by the rubric. First the rationale, in one to three sentences, then one of: {labels}."
    return _messages(task, rubric, fence, end)


def comparing(rubric: Rubric, material: Material, one: Candidate, other: Candidate) -> Messages:
    """Ask which of two answers is better, in this order."""
    fence = Fence([*_asked(material), (_FIRST, _cut(one.text)), (_SECOND, _cut(other.text))])
    task = (
        "You compare two answers that an assistant could have given, by the rubric below and by nothing else. Which "
        "one comes first, and which one is longer, says nothing."
    ) + _about(material)
    end = (
        "Which answer is better by the rubric? First the rationale, in one to three sentences, then one of: "
        f"{_FIRST}, {_SECOND}, {TIE}."
    )
    return _messages(task, rubric, fence, end)


def grading_shape(rubric: Rubric) -> Shape:
    """The shape of a grade."""
    return _shape("grade", [label.name for label in rubric.labels])


def comparing_shape() -> Shape:
    """The shape of a comparison."""
    return _shape("comparison", [_FIRST, _SECOND, TIE])


def winner(said: Opinion, one: Candidate, other: Candidate) -> str:
    """The id of the better one of two that were asked about in this order, or that it is a tie."""
    return {_FIRST: one.id, _SECOND: other.id}.get(said.label, TIE)


def _messages(task: str, rubric: Rubric, fence: Fence, end: str) -> Messages:
    system = f"{task}\n\n# Rubric\n\n{rubric.text}\n\n# Material\n\n{fence.rule}"
    user = f"{fence.around()}\n\nHere the material ends. {end}"
    return [{"role": "system", "content": system}, {"role": "user", "content": user}]


def _asked(material: Material) -> list[Part]:
    """What the answer is an answer to, and what is held to be a right one."""
    conversation = [("conversation", _cut(material.conversation))] if material.conversation else []
    contexts = [("context", _cut(text)) for text in material.contexts]
    reference = [("reference", _cut(material.reference))] if material.reference else []
    return [*conversation, *contexts, ("question", _cut(material.question)), *reference]


def _about(material: Material) -> str:
    """What is said of a reference, where there is one; without it a prompt is what it was before there were any."""
    if not material.reference:
        return ""
    return (
        " The reference in the material is an answer that is held to be right: what an answer says is compared with "
        "it, and not its wording, for which the reference is but one example."
    )


def _shape(name: str, labels: Sequence[str]) -> Shape:
    known = {label.casefold(): label for label in labels}

    def read(value: JSON) -> Opinion:
        label, rationale = value.get("label"), value.get("rationale")
        if not isinstance(label, str) or label.strip().casefold() not in known:
            raise ValueError(f"`label` is not one of: {', '.join(labels)}")
        return Opinion(
            known[label.strip().casefold()], rationale.strip() if isinstance(rationale, str) else ""
        )

    schema: dict[str, JSON] = {
        "type": "object",
        "properties": {"rationale": {"type": "string"}, "label": {"type": "string", "enum": list(labels)}},
        "required": ["rationale", "label"],
        "additionalProperties": False,
    }
    return Shape(name, schema, read)


def _cut(text: str) -> str:
    if len(text) <= MOST_TEXT:
        return text
    half = MOST_TEXT // 2
    return f"{text[:half]}\n[{len(text) - 2 * half} characters left out]\n{text[-half:]}"
