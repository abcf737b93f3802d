"""Pure: how long what is kept -> what had been received before when may go."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)

Ages = Mapping[str, timedelta]
"""By the kind of event, or `rejects`; what is not in it is kept for ever."""


def cutoffs(ages: Ages, now: datetime) -> dict[str, datetime]:
    """Say for each kind before which time what was received goes.

    On the day, or of ages under two days on the hour: for each removal all state is folded anew, and landing
    waits for it.
    """
    return {what: _on_the(DAY if age >= 2 * DAY else HOUR, now - age) for what, age in ages.items()}


def _on_the(step: timedelta, time: datetime) -> datetime:
    midnight = time.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + (time - midnight) // step * step
