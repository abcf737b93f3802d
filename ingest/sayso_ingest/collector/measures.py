"""What the collector tells of its work, and to whom nobody listens to where nothing is measured."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol


class Measures(Protocol):
    """Takes counts and times; `metrics.CollectorMeter` is one."""

    def events(self, project: str, *, accepted: int, rejected: Mapping[str, int], retried: int) -> None:
        """Count what became of events."""

    def answered(self, seconds: float) -> None:
        """Count a request and how long it took."""

    def refused(self, code: str) -> None:
        """Count a request that was refused whole."""

    def redacted(self, project: str, found: Mapping[str, int]) -> None:
        """Count what was replaced in texts."""


class Unmeasured:
    """Counts nothing."""

    def events(self, project: str, *, accepted: int, rejected: Mapping[str, int], retried: int) -> None:
        """Count nothing."""

    def answered(self, seconds: float) -> None:
        """Count nothing."""

    def refused(self, code: str) -> None:
        """Count nothing."""

    def redacted(self, project: str, found: Mapping[str, int]) -> None:
        """Count nothing."""
