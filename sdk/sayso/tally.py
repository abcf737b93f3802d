"""What a client counts. Nothing is lost without a count, and the first of each reason is logged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

WHY: Mapping[str, str] = {
    "queue_full": "more events wait than the client may hold; the collector is slow or away",
    "closed": "it was recorded after close()",
    "unsent": "it still waited when the client closed; give close() or flush() more time",
    "too_old": "15 minutes of attempts have failed; is the collector up, and is SAYSO_URL right?",
    "http_400": "the collector could not read the batch; do SDK and collector have the same version?",
    "http_401": "the collector does not know the key; check SAYSO_KEY",
    "http_403": "the collector does not let this key send; check which kind of key SAYSO_KEY is",
    "http_404": "there is no collector at this address; check SAYSO_URL",
    "http_413": "a single event is too large for the collector, or for a proxy before it",
}


@dataclass(frozen=True, slots=True)
class Stats:
    """What became of the events so far: recorded = delivered + waiting + all of dropped."""

    recorded: int
    """Calls of a client's methods."""
    delivered: int
    """Accepted by the collector: on its disk."""
    waiting: int
    """Neither delivered nor dropped yet."""
    dropped: Mapping[str, int]
    """Lost or refused, by reason."""
    retried: int
    """How often an event had to be sent again."""


@dataclass(slots=True)
class Tally:
    """Counts under way; the buffer guards them with its lock."""

    recorded: int = 0
    delivered: int = 0
    retried: int = 0
    dropped: Counter[str] = field(default_factory=Counter)
    unreported: Counter[str] = field(default_factory=Counter)
    """What the collector has not heard of yet."""
    said: set[str] = field(default_factory=set)

    def drop(self, counts: Mapping[str, int], *, report: bool = True) -> None:
        """Count what is lost, by reason, and keep it for the next report to the collector."""
        lost = {reason: count for reason, count in counts.items() if count}
        self.dropped.update(lost)
        if report:
            self.unreported.update(lost)

    def reported(self, report: Mapping[str, int]) -> None:
        """Forget what has reached the collector in a report."""
        self.unreported -= Counter(report)

    def first(self, reason: str) -> bool:
        """Say whether nothing has been logged for this reason yet; from then on it has."""
        if reason in self.said:
            return False
        self.said.add(reason)
        return True

    def stats(self, *, waiting: int) -> Stats:
        """Copy the counts."""
        return Stats(self.recorded, self.delivered, waiting, dict(self.dropped), self.retried)
