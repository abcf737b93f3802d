"""Ids, times and numbers of events."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from sayso.stamps import Stamps, uuid7

NOW = datetime(2026, 1, 15, 10, tzinfo=UTC)


def test_ids_are_version_7_and_distinct_and_begin_with_the_time_they_are_made_for() -> None:
    ids = [UUID(uuid7(NOW)) for _ in range(1000)]
    assert {(id.version, id.variant) for id in ids} == {(7, "specified in RFC 4122")}
    assert len(set(ids)) == 1000
    assert {id.int >> 80 for id in ids} == {NOW.timestamp() * 1000}


def test_later_ids_sort_after_earlier_ones() -> None:
    assert uuid7(NOW) < uuid7(NOW + timedelta(milliseconds=1))


def test_times_never_go_back_and_numbers_count_up() -> None:
    clock = iter(NOW + timedelta(seconds=second) for second in (0, 5, 3, 9))
    stamps = Stamps(lambda: next(clock))
    seen = [stamps.next() for _ in range(3)]
    assert [((time - NOW).seconds, number) for time, number in seen] == [(5, 0), (5, 1), (9, 2)]
