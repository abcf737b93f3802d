"""Pure: build one event, hold it against the wire's rules, and encode it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import TypedDict

from sayso.errors import InvalidEvent
from sayso.kinds import HEAD, KINDS, Kind
from sayso.plain import JSON, plain


class Context(TypedDict, total=False):
    """What any event may carry beside its body: about what, from whom, when."""

    part: str | None
    actor: str | None
    anonymous: str | None
    session: str | None
    occurred_at: datetime | str | None
    meta: Mapping[str, JSON] | None
    sample_rate: float | None
    token: str | None


def encode(
    kind: str,
    target: str | None,
    body: Mapping[str, object],
    context: Context,
    *,
    event_id: str,
    now: datetime,
    seq: int,
    source: str,
) -> bytes:
    """Build an event and encode it as compact JSON, the form in which the wire measures it.

    Args:
        now: when it happened, unless `context` says so.
        source: the SDK that made it, with its version.

    Raises:
        InvalidEvent: the wire would refuse it.
    """
    rules = KINDS[kind]
    said = {name: value for name, value in body.items() if value is not None or name == rules.nullable}
    head = {name: value for name, value in context.items() if value is not None}
    if target is not None:
        head["target"] = target
    head.setdefault("occurred_at", now)
    identity = {"id": event_id, "kind": kind, "seq": seq, "source": {"sdk": source}}
    try:
        event = plain({**identity, **head, "body": said}, room=rules.limit)
        _check(rules, event, said)
        payload = json.dumps(event, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
        if len(payload) > rules.limit:
            raise InvalidEvent(
                "too_large", f"it has {len(payload)} bytes and may have {rules.limit}; send less of it"
            )
    except InvalidEvent:
        raise
    except Exception as error:  # whatever the application's own objects do when they are read
        raise InvalidEvent("wrong_type", f"it could not be read ({type(error).__name__})") from error
    return payload


def _check(rules: Kind, event: Mapping[str, JSON], said: Mapping[str, object]) -> None:
    """Hold an event, and what became of its values on their way into JSON, against the rules."""
    body = event["body"]
    if "target" not in event and rules.needs_target:
        raise InvalidEvent("missing_field", "target is missing; it is your own id of what this is about")
    for name, check in HEAD.items():
        if name in event:
            check(name, event[name])
    rules.body("body", body)
    rules.whole("body", body)
    if rules.nullable and body[rules.nullable] is None and said[rules.nullable] is not None:
        # NaN becomes null, and null would take back what was said before.
        raise InvalidEvent(
            "invalid_number", f"body.{rules.nullable} is not a number; pass None to take it back"
        )
