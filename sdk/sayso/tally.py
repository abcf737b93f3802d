"""What a client counts. Nothing is lost without a count."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import uuid4


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
    recovered: int = 0
    """Of `recorded`: events of processes that are gone, found in the spool."""
    unspooled: int = 0
    """How many events the spool did not take, so that they were held in memory alone."""


@dataclass(slots=True)
class Tally:
    """Counts under way; whoever calls holds the lock of `Shared`."""

    client: str = field(default_factory=lambda: str(uuid4()))
    """Whose counts these are."""
    recorded: int = 0
    delivered: int = 0
    retried: int = 0
    recovered: int = 0
    unspooled: int = 0
    dropped: Counter[str] = field(default_factory=Counter)
    lost: Counter[str] = field(default_factory=Counter)
    """The part of `dropped` that no collector knows of by itself."""
    acknowledged: Mapping[str, int] = field(default_factory=dict)
    """What the collector has heard of `lost`."""

    def drop(self, counts: Mapping[str, int], *, report: bool = True) -> None:
        """Count what is lost, by reason, and keep it for the next report to the collector."""
        gone = {reason: count for reason, count in counts.items() if count}
        self.dropped.update(gone)
        if report:
            self.lost.update(gone)

    @property
    def report(self) -> dict[str, int] | None:
        """All that this client has lost so far, by reason; None when the collector has heard of it already.

        Totals rather than what is new, so that a report which arrives twice counts nothing twice.
        """
        return dict(self.lost) if self.lost != self.acknowledged else None

    def reported(self, report: Mapping[str, int]) -> None:
        """Note that a report has reached the collector."""
        self.acknowledged = report

    def stats(self, *, waiting: int, unspooled: int = 0) -> Stats:
        """Copy the counts."""
        return Stats(
            self.recorded,
            self.delivered,
            waiting,
            dict(self.dropped),
            self.retried,
            self.recovered,
            self.unspooled + unspooled,
        )
