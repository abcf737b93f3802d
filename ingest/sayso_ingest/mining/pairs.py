"""Preference pairs from edits: what the person made of the text is preferred to what the model proposed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from sayso_ingest.event import JSON
from sayso_ingest.mining.edits import similarity
from sayso_ingest.mining.question import Messages, normalise, question_key
from sayso_ingest.mining.rows import Edit

COSMETIC_ABOVE = 0.98
REWRITE_BELOW = 0.3
LENGTH_RATIO = (0.2, 5.0)
THRESHOLDS: Mapping[str, JSON] = {
    "cosmetic_above": COSMETIC_ABOVE,
    "rewrite_below": REWRITE_BELOW,
    "length_ratio": list(LENGTH_RATIO),
}
"""The numbers behind `Dropped`, to be written down beside what was made with them."""


class Dropped(StrEnum):
    """Why an edit gives no pair. The list is closed."""

    NO_QUESTION = "no_question"  # the interaction, or its input, is not known
    NOT_TEXT = "not_text"  # a message of the prompt is empty, or holds something other than text
    PART = "part_of_answer"  # the edit is of a part, the prompt asked for the whole
    EMPTY = "empty"  # nothing was proposed, or nothing was left
    COSMETIC = "cosmetic"  # only case, space or marks, or less than 2 % of the tokens
    REWRITE = "rewrite"  # hardly a token in common: likely the answer to another wish
    LENGTH = "length_ratio"  # five times as long, or a fifth
    DUPLICATE = "duplicate"  # the same pair again
    CONFLICT = "conflict"  # somebody else made the opposite change
    IN_EVAL_SET = "in_eval_set"  # the question is in an eval set: training on it would spoil the test
    NEAR_EVAL_SET = "near_eval_set"  # it is nearly one of an eval set


@dataclass(frozen=True, slots=True)
class Pair:
    """A prompt (messages), the preferred and the other answer, and where they come from."""

    prompt: Messages
    chosen: str
    rejected: str
    question: str
    similarity: float
    event_id: str
    target: str
    prompt_name: str | None = None
    prompt_version: str | None = None
    model: str | None = None


def gate(edit: Edit) -> Pair | Dropped:
    """Look at one edit alone: a pair, or why not."""
    prompt = prompt_of(edit)
    if prompt is None:
        return Dropped.NO_QUESTION
    if not all(isinstance(text, str) and text.strip() for message in prompt for text in message.values()):
        return Dropped.NOT_TEXT
    if edit.part:
        return Dropped.PART
    rejected, chosen = edit.proposed or edit.output or "", edit.final or ""
    if not rejected.strip() or not chosen.strip():
        return Dropped.EMPTY
    share = similarity(rejected, chosen)
    if share > COSMETIC_ABOVE or normalise(rejected) == normalise(chosen):
        return Dropped.COSMETIC
    if share < REWRITE_BELOW:
        return Dropped.REWRITE
    if not LENGTH_RATIO[0] <= len(chosen) / len(rejected) <= LENGTH_RATIO[1]:
        return Dropped.LENGTH
    return Pair(
        prompt=prompt,
        chosen=chosen,
        rejected=rejected,
        question=question_key(edit.input or "", edit.input_messages),
        similarity=share,
        event_id=edit.event_id,
        target=edit.target,
        prompt_name=edit.prompt_name,
        prompt_version=edit.prompt_version,
        model=edit.model,
    )


def prompt_of(edit: Edit) -> Messages | None:
    """The messages the model was asked with; a plain text is one message of the user."""
    if edit.input_messages:
        return [
            {"role": str(m.get("role", "user")), "content": m.get("content")} for m in edit.input_messages
        ]
    return [{"role": "user", "content": edit.input}] if edit.input and edit.input.strip() else None


def make_pairs(
    edits: Iterable[Edit], *, eval_questions: frozenset[str] = frozenset()
) -> tuple[list[Pair], Counter[str]]:
    """The pairs that pass every gate, ordered by target, and how many edits were dropped for which reason.

    `eval_questions` are the normalised questions of every version of every eval set: no pair asks one of them, or
    nearly one.
    """
    dropped: Counter[str] = Counter()
    passed: list[Pair] = []
    for edit in sorted(edits, key=lambda edit: (edit.target, edit.part, edit.event_id)):
        outcome = gate(edit)
        if isinstance(outcome, Dropped):
            dropped[outcome] += 1
        else:
            passed.append(outcome)
    passed = _guarded(passed, eval_questions, dropped)
    opposite = {_direction(pair) for pair in passed} & {_direction(pair)[::-1] for pair in passed}
    kept: dict[tuple[str, ...], Pair] = {}
    for pair in passed:
        if _direction(pair) in opposite:
            dropped[Dropped.CONFLICT] += 1
        elif kept.setdefault(_direction(pair), pair) is not pair:
            dropped[Dropped.DUPLICATE] += 1
    return list(kept.values()), dropped


def _guarded(pairs: list[Pair], eval_questions: frozenset[str], dropped: Counter[str]) -> list[Pair]:
    """The pairs whose question is no eval question, nor nearly one; the others are counted as dropped."""
    if not eval_questions:
        return pairs
    from sayso_ingest.mining.similarity.duplicates import near_any

    kept = []
    near = near_any([pair.question for pair in pairs], sorted(eval_questions))
    for pair, is_near in zip(pairs, near, strict=True):
        if is_near:
            dropped[Dropped.IN_EVAL_SET if pair.question in eval_questions else Dropped.NEAR_EVAL_SET] += 1
        else:
            kept.append(pair)
    return kept


def _direction(pair: Pair) -> tuple[str, ...]:
    """The pair as a palindrome-free key: reversed, it is the key of the opposite change."""
    return (normalise(pair.chosen), pair.question, normalise(pair.rejected))
