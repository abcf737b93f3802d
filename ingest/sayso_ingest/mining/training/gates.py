"""Each raw example looked at alone: whether it can be trained on at all."""

from __future__ import annotations

from collections.abc import Mapping

from sayso_ingest.event import JSON
from sayso_ingest.mining.edits import similarity
from sayso_ingest.mining.question import Messages, normalise, question_key
from sayso_ingest.mining.training.dropped import Dropped
from sayso_ingest.mining.training.example import Example, Purpose, Source
from sayso_ingest.mining.training.sources import Raw
from sayso_ingest.redaction import is_personal

COSMETIC_ABOVE = 0.98
REWRITE_BELOW = 0.3
LENGTH_RATIO = (0.2, 5.0)
THRESHOLDS: Mapping[str, JSON] = {
    "cosmetic_above": COSMETIC_ABOVE,
    "rewrite_below": REWRITE_BELOW,
    "length_ratio": list(LENGTH_RATIO),
}
"""The numbers behind `Dropped`, to be written down beside what was made with them."""
ROLES = ("system", "developer", "user", "assistant")


def gate(raw: Raw, purpose: Purpose, *, personal: bool = False) -> Example | Dropped:
    """Make an example of a row for a purpose, or say why not; with `personal`, what names somebody passes, too."""
    prompt = prompt_of(raw)
    if prompt is None:
        return Dropped.NO_QUESTION
    wrong = _fault_of_prompt(prompt)
    if wrong:
        return wrong
    if raw.part:
        return Dropped.PART
    chosen, rejected = (text if text and text.strip() else None for text in (raw.chosen, raw.rejected))
    if purpose == Purpose.PREFERENCES:
        if chosen is None or rejected is None:
            return Dropped.EMPTY
        kept = similarity(rejected, chosen)
        wrong = _fault_of_pair(raw.source, chosen, rejected, kept)
        if wrong:
            return wrong
    elif (chosen is None) == (rejected is None):
        return Dropped.EMPTY
    else:
        kept = None
    if not personal and is_personal("\n".join((*_texts(prompt), chosen or "", rejected or ""))):
        return Dropped.PERSONAL
    return Example(
        prompt=prompt,
        chosen=chosen,
        rejected=rejected,
        source=raw.source,
        question=question_key(raw.input or "", raw.input_messages),
        who=raw.who,
        who_against=raw.who_against,
        target=raw.target,
        event_ids=raw.event_ids,
        similarity=round(kept, 4) if kept is not None and raw.source is Source.EDIT else None,
        topic=raw.topic,
        prompt_name=raw.prompt_name,
        prompt_version=raw.prompt_version,
        model=raw.model,
    )


def prompt_of(raw: Raw) -> Messages | None:
    """The messages the model was asked with; a plain text is one message of the user."""
    if raw.input_messages:
        return [{"role": str(m.get("role", "user")), "content": m.get("content")} for m in raw.input_messages]
    return [{"role": "user", "content": raw.input}] if raw.input and raw.input.strip() else None


def _texts(prompt: Messages) -> list[str]:
    return [str(message["content"]) for message in prompt]


def _fault_of_prompt(prompt: Messages) -> Dropped | None:
    if not all(isinstance(m["content"], str) and m["content"].strip() for m in prompt):
        return Dropped.NOT_TEXT
    if prompt[-1]["role"] != "user" or not all(m["role"] in ROLES for m in prompt):
        return Dropped.ROLE
    return None


def _fault_of_pair(source: Source, chosen: str, rejected: str, kept: float) -> Dropped | None:
    if normalise(rejected) == normalise(chosen):
        return Dropped.COSMETIC
    if source in (Source.EDIT, Source.CORRECTION) and kept > COSMETIC_ABOVE:
        return Dropped.COSMETIC
    if source is Source.EDIT:
        if kept < REWRITE_BELOW:
            return Dropped.REWRITE
        if chosen.count("?") > rejected.count("?"):
            return Dropped.NEW_QUESTION
    if not LENGTH_RATIO[0] <= len(chosen) / len(rejected) <= LENGTH_RATIO[1]:
        return Dropped.LENGTH
    return None
