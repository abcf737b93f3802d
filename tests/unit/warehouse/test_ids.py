"""Ids of the same minutes are searched for together, ids of different times apart."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from sayso_ingest.warehouse.ids import MOST_SPANS, spans


def made(minutes: int, n: int = 0) -> str:
    """A UUID of version 7 made so many minutes after some time."""
    ms = f"{1_770_000_000_000 + minutes * 60_000:012x}"
    return f"{ms[:8]}-{ms[8:]}-7000-8000-{n:012x}"


def test_ids_are_cut_where_their_times_jump() -> None:
    """Yesterday's retries and today's events are two searches."""
    yesterday, today = [made(n) for n in range(3)], [made(1440 + n) for n in range(4)]
    assert list(spans([*yesterday, *today])) == [yesterday, today]


def test_ids_of_very_many_times_stay_together() -> None:
    """As random ids are."""
    ids = [made(60 * n) for n in range(MOST_SPANS + 1)]
    assert list(spans(ids)) == [ids]
    assert len(list(spans(ids[:-1]))) == MOST_SPANS


@given(st.lists(st.uuids().map(str) | st.integers(0, 10_000).map(made)).map(sorted))
def test_no_id_is_left_out(ids: list[str]) -> None:
    """Nor searched for twice, nor is there an empty search."""
    cut = list(spans(ids))
    assert [each for span in cut for each in span] == ids
    assert all(cut)
