"""What is counted of requests that are refused whole, since nothing of most of them is kept."""

from __future__ import annotations

import logging
import threading
from collections import Counter
from collections.abc import Callable
from time import monotonic

log = logging.getLogger(__name__)

SAY_EVERY = 60.0
"""Seconds between two lines on what was refused: a flood of requests must not become a flood of lines."""


class Refusals:
    """Counts refused requests by the code of their answer, and says the counts in the process's log now and then."""

    def __init__(self, *, say_every: float = SAY_EVERY, clock: Callable[[], float] = monotonic) -> None:
        self._say_every = say_every
        self._clock = clock
        self._guard = threading.Lock()
        self._counts: Counter[str] = Counter()
        self._said_at = -say_every

    def count(self, code: str) -> None:
        """Count one; say all that were counted since the last line, if that is long ago."""
        with self._guard:
            self._counts[code] += 1
            now = self._clock()
            if now - self._said_at < self._say_every:
                return
            self._said_at = now
            counts, self._counts = self._counts, Counter()
        told = ", ".join(f"{code} {n}" for code, n in sorted(counts.items()))
        log.warning("requests refused: %s", told)


class TurnedAway:
    """Counts the events of each key that came too fast, until the key's next request takes the counts along."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._counts: Counter[str] = Counter()

    def count(self, key_id: str, events: int) -> None:
        """Count events that were turned away, or give back those that were taken and did not become durable."""
        with self._guard:
            self._counts[key_id] += events

    def take(self, key_id: str) -> int:
        """Return how many events of the key were turned away since the last time, and forget them."""
        with self._guard:
            return self._counts.pop(key_id, 0)
