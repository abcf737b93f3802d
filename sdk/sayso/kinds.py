"""The table of the wire: what each kind of event says, and how large it may be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sayso.rules import (
    Check,
    anything,
    at_least_one,
    filled,
    flag,
    inside_its_bounds,
    label,
    list_of,
    mapping,
    moment,
    number,
    one_of,
    outcome_or_survival,
    positive,
    rate,
    said,
    shape,
    share,
    text,
    uuid,
)

SMALL = 64 * 1024
LARGE = 512 * 1024

HEAD: Mapping[str, Check] = {
    "target": label,
    "part": label,
    "occurred_at": moment,
    "actor": label,
    "anonymous": label,
    "session": label,
    "token": text,
    "sample_rate": rate,
    "meta": mapping,
}
"""What every kind carries beside its body."""


IMPLICIT = frozenset({"exposure", "signal"})
"""Kinds that nobody says: they may be sampled, and go first when there is no room."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What one kind of event says: a check of its body, and the most bytes the whole event may have."""

    body: Check
    whole: Check = anything
    nullable: str | None = None
    """A field that must be said, where None is a value: it takes back what was said before."""
    limit: int = SMALL
    needs_target: bool = True


KINDS: Mapping[str, Kind] = {
    "interaction": Kind(
        shape(
            input=said,
            output=said,
            variables=mapping,
            prompt=shape(name=text, version=text, commit=text, dirty=flag, path=text),
            model=text,
            params=mapping,
            latency_ms=positive,
            usage=mapping,
            cost=positive,
            contexts=list_of(shape(id=text, text=text)),
            tags=list_of(text),
            parent=label,
            release=text,
            variant=shape(experiment=text, arm=text),
            candidates=list_of(shape({"id": text}, output=said, model=text, score=number, critique=text)),
            chosen=shape({"id": text}, by=text),
            trace=shape(trace_id=text, span_id=text),
        ),
        limit=LARGE,
    ),
    "exposure": Kind(shape({"surface": one_of("thumbs", "suggestion", "comment")}, visible_ms=positive)),
    "thumb": Kind(
        shape(value=one_of("up", "down"), previous=one_of("up", "down"), name=label),
        nullable="value",
    ),
    "detail": Kind(
        shape({"about": uuid}, reasons=list_of(text), comment=text), whole=at_least_one("reasons", "comment")
    ),
    "suggestion": Kind(
        shape(
            outcome=one_of("accepted", "edited", "rejected", "undone"),
            original=text,
            proposed=text,
            final=text,
            decided_in_ms=positive,
            survival=shape({"after_s": positive, "kept": share}),
            name=label,
        ),
        whole=outcome_or_survival,
        limit=LARGE,
    ),
    "comment": Kind(shape({"text": filled}, category=text, expected=text, name=label)),
    "rating": Kind(
        shape(value=number, min=number, max=number, name=label), whole=inside_its_bounds, nullable="value"
    ),
    "preference": Kind(shape({"chosen": text}, rejected=list_of(text), name=label)),
    "signal": Kind(shape({"name": label})),
    "outcome": Kind(shape({"name": label})),
    "annotation": Kind(
        shape(label=text, score=number, note=text, expected=text, rubric=label, name=label),
        whole=at_least_one("label", "score", "note", "expected"),
    ),
    "judgement": Kind(
        shape({"judge": label}, label=text, score=number, rationale=text, rubric=label, name=label),
        whole=at_least_one("label", "score"),
    ),
    "retraction": Kind(shape({"of": uuid}), needs_target=False),
}
