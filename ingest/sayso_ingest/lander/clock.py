"""Pure rules about time: what the wire's texts mean, and what a client's wrong clock is worth."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

SKEW_STEP = timedelta(minutes=10)


def parse_time(text: str) -> datetime:
    """Read an RFC 3339 time as naive UTC, as DuckDB's TIMESTAMP has it; digits past the microsecond are cut."""
    return datetime.fromisoformat(text).astimezone(UTC).replace(tzinfo=None)


def skew(received_at: datetime, sent_at: datetime | None) -> timedelta:
    """What to add to a client's times: `received_at - sent_at`, truncated toward zero to whole ten minutes.

    So ordinary clocks and ordinary latency are not touched.
    """
    if sent_at is None:
        return timedelta(0)
    difference = received_at - sent_at
    steps = abs(difference) // SKEW_STEP
    return steps * SKEW_STEP if difference >= timedelta(0) else -steps * SKEW_STEP
