"""The fast path of judging: compiled code accepts the events in which nothing needs care.

It only ever says "accepted", of an event whose fields are all known and right. Of any other it says nothing: the steps
decide (`steps.accept`), which alone know reasons. A property test holds the two to the same answers.
"""

from __future__ import annotations

from typing import Any, Union

import msgspec

from sayso_ingest.collector.derive import struct_of
from sayso_ingest.collector.limits import DEPTH, event_limit
from sayso_ingest.collector.schema import BODIES, ENVELOPE, HEADS
from sayso_ingest.collector.steps import VERIFIED, may_send
from sayso_ingest.keys import KeyKind

GROWTH = 5
"""How many times longer an event may get, at most, when it is measured: 1e15 is written 1000000000000000.0."""

_ENVELOPE = msgspec.json.Decoder(struct_of(ENVELOPE, fields={"events": list[msgspec.Raw]}))
_EVENT = msgspec.json.Decoder(
    Union[  # noqa: UP007 - of many
        tuple(
            # Neither a token nor what a client calls verified is kept, so an event with one is not plain.
            struct_of(
                head, tag=kind.value, fields={"kind": None, "token": None, "body": struct_of(BODIES[kind])}
            )
            for kind, head in HEADS.items()
        )
    ]
)
_NOT_PLAIN = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)


def plain_envelope(body: bytes) -> Any | None:
    """Decode a request, its events aside, which stay bytes; None when something in it needs care."""
    try:
        return _ENVELOPE.decode(body)
    except _NOT_PLAIN:
        return None


def accept_plain(event: bytes, key_kind: KeyKind) -> tuple[str, bytes] | None:
    """Accept a plain event: return its id and what the log keeps of it, its own bytes; None when it needs care."""
    # Fewer brackets than levels allowed, and small enough however it is written: no need to look.
    if event.count(b"{") + event.count(b"[") > DEPTH:
        return None
    try:
        decoded = _EVENT.decode(event)
    except _NOT_PLAIN:
        return None
    kind = decoded.__struct_config__.tag
    if len(event) * GROWTH > event_limit(kind) or not may_send(key_kind, kind):
        return None
    return decoded.id, event[:-1] + VERIFIED[key_kind]
