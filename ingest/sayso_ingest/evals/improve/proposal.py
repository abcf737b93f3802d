"""A changed prompt that a model writes: it is asked with what people complained of, and its text is checked. Pure.

What people wrote is hostile until proven otherwise, so all of it stands behind a fence; and whatever the model makes of
it is only a text that somebody looks at. It writes the whole text, for models count the lines of a diff wrongly: that
is made here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, zip_longest

from sayso import Prompt

from sayso_ingest.errors import UsageError
from sayso_ingest.evals.improve.complaints import ComplaintTheme
from sayso_ingest.evals.improve.training import Lesson, TrainingSet
from sayso_ingest.evals.prompts import Template
from sayso_ingest.event import JSON
from sayso_ingest.excerpt import cut
from sayso_ingest.judge.fence import Fence, Part
from sayso_ingest.models import Question, Shape
from sayso_ingest.models.estimate import tokens_of

MOST_LESSONS = 20
"""Cases that a model is shown, of each theme in turn the worst first."""
MOST_THEMES = 8
MOST_TEXT = 2_000
"""Characters of one text that a model is shown."""
VARIETY = 0.7
"""The temperature: another seed gives another proposal."""
ROOM = 2_000
"""Tokens beyond twice those of the old text."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A changed prompt and why it was changed so, in the model's own words."""

    prompt: Prompt
    why: str


def lessons_to_show(found: TrainingSet, *, most: int = MOST_LESSONS) -> list[Lesson]:
    """The lessons that say what to do otherwise, of each theme in turn, so that the largest takes not all room."""
    telling = [[one for one in some if one.is_failing or one.complaints] for some in found.themes.values()]
    in_turn = chain.from_iterable(zip_longest(*telling))
    return [one for one in in_turn if one is not None][:most]


def question_for(
    prompt: Prompt, lessons: Sequence[Lesson], themes: Sequence[ComplaintTheme], *, seed: int = 0
) -> Question:
    """Ask for a changed text of a prompt.

    Raises:
        UsageError: the prompt is no template.
    """
    before = Template(prompt)
    fence = Fence([("prompt", prompt.text), *_themes(themes), *_cases(lessons)])
    system = f"{_TASK}\n\n{_rule(before)}\n\n# Material\n\n{fence.rule}"
    return Question(
        [
            {"role": "system", "content": system},
            {"role": "user", "content": f"{fence.around()}\n\nHere the material ends. {_END}"},
        ],
        shape=_shape(prompt, before),
        temperature=VARIETY,
        seed=seed,
        max_tokens=2 * tokens_of(prompt.text) + ROOM,
    )


_TASK = (
    "You improve the prompt of an assistant. In the material below stand the prompt as it is, what its users complain "
    "of most, and cases in which its answer was not good, some with the answer that was expected. Change the prompt "
    "so that it answers these and others like them better: say in general what to do, and copy no case, name or "
    "number out of them. Keep what is right, its language and its form, and change no more than is needed."
)
_END = "First say in one to three sentences what was wrong and what you change, then write the whole changed prompt."


def _rule(before: Template) -> str:
    told = ", ".join(f"{{{{ {name} }}}}" for name in sorted(before.variables))
    if not told:
        return "The prompt has no variables, and the changed one must have none: no {{ }} and no {% %}."
    return f"The prompt is a Jinja2 template. The changed one must have the same variables, and no others: {told}."


def _themes(themes: Sequence[ComplaintTheme]) -> Iterator[Part]:
    for number, one in enumerate(themes[:MOST_THEMES], start=1):
        quotes = "\n".join(f"- {cut(quote, MOST_TEXT)}" for quote in one.quotes)
        yield f"complaints-{number}", f"{one.complaints} of {one.people} people, for instance:\n{quotes}"


def _cases(lessons: Sequence[Lesson]) -> Iterator[Part]:
    for number, one in enumerate(lessons, start=1):
        answer = one.answer if one.is_failing else one.produced or one.answer
        texts = {
            "question": one.input,
            "answer": answer,
            "wrong": one.why if one.is_failing else "",
            "complaint": "\n".join(one.complaints),
            "expected": one.expected,
        }
        yield from ((f"{name}-{number}", cut(text, MOST_TEXT)) for name, text in texts.items() if text)


def _shape(prompt: Prompt, before: Template) -> Shape:
    def read(value: JSON) -> Proposal:
        text, why = value.get("prompt"), value.get("why")
        if not isinstance(text, str) or not text.strip():
            raise ValueError("there is no text in `prompt`")
        return Proposal(changed(prompt, before, text), why.strip() if isinstance(why, str) else "")

    schema: dict[str, JSON] = {
        "type": "object",
        "properties": {"why": {"type": "string"}, "prompt": {"type": "string"}},
        "required": ["why", "prompt"],
        "additionalProperties": False,
    }
    return Shape("changed_prompt", schema, read)


def changed(prompt: Prompt, before: Template, text: str) -> Prompt:
    """The prompt with another text, which ends as the old one does and has its line ends.

    Raises:
        ValueError: it is the old text, no template, or asks a case for other variables.
    """
    text = text.replace("\r\n", "\n").strip("\n") + prompt.text[len(prompt.text.rstrip("\r\n")) :].replace(
        "\r\n", "\n"
    )
    if "\r\n" in prompt.text:
        text = text.replace("\n", "\r\n")
    if text == prompt.text:
        raise ValueError("the text in `prompt` is the old one, unchanged")
    version = hashlib.sha256(text.encode()).hexdigest()[: len(prompt.version)]
    after = replace(prompt, text=text, version=version, dirty=True)
    try:
        variables = Template(after).variables
    except UsageError as error:
        raise ValueError(f"the text in `prompt` is no template: {error}") from error
    if lost := before.variables - variables:
        raise ValueError(f"the text in `prompt` has lost {_named(lost)}, which the old one has")
    if added := variables - before.variables:
        raise ValueError(f"the text in `prompt` asks for {_named(added)}, which the old one does not")
    return after


def _named(variables: frozenset[str]) -> str:
    return ", ".join(f"{{{{ {name} }}}}" for name in sorted(variables))
