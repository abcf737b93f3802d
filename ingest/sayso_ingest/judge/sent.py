"""A judgement as the event that is sent: what is the same has the same id, whenever it is sent."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from importlib.resources import files

from sayso_ingest.event import JSON
from sayso_ingest.judge.grade import Judgement
from sayso_ingest.mining import Query


def content(judgement: Judgement, *, again: str = "") -> list[str]:
    """What the id of a judgement is made from; `again` says what came between, where the same was sent before."""
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


def read_sent(query: Query, event_ids: Sequence[str]) -> Iterator[tuple[Judgement, datetime]]:
    """Judgements as they were sent, and when (UTC, without a zone)."""
    sql = files(__package__).joinpath("given.sql").read_text(encoding="utf-8")
    for row in query(sql, [list(event_ids)]):
        meta, occurred_at = row.pop("meta"), row.pop("occurred_at")
        yield Judgement(**row, meta=json.loads(meta) if meta else {}), occurred_at
