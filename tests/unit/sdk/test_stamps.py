"""Ids, times and numbers of events."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st
from sayso.stamps import Ids, Stamps

NOW = datetime(2026, 1, 15, 10, tzinfo=UTC)


def test_ids_are_version_7_and_distinct_and_begin_with_the_time_they_are_made_for() -> None:
    new_id = Ids()
    ids = [UUID(new_id(NOW)) for _ in range(1000)]
    assert {(id.version, id.variant) for id in ids} == {(7, "specified in RFC 4122")}
    assert len(set(ids)) == 1000
    assert {id.int >> 80 for id in ids} == {NOW.timestamp() * 1000}


@given(
    st.lists(
        st.integers(0, 7_000_000_000_000_000).map(lambda us: NOW + timedelta(microseconds=us)), max_size=10
    )
)
def test_each_id_begins_with_its_own_time_wherever_the_clock_goes(times: list[datetime]) -> None:
    new_id = Ids()
    for time in (time for time in times for _ in range(2)):
        assert UUID(new_id(time)).int >> 80 == int(time.timestamp() * 1000)


def test_an_id_is_written_as_every_uuid_is() -> None:
    id = Ids()(NOW)
    assert str(UUID(id)) == id


def test_every_bit_that_is_chance_is_both_at_times() -> None:
    new_id = Ids()
    ids = [UUID(new_id(NOW)).int for _ in range(500)]
    once, always = 0, (1 << 128) - 1
    for id in ids:
        once |= id
        always &= id
    assert (once & ~always).bit_count() == 74


def test_later_ids_sort_after_earlier_ones() -> None:
    new_id = Ids()
    assert new_id(NOW) < new_id(NOW + timedelta(milliseconds=1))


def test_times_never_go_back_and_numbers_count_up() -> None:
    clock = iter(NOW + timedelta(seconds=second) for second in (0, 5, 3, 9))
    stamps = Stamps(lambda: next(clock))
    seen = [stamps.next() for _ in range(3)]
    assert [((time - NOW).seconds, number) for _, time, number in seen] == [(5, 0), (5, 1), (9, 2)]


def test_a_forked_process_goes_on_where_the_parent_was_and_shares_no_chance_with_it() -> None:
    """Two processes that draw from the same block make the same ids."""
    parent = Stamps(lambda: NOW)
    parent.next()
    child = parent.in_child()
    here, there = parent.next(), child.next()
    assert here[1:] == there[1:] == (NOW, 1)
    assert here[0] != there[0]


def test_a_call_that_interrupts_another_gets_a_number_of_its_own() -> None:
    """As a signal handler does: here, while the id of the first is being made."""
    inner: list[tuple[str, datetime, int]] = []

    def new_id(_now: datetime) -> str:
        if not inner:
            inner.append(("", NOW, -1))
            inner[0] = stamps.next()
        return "id"

    stamps = Stamps(new_id=new_id)
    assert (stamps.next()[2], inner[0][2], stamps.next()[2]) == (0, 1, 2)
