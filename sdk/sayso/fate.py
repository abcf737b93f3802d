"""Pure: what a response means for the events of a batch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from sayso import retry
from sayso.response import Response, Result


@dataclass(slots=True)
class Fate:
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


def decide(ids: Sequence[str], response: Response | None) -> Fate:
    """Say what a response means for these events; no answer is None."""
    if response is None or retry.again(response.status):
        return Fate(again=list(ids), slow_down=True)
    if response.status < 300:
        return _each(ids, response.results)
    if response.status == 413 and len(ids) > 1:
        return Fate(split=True)
    return Fate(dropped={f"http_{response.status}": list(ids)}, slow_down=response.status in (401, 403))


def _each(ids: Sequence[str], results: Sequence[Result] | None) -> Fate:
    """Sort the events of an answered batch; what the answer does not name is not known to be durable."""
    by_id = {result.id.lower(): result for result in results or ()}
    fate = Fate()
    for id in ids:
        result = by_id.get(id.lower())
        if result is None or result.status == "retry":
            fate.again.append(id)
        elif result.status == "rejected":
            fate.rejected.setdefault(result.reason or "rejected", []).append(id)
        else:
            # Also words that a later collector may have for it: a 2xx says that it is durable.
            fate.delivered.append(id)
    fate.slow_down = bool(fate.again)
    return fate
