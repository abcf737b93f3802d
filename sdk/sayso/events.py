"""Pure: build one event, hold it against the wire's rules, and encode it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple, TypedDict

from sayso.errors import InvalidEvent
from sayso.kinds import HEAD, KINDS
from sayso.plain import JSON, plain, rfc3339
from sayso.stamps import SOURCE

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode


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


class Recorded(NamedTuple):
    """One call of a client's method, held as it was: cheap to make, for the application waits for it."""

    id: str
    seq: int
    since: float
    """When it came, on the buffer's clock."""
    size: int
    """About how many bytes of memory it takes."""
    kind: str
    target: Any
    body: Mapping[str, Any] | InvalidEvent
    """What the method was given, or why that cannot be held."""
    context: Mapping[str, Any]
    now: datetime


make_recorded = partial(tuple.__new__, Recorded)
"""`Recorded(*values)`, made from a tuple of its values for a third of what the class itself takes."""


def encode(recorded: Recorded) -> bytes:
    """Build the event of a call, hold it against the rules, and encode it.

    Raises:
        InvalidEvent: the wire would refuse it.
    """
    event = _said(recorded)
    try:
        # Fast path: what a call was held as is nearly always JSON already, and the encoder notices when it is not.
        payload = _encode(event).encode()
    except (
        TypeError,
        ValueError,
    ):  # a time, NaN, half a surrogate pair, too many digits: `plain` knows what to do
        payload = b""
    if not 0 < len(payload) <= KINDS[recorded.kind].limit:
        return compact(build(recorded))
    check(event, own_time="occurred_at" not in recorded.context)
    return payload


def build(recorded: Recorded) -> dict[str, JSON]:
    """Build the event of a call, as JSON has it, and hold it against the rules.

    Raises:
        InvalidEvent: the wire would refuse it.
    """
    event = _said(recorded)
    rules = KINDS[recorded.kind]
    copy: dict[str, JSON] = plain(event, room=rules.limit)
    check(copy)
    if rules.nullable and copy["body"][rules.nullable] is None and event["body"][rules.nullable] is not None:
        # NaN became null, and null would take back what was said before.
        raise InvalidEvent(
            "invalid_number", f"body.{rules.nullable} is not a number; pass None to take it back"
        )
    return copy


def compact(event: Mapping[str, JSON]) -> bytes:
    """Encode an event as compact JSON, the form in which the wire measures it.

    Raises:
        InvalidEvent: too_large.
    """
    payload = _encode(event).encode()
    limit = KINDS[event["kind"]].limit
    if len(payload) > limit:
        raise InvalidEvent("too_large", f"it has {len(payload)} bytes and may have {limit}; send less of it")
    return payload


def check(event: Mapping[str, JSON], *, own_time: bool = False) -> None:
    """Hold an event against the rules of the wire.

    Args:
        own_time: the time in it is the client's own, so that nobody has to look at it.

    Raises:
        InvalidEvent: the wire would refuse it.
    """
    rules = KINDS[event["kind"]]
    if "target" not in event and rules.needs_target:
        raise InvalidEvent("missing_field", "target is missing; it is your own id of what this is about")
    for name, value in event.items():
        if name in HEAD and not (own_time and name == "occurred_at"):
            HEAD[name](name, value)
    rules.body("body", event["body"])
    rules.whole("body", event["body"])


def _said(recorded: Recorded) -> dict[str, Any]:
    """Put together what a call said, without what is None."""
    if isinstance(recorded.body, InvalidEvent):
        raise recorded.body
    event: dict[str, Any] = {
        "id": recorded.id,
        "kind": recorded.kind,
        "seq": recorded.seq,
        "source": {"sdk": SOURCE},
        "occurred_at": rfc3339(recorded.now),
    }
    if recorded.target is not None:
        event["target"] = recorded.target
    for name, value in recorded.context.items():
        if value is not None:
            event[name] = value
    nullable = KINDS[recorded.kind].nullable
    event["body"] = {
        name: value for name, value in recorded.body.items() if value is not None or name == nullable
    }
    return event
