"""What a client's wrong clock is worth."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sayso_ingest.lander.times import parse_time, skew

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


def by_the_book(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text).astimezone(UTC).replace(tzinfo=None)
    except (ValueError, OverflowError):
        return None


TIMES = st.from_regex(
    r"\A(19|20)[0-9]{2}-[01][0-9]-[0-3][0-9][T ][0-2][0-9]:[0-5][0-9]:[0-5][0-9]([.,][0-9]{1,9})?"
    r"(Z|[+-][0-2][0-9]:[0-5][0-9]Z?)\Z"
)


@given(TIMES | st.text(alphabet="0123456789-:+.TZW ", min_size=15, max_size=32))
@example("2026-W10-7T12:00:00.5Z")
@example("20260301T120000.123456Z")
@example("2026-03-01T12:00:00+02:00Z")
def test_times_in_utc_are_read_as_all_others(text: str) -> None:
    """The short way for a time that ends in Z gives what the long way gives, and refuses what it refuses."""
    try:
        read = parse_time(text)
    except (ValueError, OverflowError):
        read = None
    assert read == by_the_book(text)
