"""Pure: how long what is kept, as it is written: 90d, 12h, ever."""

from __future__ import annotations

import re
from datetime import timedelta

from sayso_ingest.errors import UsageError
from sayso_ingest.event import Kind

ALL = "all"
"""Stands for every kind, and for rejects, that has no age of its own."""
REJECTS = "rejects"
"""What was refused, which has no kind that could be relied on."""
EVER = timedelta.max
"""The age of what is never removed."""
KEPT = (*map(str, Kind), REJECTS, ALL)
"""What an age can be given to."""

_EVER = "ever"
_AGE = re.compile(r"([1-9][0-9]{0,4})(d|h)")
_UNITS = {"d": timedelta(days=1), "h": timedelta(hours=1)}


def age_of(text: str) -> timedelta:
    """Read an age.

    Raises:
        UsageError: it is none.
    """
    if text == _EVER:
        return EVER
    found = _AGE.fullmatch(text)
    if not found:
        raise UsageError(f"{text!r} is no age. Write days or hours, as in 90d or 12h, or ever.")
    return int(found[1]) * _UNITS[found[2]]


def ages_of(text: str) -> dict[str, timedelta]:
    """Read several, as in all=730d,rejects=30d.

    Raises:
        UsageError: an age is none, or is given to what has none.
    """
    ages: dict[str, timedelta] = {}
    for one in filter(None, text.split(",")):
        what, _, age = one.partition("=")
        if what not in KEPT:
            raise UsageError(f"{what!r} has no age of its own. Possible are: {', '.join(KEPT)}.")
        ages[what] = age_of(age)
    return ages


def spelled(age: timedelta) -> str:
    """Write an age so that `age_of` reads it."""
    if age == EVER:
        return _EVER
    hours = age // _UNITS["h"]
    return f"{hours}h" if hours % 24 else f"{hours // 24}d"
