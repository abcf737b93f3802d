"""How fast a key may send: a bucket for each, under a lock, with the clock passed in."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable
from time import monotonic


class RateLimit:
    """A token bucket for each key: `rate` events a second on average, `burst` at once.

    It lives in one process; several processes let through several times as much.
    """

    def __init__(
        self, *, rate: float = 100, burst: float = 1000, clock: Callable[[], float] = monotonic
    ) -> None:
        self._rate = rate
        self._burst = burst
        self._clock = clock
        self._guard = threading.Lock()
        self._buckets: dict[str, tuple[float, float]] = {}

    def wait(self, key_id: str, events: int) -> int:
        """Take `events` from the key's bucket; return 0, or the seconds after which to try again.

        A request without events costs as much as one with a single event: it is kept, too.
        """
        cost = max(1, events)
        with self._guard:
            now = self._clock()
            level, since = self._buckets.get(key_id, (self._burst, now))
            level = min(self._burst, level + (now - since) * self._rate)
            # A full bucket lets any request through, or one larger than the bucket would wait for ever.
            enough = level >= min(cost, self._burst)
            self._buckets[key_id] = (level - cost if enough else level, now)
        return 0 if enough else math.ceil((min(cost, self._burst) - level) / self._rate)
