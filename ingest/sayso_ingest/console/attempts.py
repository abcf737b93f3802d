"""How often a password may be wrong: a few times at once, then now and then, for a name and for all together."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic


@dataclass(frozen=True, slots=True)
class Allowance:
    """So many at once, and one more every so many seconds."""

    at_once: int
    every: float

    @property
    def refilled_after(self) -> float:
        """Seconds after which it is whole again, whatever was taken."""
        return self.at_once * self.every


PER_NAME = Allowance(at_once=5, every=30.0)
IN_ALL = Allowance(at_once=50, every=1.0)


class Attempts:
    """Counts attempts to sign in. A right password gives its attempt back; a name is never locked for good.

    No more names are held than wrong attempts are let through while one of them is refilled: 200.
    """

    def __init__(
        self,
        *,
        per_name: Allowance = PER_NAME,
        in_all: Allowance = IN_ALL,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._per_name = per_name
        self._in_all = in_all
        self._clock = clock
        self._guard = threading.Lock()
        self._all = (float(in_all.at_once), clock())
        self._names: dict[str, tuple[float, float]] = {}

    def wait(self, name: str) -> int:
        """Take an attempt; return 0, or the seconds after which to try again."""
        with self._guard:
            now = self._clock()
            self._forget(now)
            own = _level(self._names.get(name, (float(self._per_name.at_once), now)), self._per_name, now)
            shared = _level(self._all, self._in_all, now)
            if own >= 1 and shared >= 1:
                self._names[name], self._all = (own - 1, now), (shared - 1, now)
                return 0
        waits = [
            (1 - level) * allowance.every
            for level, allowance in ((own, self._per_name), (shared, self._in_all))
        ]
        return max(1, math.ceil(max(waits)))

    def give_back(self, name: str) -> None:
        """Put back what was taken: the password was right."""
        with self._guard:
            level, since = self._names.get(name, (float(self._per_name.at_once), self._clock()))
            self._names[name] = (min(float(self._per_name.at_once), level + 1), since)
            level, since = self._all
            self._all = (min(float(self._in_all.at_once), level + 1), since)

    @property
    def held(self) -> int:
        """How many names are held."""
        return len(self._names)

    def _forget(self, now: float) -> None:
        """Let go of names whose allowance is whole again."""
        whole = [
            name for name, (_, since) in self._names.items() if now - since >= self._per_name.refilled_after
        ]
        for name in whole:
            del self._names[name]


def _level(bucket: tuple[float, float], allowance: Allowance, now: float) -> float:
    level, since = bucket
    return min(float(allowance.at_once), level + (now - since) / allowance.every)
