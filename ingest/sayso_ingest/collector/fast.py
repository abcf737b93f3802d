"""The fast path of judging: compiled code accepts the events in which nothing needs care.

It only ever says "accepted", of an event whose fields are all known and right. Of any other it says nothing: the steps
decide (`steps.accept`), which alone know reasons. A property test holds the two to the same answers.
"""

from __future__ import annotations

from typing import Any, Union

import msgspec

from sayso_ingest.collector.derive import struct_of
from sayso_ingest.collector.limits import event_limit
from sayso_ingest.collector.schema import BODIES, ENVELOPE, HEADS
from sayso_ingest.collector.sender import Sender
from sayso_ingest.collector.steps import VERIFIED, may_be_too_deep, may_send, wants_a_token
from sayso_ingest.collector.who import Who, who_of

GROWTH = 5
"""How many times longer an event may get, at most, when it is measured: 1e15 is written 1000000000000000.0."""

_ENVELOPE = msgspec.json.Decoder(struct_of(ENVELOPE, fields={"events": list[msgspec.Raw]}))
_EVENT = msgspec.json.Decoder(
    Union[  # noqa: UP007 - of many
        tuple(
            # A token is to be verified, and neither it nor what a client calls verified is kept: both need care.
            struct_of(
                head, tag=kind.value, fields={"kind": None, "token": None, "body": struct_of(BODIES[kind])}
            )
            for kind, head in HEADS.items()
        )
    ]
)
_NEEDS_CARE = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)


def scan_envelope(body: bytes) -> Any | None:
    """Decode a request, its events aside, which stay bytes; None when something in it needs care."""
    try:
        body.decode()  # msgspec does not look into what it passes over: a list `events` that another one replaces
        return _ENVELOPE.decode(body)
    except _NEEDS_CARE:
        return None


def accept_fast(event: bytes, sender: Sender) -> tuple[str, Who, bytes] | None:
    """Accept an event: return its id, who sends it, and its own bytes, which the log keeps; None when it needs care."""
    if may_be_too_deep(event):
        return None
    try:
        decoded = _EVENT.decode(event)
    except _NEEDS_CARE:
        return None
    kind = decoded.__struct_config__.tag
    # Small enough however it is written: no need to measure.
    if len(event) * GROWTH > event_limit(kind) or not may_send(sender.kind, kind):
        return None
    if wants_a_token(sender):
        return None
    who = who_of(decoded.actor, decoded.anonymous, decoded.session) if sender.kind == "pk" else None
    return decoded.id, who, event[:-1] + VERIFIED[sender.kind]
