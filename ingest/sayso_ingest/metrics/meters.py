"""What the rooms tell, in their words, and which numbers that is. Each is opened in the process that counts."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path

from sayso_ingest.metrics import table
from sayso_ingest.metrics.cells import Cells, Histogram

OTHER = "other"
DROP_REASONS = 50
"""Reasons of dropped events that are told apart in a project: they come from clients, which may invent them."""


class CollectorMeter:
    """Counts what a worker of the collector takes in."""

    def __init__(self, folder: Path) -> None:
        self._cells = Cells(folder, "collector")
        self._request = Histogram(self._cells, table.REQUEST)
        self._append = Histogram(self._cells, table.APPEND)
        self._cells.set(table.WAITING, (), 0)
        self._waiting = 0

    def events(self, project: str, *, accepted: int, rejected: Mapping[str, int], retried: int) -> None:
        """Count what became of events."""
        if accepted:
            self._cells.add(table.ACCEPTED, (project,), accepted)
        for reason, n in rejected.items():
            self._cells.add(table.REJECTED, (project, reason), n)
        if retried:
            self._cells.add(table.RETRIED, (project,), retried)

    def answered(self, seconds: float) -> None:
        """Count a request and how long it took."""
        self._request.observe(seconds)

    def refused(self, code: str) -> None:
        """Count a request that was refused whole."""
        self._cells.add(table.REFUSED, (code,))

    def redacted(self, project: str, found: Mapping[str, int]) -> None:
        """Count what was replaced in texts."""
        for what, n in found.items():
            self._cells.add(table.REDACTED, (project, what), n)

    def appended(self, seconds: float, waiting_bytes: int) -> None:
        """Count an append, and how much waited then."""
        self._append.observe(seconds)
        if waiting_bytes != self._waiting:
            self._waiting = waiting_bytes
            self._cells.set(table.WAITING, (), waiting_bytes)

    def close(self) -> None:
        """Count no more."""
        self._cells.close()


class LanderMeter:
    """Counts what the lander does."""

    def __init__(self, folder: Path) -> None:
        self._cells = Cells(folder, "lander")
        self._batch = Histogram(self._cells, table.BATCH)
        self._landing = Histogram(self._cells, table.LANDING)
        self._failures: dict[str, int] = {}

    def landed(self, project: str, *, events: int, rejects: int, seconds: float) -> None:
        """Count a landing."""
        self._cells.add(table.LANDED, (project,), events)
        self._cells.add(table.REJECTS, (project,), rejects)
        self._batch.observe(events + rejects)
        self._landing.observe(seconds)

    def looked(self, project: str, *, records: int, seconds: float, dropped: Mapping[str, int]) -> None:
        """Say how far the warehouse is behind the log, and what clients dropped so far."""
        self._cells.set(table.LAG_RECORDS, (project,), records)
        self._cells.set(table.LAG_SECONDS, (project,), seconds)
        for reason, n in bounded(dropped).items():
            self._cells.set(table.DROPPED, (project, reason), n)

    def published(self, project: str) -> None:
        """Say that a copy was published now."""
        self._cells.set(table.PUBLISHED, (project,), time.time())

    def round(self, failures: Mapping[str, int], errors: Mapping[str, str]) -> None:
        """Say that all projects had their turn, and how often each failed in a row, and with which kind of error."""
        self._cells.set(table.ROUND, (), time.time())
        for project, n in failures.items():
            if n > self._failures.get(project, 0):
                self._cells.set(table.FAILED, (project, errors[project]), time.time())
            if n != self._failures.get(project):
                self._cells.set(table.FAILURES, (project,), n)
        self._failures = dict(failures)

    def close(self) -> None:
        """Count no more."""
        self._cells.close()


def bounded(dropped: Mapping[str, int]) -> dict[str, int]:
    """Keep the reasons that count most, and add up the others."""
    kept = dict(sorted(dropped.items(), key=lambda item: (-item[1], item[0]))[:DROP_REASONS])
    rest = sum(dropped.values()) - sum(kept.values())
    return {**kept, OTHER: kept.get(OTHER, 0) + rest} if rest else kept
