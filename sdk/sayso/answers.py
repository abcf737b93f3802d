"""Pure: what an answer means for the events of a batch."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from sayso import retry


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


@dataclass(slots=True)
class Outcome:
    """What to do with the events of a batch, by their ids."""

    delivered: list[str] = field(default_factory=list)
    rejected: dict[str, list[str]] = field(default_factory=dict)
    """By reason: refused alone, and kept by the collector."""
    dropped: dict[str, list[str]] = field(default_factory=dict)
    """By reason: refused as a batch, nowhere kept."""
    again: list[str] = field(default_factory=list)
    split: bool = False
    """The batch is too large: send its halves."""
    slow_down: bool = False
    """Wait before the next attempt, and longer each time."""


def read(ids: Sequence[str], response: Response | None) -> Outcome:
    """Say what an answer means for these events; no answer is None."""
    if response is None or retry.again(response.status):
        return Outcome(again=list(ids), slow_down=True)
    if response.status < 300:
        return _each(ids, response.results)
    if response.status == 413 and len(ids) > 1:
        return Outcome(split=True)
    return Outcome(dropped={f"http_{response.status}": list(ids)}, slow_down=response.status in (401, 403))


def _each(ids: Sequence[str], results: Sequence[Result] | None) -> Outcome:
    """Sort the events of an answered batch; what the answer does not name is not known to be durable."""
    by_id = {result.id.lower(): result for result in results or ()}
    outcome = Outcome()
    for id in ids:
        result = by_id.get(id.lower())
        if result is None or result.status == "retry":
            outcome.again.append(id)
        elif result.status == "rejected":
            outcome.rejected.setdefault(result.reason or "rejected", []).append(id)
        else:
            # Also words that a later collector may have for it: a 2xx says that it is durable.
            outcome.delivered.append(id)
    outcome.slow_down = bool(outcome.again)
    return outcome


def parse(answer: object) -> Sequence[Result] | None:
    """Read the body of a 2xx answer; None when it is not a collector's."""
    results = answer.get("results") if isinstance(answer, dict) else None
    return list(_results(results)) if isinstance(results, list) else None


def _results(results: list[object]) -> Iterator[Result]:
    for item in results:
        if isinstance(item, dict) and isinstance(item.get("id"), str) and isinstance(item.get("status"), str):
            reason = item.get("reason")
            yield Result(item["id"], item["status"], reason[:64] if isinstance(reason, str) else None)
