"""Ids of what is imported: the same each time, in the order of time, and UUIDs of version 8."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import RFC_4122, UUID

from hypothesis import given
from hypothesis import strategies as st
from sayso_ingest.backfill import time_ordered_id

TIMES = st.integers(0, 7_000_000_000_000_000).map(
    lambda microseconds: datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=microseconds)
)
TEXTS = st.lists(st.text())


@given(TEXTS, TIMES | st.none())
def test_an_id_is_a_uuid_of_version_8_and_the_same_each_time(content: list[str], at: datetime | None) -> None:
    made = UUID(time_ordered_id(content, at=at))
    assert (made.version, made.variant) == (8, RFC_4122)
    assert time_ordered_id(content, at=at) == str(made)


@given(TEXTS, TEXTS, TIMES, TIMES)
def test_ids_are_in_the_order_of_time_to_the_millisecond(
    one: list[str], other: list[str], early: datetime, late: datetime
) -> None:
    ids = [time_ordered_id(one, at=early), time_ordered_id(other, at=late)]
    milliseconds = [moment.replace(microsecond=moment.microsecond // 1000) for moment in (early, late)]
    if milliseconds[0] != milliseconds[1]:
        assert (ids[0] < ids[1]) == (early < late)


@given(TEXTS, TEXTS)
def test_other_content_has_another_id(one: list[str], other: list[str]) -> None:
    same = time_ordered_id(one, at=None) == time_ordered_id(other, at=None)
    assert same == (one == other)
