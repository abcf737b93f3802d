"""Pure: take out of an event what nobody may read. The application's `redact` sees every text that is not named here.

Two lists say what stays as it is. Everything else is a text that a person or a model may have written.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from sayso.hooks import Redact
from sayso.plain import JSON

FAILED = "[redaction failed]"
"""Stands where `redact` raised or returned no text: never the text itself."""

_Place: TypeAlias = tuple[str | None, ...]
"""Where a value stands: the names on the way to it, None for an item of a list."""


def _places(words: str) -> frozenset[_Place]:
    return frozenset(
        tuple(None if step == "[]" else step for step in re.findall(r"\[\]|\w+", word))
        for word in words.split()
    )


KEPT = _places(
    # ids, which join events to each other and to what else the application knows
    "id kind target part seq occurred_at actor anonymous session token source.sdk "
    "body.about body.of body.parent body.chosen body.chosen.id body.rejected[] body.contexts[].id "
    "body.candidates[].id body.trace.trace_id body.trace.span_id "
    # words from a closed list
    "body.surface body.previous body.outcome body.input[].role body.output[].role body.candidates[].output[].role "
    # names that the application's own code gives
    "body.name body.model body.candidates[].model body.judge body.rubric body.release body.chosen.by "
    "body.prompt.name body.prompt.version body.prompt.commit body.prompt.path "
    "body.variant.experiment body.variant.arm"
)
"""Neither redacted nor replaced by a hash: without these an event is about nothing."""

_THUMB = KEPT | _places("body.value")
"""The same for a thumb, whose value is from a closed list."""

LABELS = _places("body.value body.label body.category body.reasons[] body.tags[]")
"""Redacted, but not replaced by a hash: what people chose, not what they said."""


def apply(event: Mapping[str, JSON], *, redact: Redact | None = None, text: bool = True) -> dict[str, JSON]:
    """Return a copy of an event (in plain JSON values) without what nobody may read.

    Names of fields and numbers stay. What `redact` did comes before the hash, so that nobody can guess at what was
    taken out by hashing guesses.

    Args:
        redact: called for every text but those in KEPT.
        text: False replaces every text in the body, but those in KEPT and LABELS, by "sha256:" and the hash of it in
            hexadecimal digits: equal texts can still be seen to be equal.
    """
    copy = _Copy(_THUMB if event.get("kind") == "thumb" else KEPT, redact, text)
    return {name: copy.of(value, (name,), name) for name, value in event.items()}


@dataclass(frozen=True, slots=True)
class _Copy:
    """One copy under way."""

    kept: frozenset[_Place]
    redact: Redact | None
    text: bool

    def of(self, value: JSON, place: _Place, field: str) -> JSON:
        """Copy a value; `field` is its place as an application reads it, with the numbers of list items."""
        if isinstance(value, dict):
            return {name: self.of(item, (*place, name), f"{field}.{name}") for name, item in value.items()}
        if isinstance(value, list):
            return [self.of(item, (*place, None), f"{field}[{nth}]") for nth, item in enumerate(value)]
        if not isinstance(value, str) or place in self.kept:
            return value
        if self.redact is not None:
            value = _redacted(self.redact, field, value)
        said = place[0] == "body" and place not in LABELS
        return value if self.text or not said or value == FAILED else _hashed(value)


def _redacted(redact: Redact, field: str, text: str) -> str:
    try:
        replaced = str.__str__(redact(field, text))
        replaced.encode()  # neither what is no text, or only behaves like one, nor a lone surrogate may spoil the event
    except Exception:  # it is the application's code, and may do anything
        return FAILED
    return replaced


def _hashed(text: str) -> str:
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()
