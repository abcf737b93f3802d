"""Pure rules about time: what the wire's texts mean, and what a client's wrong clock is worth."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

SKEW_STEP = timedelta(minutes=10)
DATE_AND_TIME = len("2026-03-01T12:00:00Z")


def parse_time(text: str) -> datetime:
    """Read an RFC 3339 time as naive UTC, as DuckDB's TIMESTAMP has it; digits past the microsecond are cut."""
    if len(text) >= DATE_AND_TIME and text[-1] == "Z":
        # Nearly all times: in UTC already, so that nothing is to be converted.
        time = datetime.fromisoformat(text[:-1])
        if time.tzinfo is None:
            return time
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
