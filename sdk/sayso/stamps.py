"""What a client stamps on its events: who made them, their id, their time and their number.

Here the SDK reads the clock, chance, and its own version; what builds and checks events gets them as values.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.metadata import version

SOURCE = f"sayso-python/{version('sayso')}"

NewId = Callable[[datetime], str]

_CHARACTERS = 20
"""Hexadecimal characters of chance for one id."""
_DRAWN = 200
"""Ids for which chance is drawn at once: asking the system costs more than the rest of an id."""
_VARIANT = dict(zip("0123456789abcdef", "89ab" * 4, strict=True))


def utc_now() -> datetime:
    """Return the time, in UTC."""
    return datetime.now(UTC)


class Ids:
    """Makes the ids of events: UUIDs of version 7, which begin with the time in milliseconds.

    The rest is chance of the operating system, drawn in blocks; a forked process needs an object of its own.
    """

    def __init__(self) -> None:
        self._chance = ""
        self._used = 0
        self._millisecond = -1
        self._begin = ""

    def __call__(self, now: datetime) -> str:
        """Make an id."""
        # A signal handler may make an id in the middle of this one: the claim is made, and the characters are taken,
        # with nothing called in between where it could run.
        at = self._used
        self._used = at + _CHARACTERS
        some = self._chance[at : at + _CHARACTERS]
        if not some:
            drawn = os.urandom(_CHARACTERS * _DRAWN // 2).hex()
            some, self._chance, self._used = drawn[:_CHARACTERS], drawn, _CHARACTERS
        # Fast path: most ids have the millisecond of the one before, and begin as that did.
        millisecond = int(now.timestamp() * 1000)
        if millisecond != self._millisecond:
            time = f"{millisecond & 0xFFFF_FFFF_FFFF:012x}"
            self._begin, self._millisecond = f"{time[:8]}-{time[8:]}-7", millisecond
        return f"{self._begin}{some[:3]}-{_VARIANT[some[3]]}{some[4:7]}-{some[7:19]}"


class Stamps:
    """Times and numbers that never go back, whatever the machine's clock does. Whoever calls holds the lock."""

    def __init__(self, now: Callable[[], datetime] = utc_now, new_id: NewId | None = None) -> None:
        self.now = now
        """The clock of the machine, which may go back."""
        self._given = new_id
        self._new_id: NewId = new_id or Ids()
        self._last = now()
        self.newest = -1
        """The number of the event that came last."""

    def next(self) -> tuple[str, datetime, int]:
        """Return the id, the time and the number of the next event."""
        now = self.now()
        self._last = last = max(self._last, now)
        self.newest = seq = self.newest + 1  # no other call has it, nor one that interrupts this one
        return self._new_id(last), last, seq

    def in_child(self) -> Stamps:
        """Return the stamps of a forked process: they go on from here, with chance of their own."""
        stamps = Stamps(self.now, self._given)
        stamps._last, stamps.newest = self._last, self.newest
        return stamps
