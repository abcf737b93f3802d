"""A judgement as the event that is sent: what is the same has the same id, whenever it is sent."""

from __future__ import annotations

import json
from datetime import datetime

from sayso_ingest.event import JSON
from sayso_ingest.judge.grade import Judgement


def content(judgement: Judgement, *, again: str = "") -> list[str]:
    """What the id of a judgement is made from; `again` is the event that was taken back before it, where one was."""
    said = [judgement.label, judgement.score, judgement.rationale, judgement.meta]
    return [
        "judgement",
        judgement.judge,
        judgement.rubric,
        judgement.name,
        judgement.target,
        json.dumps(said, sort_keys=True),
        *([again] if again else []),
    ]


def as_event(judgement: Judgement, *, id: str, now: datetime, sample_rate: float) -> dict[str, JSON]:
    """The event; `sample_rate` is the probability with which the thing was drawn."""
    body: dict[str, JSON] = {
        "judge": judgement.judge,
        "label": judgement.label,
        "score": judgement.score,
        "rationale": judgement.rationale or None,
        "rubric": judgement.rubric,
        "name": judgement.name or None,
    }
    event: dict[str, JSON] = {
        "id": id,
        "kind": "judgement",
        "target": judgement.target,
        "occurred_at": now.isoformat().replace("+00:00", "Z"),
        "sample_rate": sample_rate,
        "body": {name: value for name, value in body.items() if value is not None},
    }
    return event | ({"meta": judgement.meta} if judgement.meta else {})
