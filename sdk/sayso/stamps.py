"""What a client stamps on its events: who made them, their id, their time and their number.

Here the SDK reads the clock, chance, and its own version; what builds and checks events gets them as values.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.metadata import version
from uuid import UUID

from sayso import lifecycle

SOURCE = f"sayso-python/{version('sayso')}"


def utc_now() -> datetime:
    """Return the time, in UTC."""
    return datetime.now(UTC)


def uuid7(now: datetime) -> str:
    """Make the id of an event: a UUID of version 7, which begins with the time in milliseconds."""
    milliseconds = int(now.timestamp() * 1000)
    noise = int.from_bytes(os.urandom(10))
    value = (
        (milliseconds & (1 << 48) - 1) << 80
        | 0x7 << 76
        | (noise >> 68) << 64
        | 0b10 << 62
        | noise & (1 << 62) - 1
    )
    return str(UUID(int=value))


class Stamps:
    """Times and numbers that never go back, whatever the clock of the machine does."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._last = now()
        self._seq = -1
        self._unlock()
        lifecycle.in_forked_child(self._unlock)

    def next(self) -> tuple[datetime, int]:
        """Return the time and the number of the next event."""
        with self._lock:
            self._last = max(self._last, self._now())
            self._seq += 1
            return self._last, self._seq

    def _unlock(self) -> None:
        self._lock = threading.RLock()
