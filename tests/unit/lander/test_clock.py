"""What a client's wrong clock is worth."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sayso_ingest.lander.clock import parse_time, skew

RECEIVED = datetime(2026, 3, 1, 12, 0)  # noqa: DTZ001 - naive UTC, as DuckDB has it


@pytest.mark.parametrize(
    ("late", "minutes"),
    [
        (timedelta(0), 0),
        (timedelta(minutes=9, seconds=59), 0),
        (timedelta(minutes=-9, seconds=-59), 0),
        (timedelta(minutes=10), 10),
        (timedelta(minutes=-10), -10),
        (timedelta(minutes=29), 20),
        (timedelta(minutes=-29), -20),
    ],
)
def test_skew_is_whole_ten_minutes_truncated_toward_zero(late: timedelta, minutes: int) -> None:
    """A clock wrong by less than ten minutes is left alone; one wrong by more is put right in steps of ten."""
    assert skew(RECEIVED, RECEIVED - late) == timedelta(minutes=minutes)


def test_without_sent_at_nothing_is_corrected() -> None:
    """There is nothing to compare the clock with."""
    assert skew(RECEIVED, None) == timedelta(0)


@given(st.timedeltas(timedelta(days=-40000), timedelta(days=40000)))
def test_correction_never_overshoots(late: timedelta) -> None:
    """What is left of the difference is smaller than ten minutes and on the same side."""
    left = late - skew(RECEIVED, RECEIVED - late) if abs(late) < timedelta(days=30000) else timedelta(0)
    assert abs(left) < timedelta(minutes=10)
    assert left == timedelta(0) or (left > timedelta(0)) == (late > timedelta(0))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-03-01T12:00:00Z", RECEIVED),
        ("2026-03-01T14:00:00+02:00", RECEIVED),
        ("2026-03-01T12:00:00.123456789Z", RECEIVED.replace(microsecond=123456)),
    ],
)
def test_times_become_naive_utc(text: str, expected: datetime) -> None:
    """Zones are turned into UTC, digits past the microsecond are cut."""
    assert parse_time(text) == expected
    assert parse_time(text).tzinfo is None
