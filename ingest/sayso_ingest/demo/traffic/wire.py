"""A planned action as an event on the wire, for what is sent without the SDK: repeats and bad input."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from sayso_ingest.demo.traffic.action import Sent


def wire_event(sent: Sent) -> dict[str, Any]:
    """Spell an action with its id as one event; what is not known is left out."""
    action = sent.action
    refers = {"retraction": "of", "detail": "about"}.get(action.kind)
    body = {**action.body, refers: sent.about} if refers else dict(action.body)
    event = {
        "id": sent.event_id,
        "kind": action.kind,
        "target": action.target,
        "part": action.part,
        "occurred_at": wire_time(action.occurred_at),
        "actor": action.person.actor,
        "anonymous": action.person.anonymous,
        "session": action.person.session,
        "source": {"sdk": "sayso-demo"},
        "body": body,
    }
    return {name: value for name, value in event.items() if value is not None}


def wire_time(moment: datetime) -> str:
    """Spell a UTC time in RFC 3339, to the millisecond."""
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def wire_batch(events: list[Any]) -> bytes:
    """Put events into one body; a lone surrogate is escaped and NaN is spelled as Python does."""
    return json.dumps({"events": events}).encode()
