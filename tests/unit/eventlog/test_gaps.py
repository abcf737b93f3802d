"""Where stored positions do not fit what a topic holds, and how landing would go on."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from sayso_ingest.eventlog.gaps import Span, gaps

SPANS = {"c/t/0": Span(5, 9), "c/t/1": Span(0, 4)}


def decided(positions: dict[str, int], spans: dict[str, Span] = SPANS) -> dict[str, int | None]:
    return {gap.source: gap.to for gap in gaps(positions, spans)}


def test_a_topic_of_which_nothing_has_landed_is_begun_where_it_begins() -> None:
    assert decided({}) == {}


def test_positions_within_what_is_there_fit() -> None:
    assert decided({"c/t/0": 5, "c/t/1": 4}) == {}


def test_records_that_expired_before_they_landed_are_skipped_and_counted() -> None:
    (gap,) = gaps({"c/t/0": 2}, SPANS)
    assert (gap.stored, gap.to) == (2, 5)
    assert "3 records from 2 on expired" in gap.said


def test_a_partition_that_never_landed_has_lost_what_it_does_not_hold_any_more() -> None:
    (gap,) = gaps({"c/t/1": 4}, SPANS)
    assert (gap.source, gap.stored, gap.to) == ("c/t/0", None, 5)
    assert "5 records expired" in gap.said


def test_a_log_that_was_put_back_is_read_anew() -> None:
    (gap,) = gaps({"c/t/0": 5, "c/t/1": 7}, SPANS)
    assert (gap.source, gap.to) == ("c/t/1", 0)
    assert "All 4 records of it are read anew" in gap.said


def test_a_topic_made_again_is_another_source_and_the_old_one_is_left() -> None:
    assert decided({"c/old/0": 3, "c/old/1": 4}) == {"c/old/0": None, "c/old/1": None}


def test_a_topic_that_is_gone_is_told_of() -> None:
    assert decided({"c/t/0": 3}, {}) == {"c/t/0": None}


def test_files_of_a_log_on_this_machine_are_no_sources_of_kafka() -> None:
    assert decided({"0b0c7a9e-5c1e-4a6f-8f5e-0d3c7a9e5c1e": 3}) == {}


OFFSETS = st.integers(0, 20)
SOURCES = st.sampled_from(["c/t/0", "c/t/1", "c/t/2", "c/old/0", "file"])


@given(
    st.dictionaries(SOURCES, OFFSETS),
    st.dictionaries(SOURCES.filter(lambda source: source.startswith("c/t")), st.tuples(OFFSETS, OFFSETS)),
)
def test_what_was_accepted_leaves_nothing_to_decide(
    positions: dict[str, int], ends: dict[str, tuple[int, int]]
) -> None:
    spans = {source: Span(min(pair), max(pair)) for source, pair in ends.items()}
    after = dict(positions)
    for gap in gaps(positions, spans):
        if gap.to is None:
            del after[gap.source]
        else:
            after[gap.source] = gap.to
    assert gaps(after, spans) == []
