"""How figures, times and texts are spelled on pages."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from sayso_ingest.excerpt import cut
from sayso_ingest.spelling import plain

TEXT = 400
"""Characters of a text that a cell shows."""
NONE = "–"


def ago(now: datetime, then: datetime) -> str:
    """Spell how long ago a time of the warehouse (UTC, naive) was, in its largest unit."""
    seconds = max(0, round((now - then.replace(tzinfo=UTC)).total_seconds()))
    for unit, length in (("day", 86400), ("hour", 3600), ("minute", 60)):
        if seconds >= length:
            count = seconds // length
            return f"{count} {unit}{'s' if count > 1 else ''} ago"
    return "just now" if seconds < 5 else f"{seconds} seconds ago"


def duration(seconds: float) -> str:
    """Spell a length of time in its largest unit."""
    for unit, length in (("days", 86400), ("hours", 3600), ("minutes", 60)):
        if seconds >= 2 * length:
            return f"{seconds / length:.0f} {unit}"
    return f"{max(0.0, seconds):.1f} s"


def exactly(at: datetime | date) -> str:
    """Spell a time of the warehouse in full."""
    if isinstance(at, datetime):
        return f"{at:%Y-%m-%d %H:%M:%S} UTC"
    return at.isoformat()


def number(value: float | Decimal | None) -> str:
    """Spell a number with as many digits as matter."""
    if value is None:
        return NONE
    near = float(value)
    if near.is_integer() or abs(near) >= 1000:
        return f"{near:,.0f}"
    return f"{near:.1f}" if abs(near) >= 100 else f"{near:.3g}"


def share(value: float | None, digits: int = 1) -> str:
    """Spell a share, 0 to 1, in percent."""
    return NONE if value is None else f"{100 * value:.{digits}f} %"


def points(value: float | None) -> str:
    """Spell a difference of two shares in percentage points, with its sign."""
    return NONE if value is None else f"{100 * value:+.1f}".replace("-", "−") + " pp"


def text(value: Any, most: int = TEXT) -> str:
    """Spell any value in a cell; long ones are cut."""
    if value is None:
        return NONE
    if isinstance(value, list | tuple):
        spelled = ", ".join(text(item) for item in value)
    elif isinstance(value, dict):
        spelled = json.dumps(plain(value), ensure_ascii=False)
    else:
        spelled = str(plain(value))
    return cut(spelled, most)
