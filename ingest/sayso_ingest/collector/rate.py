"""How fast may be sent: buckets of events, under a lock, with the clock passed in."""

from __future__ import annotations

import math
import threading
from collections import OrderedDict
from collections.abc import Callable
from time import monotonic

from sayso_ingest.projects import Project

BUCKETS = 10_000
"""Buckets that are held at a time: 2 MB, or 20 where all names are as long as they may be. Of who is forgotten for the
longest, the bucket is full again."""


class RateLimit:
    """A token bucket for each name: `rate` events a second on average, `burst` at once.

    It lives in one process; several processes let through several times as much.
    """

    def __init__(
        self,
        *,
        rate: float,
        burst: float,
        buckets: int = BUCKETS,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._rate = rate
        self._burst = burst
        self._most = buckets
        self._clock = clock
        self._guard = threading.Lock()
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait(self, name: str, events: int) -> int:
        """Take `events` from a bucket; return 0, or the seconds after which to try again.

        A request without events costs as much as one with a single event: it is kept, too.
        """
        cost = max(1, events)
        with self._guard:
            now = self._clock()
            level, since = self._buckets.get(name, (self._burst, now))
            level = min(self._burst, level + (now - since) * self._rate)
            # A full bucket lets any request through, or one larger than the bucket would wait for ever.
            enough = level >= min(cost, self._burst)
            self._hold(name, level - cost if enough else level, now)
        return 0 if enough else math.ceil((min(cost, self._burst) - level) / self._rate)

    def give_back(self, name: str, events: int) -> None:
        """Put events back that were taken and then turned away for another reason."""
        with self._guard:
            if name in self._buckets:
                level, since = self._buckets[name]
                self._buckets[name] = (min(self._burst, level + events), since)

    @property
    def held(self) -> int:
        """How many buckets are held."""
        return len(self._buckets)

    def _hold(self, name: str, level: float, now: float) -> None:
        self._buckets[name] = (level, now)
        self._buckets.move_to_end(name)
        if len(self._buckets) > self._most:
            self._buckets.popitem(last=False)


class ProjectLimits:
    """How much all keys of a project may send together, back ends' keys too, of projects that have a rate."""

    def __init__(self, *, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._limits: dict[str, tuple[float, int, RateLimit]] = {}

    def wait(self, project: Project, events: int) -> int:
        """Take `events` from what the project may send; return 0, or the seconds after which to try again."""
        return self._limit(project, project.rate).wait(project.name, events) if project.rate else 0

    def give_back(self, project: Project, events: int) -> None:
        """Put events back that were taken and then turned away for another reason."""
        if project.rate:
            self._limit(project, project.rate).give_back(project.name, events)

    def _limit(self, project: Project, rate: float) -> RateLimit:
        burst = project.largest_burst
        held = self._limits.get(project.name)
        if held is None or held[:2] != (rate, burst):
            held = (rate, burst, RateLimit(rate=rate, burst=burst, clock=self._clock))
            self._limits[project.name] = held
        return held[2]
