"""Pure: whether to send again after an answer, and when."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

FIRST: Final = 0.5
LONGEST: Final = 30.0
LONGEST_ASKED: Final = 300.0
GIVE_UP_AFTER: Final = 15 * 60.0
GIVE_UP_ON_DISK_AFTER: Final = 7 * 24 * 3600.0


def again(status: int) -> bool:
    """Say whether a status may be another one later: overload, time-outs, and answers that are no collector's."""
    return status in (408, 425, 429) or status >= 500 or 300 <= status < 400


def wait(failures: int, *, chance: Callable[[], float] = random.random) -> float:
    """Seconds before the next attempt after so many failures in a row, counted from 1.

    Full jitter over a growing span, so that many clients do not come back at the same moment
    (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/).
    """
    return chance() * min(LONGEST, FIRST * 2.0 ** min(failures - 1, 16))


def asked_wait(header: str | None, *, now: datetime) -> float:
    """Seconds that a Retry-After header asks for: 0 when there is none or it cannot be read, never more than 300."""
    try:
        seconds = float(header or 0)
    except ValueError:
        seconds = _until(header or "", now)
    return min(seconds, LONGEST_ASKED) if seconds > 0 else 0.0


def too_old(age: float, *, on_disk: bool = False) -> bool:
    """Say whether an event that has waited so many seconds is given up when an attempt fails."""
    return age >= (GIVE_UP_ON_DISK_AFTER if on_disk else GIVE_UP_AFTER)


def _until(date: str, now: datetime) -> float:
    try:
        moment = parsedate_to_datetime(date)
        return ((moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - now).total_seconds()
    except (ValueError, TypeError, OverflowError, IndexError):
        return 0.0
