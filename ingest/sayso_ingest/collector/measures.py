"""What the collector tells of its work, and to whom nobody listens to where nothing is measured."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Protocol

from sayso_ingest.collector.group import Receipt
from sayso_ingest.collector.intake import Delivery
from sayso_ingest.event import Rejection


class Measures(Protocol):
    """Takes counts and times; `metrics.CollectorMeter` is one."""

    def events(self, project: str, *, accepted: int, rejected: Mapping[str, int], retried: int) -> None:
        """Count what became of events."""

    def answered(self, seconds: float) -> None:
        """Count a request and how long it took."""

    def refused(self, code: str) -> None:
        """Count a request that was refused whole."""


class Unmeasured:
    """Counts nothing."""

    def events(self, project: str, *, accepted: int, rejected: Mapping[str, int], retried: int) -> None:
        """Count nothing."""

    def answered(self, seconds: float) -> None:
        """Count nothing."""

    def refused(self, code: str) -> None:
        """Count nothing."""


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
