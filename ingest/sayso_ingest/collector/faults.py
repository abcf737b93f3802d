"""What is wrong with an event or an envelope: marshmallow's messages, with the reason behind them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sayso_ingest.collector.fields import REASONS
from sayso_ingest.collector.schema import ANY_HEAD, BODIES, ENVELOPE, HEADS
from sayso_ingest.event import JSON, Kind, Reason

FAULTS_SHOWN = 10
"""How many faults of one event are named; more would let a small request make a large answer."""

_BY_WEIGHT = tuple(dict.fromkeys(REASONS.values()))


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong: the reason, and a detail with a `message` for people."""

    reason: Reason
    detail: Mapping[str, JSON]

    @classmethod
    def of(cls, reason: Reason, message: str, **more: JSON) -> Fault:
        """Make a fault of one sentence."""
        return cls(reason, {"message": message, **more})


def event_fault(event: Mapping[str, JSON]) -> Fault | None:
    """Judge the shape of an event. Of several faults, the first in the order of `fields.REASONS` is the reason."""
    kind = _kind_of(event)
    errors: dict[str, Any] = dict((HEADS[kind] if kind else ANY_HEAD).validate(event))
    body = event.get("body")
    if kind and isinstance(body, dict) and (in_body := BODIES[kind].validate(body)):
        errors["body"] = in_body
    if not errors:
        return None
    found = {reason_of(message) for _, message in _flat(errors)}
    return Fault(next(reason for reason in _BY_WEIGHT if reason in found), _detail(errors))


def reason_of(message: str) -> Reason:
    """The reason behind a message; one that marshmallow brought along must not cost the whole request."""
    return REASONS.get(message, Reason.INVALID_VALUE)


def envelope_fault(envelope: JSON) -> Fault | None:
    """Judge the shape of a request, its single events aside."""
    errors = ENVELOPE.validate(envelope)
    return Fault(Reason.INVALID_ENVELOPE, _detail(errors)) if errors else None


def _kind_of(event: Mapping[str, JSON]) -> Kind | None:
    try:
        return Kind(str(event.get("kind")))
    except ValueError:
        return None


def _detail(errors: Mapping[Any, Any]) -> Mapping[str, JSON]:
    """Shape: {"message": "body.value: Must be ...", "fields": {"body.value": "Must be ..."}}."""
    faults = dict(islice(_flat(errors), FAULTS_SHOWN))
    message = " ".join(f"{path}: {text}" if path else text for path, text in faults.items())
    return {"message": message, "fields": faults}


def _flat(errors: Mapping[Any, Any], above: tuple[str, ...] = ()) -> Iterator[tuple[str, str]]:
    for name, inside in errors.items():
        path = above if name == "_schema" else (*above, str(name))
        if isinstance(inside, dict):
            yield from _flat(inside, path)
        else:
            yield from ((".".join(path), message) for message in inside)
