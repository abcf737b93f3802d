"""What each event of a request is told, and counted as."""

from __future__ import annotations

import json
from collections import Counter

from sayso_ingest.collector.group import Receipt
from sayso_ingest.collector.intake import Delivery
from sayso_ingest.collector.judging import Outcome
from sayso_ingest.collector.measures import Measures
from sayso_ingest.event import Rejection


def results(delivery: Delivery, receipt: Receipt) -> bytes:
    """Tell each event what became of it, in their order, as JSON."""
    if receipt.events and len(receipt.events) == len(delivery.ids) and all(receipt.events):
        # Fast path: where all are accepted and durable, as nearly always, only the ids differ (UUIDs: no escapes).
        ids = '","status":"accepted"},{"id":"'.join(map(str, delivery.ids))
        return f'{{"results":[{{"id":"{ids}","status":"accepted"}}]}}'.encode()
    return one_by_one(delivery, receipt)


def one_by_one(delivery: Delivery, receipt: Receipt) -> bytes:
    """Tell the same, looking at each event."""
    durable = iter(receipt.events)
    told = (
        _result(event_id, outcome, durable=next(durable) if isinstance(outcome, bytes) else receipt.rest)
        for event_id, outcome in zip(delivery.ids, delivery.outcomes, strict=True)
    )
    return f'{{"results":[{",".join(told)}]}}'.encode()


def _result(event_id: str | None, outcome: Outcome | None, *, durable: bool) -> str:
    if durable and isinstance(outcome, bytes):
        return f'{{"id":"{event_id}","status":"accepted"}}'  # a UUID, in which nothing needs an escape
    if durable and isinstance(outcome, Rejection):
        return json.dumps(
            {"id": event_id, "status": "rejected", "reason": outcome.reason, "detail": outcome.detail}
        )
    return json.dumps({"id": event_id, "status": "retry"})


def count_events(measures: Measures, delivery: Delivery, receipt: Receipt) -> None:
    """Count what the events of a request were told."""
    count = len(delivery.outcomes)
    if len(receipt.events) == count and all(receipt.events):  # fast path: all are accepted, as nearly always
        measures.events(delivery.key.project, accepted=count, rejected={}, retried=0)
        return
    accepted = sum(receipt.events)
    refused = [outcome for outcome in delivery.outcomes if isinstance(outcome, Rejection)]
    rejected = Counter(rejection.reason for rejection in refused) if receipt.rest else Counter[str]()
    retried = count - accepted - rejected.total()
    measures.events(delivery.key.project, accepted=accepted, rejected=rejected, retried=retried)
