"""Pure: each event of a request -> what the log keeps of it, or why it is refused."""

from __future__ import annotations

from collections.abc import Sequence

from sayso_ingest.collector.fast import accept_fast
from sayso_ingest.collector.request import Decoded, Scanned, decode_envelope
from sayso_ingest.collector.sender import Sender
from sayso_ingest.collector.steps import Draft, passed
from sayso_ingest.collector.who import Who, who_of
from sayso_ingest.event import JSON, Rejection

Outcome = bytes | Rejection
"""What is made of an event: what the log keeps of it, or why it is refused."""

Judged = tuple[str | None, Who, Outcome]
"""An event's id, who it is from (asked of publishable keys alone), and what is made of it."""


def judged(envelope: Scanned | Decoded, sender: Sender) -> Sequence[Judged]:
    """Judge each event.

    Raises:
        Broken: an event is no JSON after all.
    """
    if isinstance(envelope, Decoded):
        return [_judged(event, sender) for event in envelope.events]
    found = [accept_fast(event, sender) for event in envelope.events]
    accepted = [event for event in found if event is not None]
    if len(accepted) == len(found):
        return accepted
    # Only those that need care go the long way; but to be decoded as `parse_json` does it, all have to be.
    events = decode_envelope(envelope.body).events
    return [
        _judged(event, sender) if fast is None else fast for fast, event in zip(found, events, strict=True)
    ]


def _judged(event: JSON, sender: Sender) -> Judged:
    draft = Draft(event, sender)
    outcome = passed(draft)
    if isinstance(outcome, Rejection):
        # Nobody's: else who sends rubbish in another's name would use up what that one may send.
        return outcome.event_id, None, outcome
    return event["id"], _who(draft) if sender.kind == "pk" else None, outcome


def _who(draft: Draft) -> Who:
    """Who it is from; who has signed is another than who only says so."""
    event = draft.event
    who = who_of(event.get("actor"), event.get("anonymous"), event.get("session"))
    return f"signed {who}" if who and draft.signed else who
