"""Batches, as they travel."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from sayso.envelope import parts
from sayso.ready import Ready


@given(st.lists(st.integers(0, 12)), st.integers(1, 20))
def test_a_batch_is_cut_in_order_and_no_part_is_too_large_unless_one_event_is(
    sizes: list[int], most: int
) -> None:
    batch = [Ready(str(n), n, 0.0, 0, "thumb", b"x" * size) for n, size in enumerate(sizes)]
    cut = parts(batch, most)
    assert [item for part in cut for item in part] == batch
    assert all(len(part) == 1 or sum(len(item.payload) for item in part) <= most for part in cut)
    assert all(
        sum(len(item.payload) for item in part) + len(after[0].payload) > most
        for part, after in pairwise(cut)
    )
