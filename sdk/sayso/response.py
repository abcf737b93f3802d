"""Pure: what comes back from a collector, and how its words are read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one event: accepted, rejected (with the reason) or retry."""

    id: str
    status: str
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Response:
    """An answer to a batch."""

    status: int
    results: Sequence[Result] | None = None
    """What became of each event; None when the answer did not say so in a way that can be read."""
    retry_after: float = 0.0
    """Seconds to wait at least before the next attempt."""


def parse(answer: object) -> Sequence[Result] | None:
    """Read the body of a 2xx answer; None when it is not a collector's."""
    results = answer.get("results") if isinstance(answer, dict) else None
    return list(_results(results)) if isinstance(results, list) else None


def _results(results: list[object]) -> Iterator[Result]:
    for item in results:
        if isinstance(item, dict) and isinstance(item.get("id"), str) and isinstance(item.get("status"), str):
            reason = item.get("reason")
            yield Result(item["id"], item["status"], reason[:64] if isinstance(reason, str) else None)
