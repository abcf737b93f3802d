"""Pure: each event of a request -> what the log keeps of it, or why it is refused."""

from __future__ import annotations

from sayso_ingest.collector.plain import accept_plain
from sayso_ingest.collector.request import Envelope, decode_envelope
from sayso_ingest.collector.steps import accept
from sayso_ingest.event import JSON, Rejection
from sayso_ingest.keys import KeyKind

Outcome = bytes | Rejection
"""What is made of an event: what the log keeps of it, or why it is refused."""


def judged(envelope: Envelope, key_kind: KeyKind) -> list[tuple[str | None, Outcome]]:
    """Judge each event: return its id, and what the log keeps of it or why it is refused.

    Raises:
        Broken: an event is no JSON after all.
    """
    plain = [accept_plain(event, key_kind) for event in envelope.plain or ()]
    if envelope.plain is not None and None not in plain:
        return plain  # type: ignore[return-value]  # none of them is None
    # Only those that need care go the long way; of an envelope that does, all do.
    events = envelope.events if envelope.plain is None else decode_envelope(envelope.body).events
    return [
        fast or _judged(event, key_kind)
        for fast, event in zip(plain or [None] * len(events), events, strict=True)
    ]


def _judged(event: JSON, key_kind: KeyKind) -> tuple[str | None, Outcome]:
    outcome = accept(event, key_kind)
    return outcome.event_id if isinstance(outcome, Rejection) else event["id"], outcome
