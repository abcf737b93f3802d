"""The filter of ids forgets none, and seldom takes a new one for known."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from sayso_ingest.warehouse.bloom import IdFilter

HASHES = st.lists(st.integers(0, 2**64 - 1), max_size=40)


@given(st.lists(HASHES, max_size=5), HASHES)
def test_what_was_added_is_always_found(batches: list[list[int]], others: list[int]) -> None:
    """In whatever batches, with repeats, and beside others; what a set does not hold is nearly never found."""
    known, held = IdFilter(), set[int]()
    for batch in batches:
        known.add(np.array(batch, dtype=np.uint64))
        held.update(batch)
    asked = [*held, *others]
    found = known.perhaps(np.array(asked, dtype=np.uint64)).tolist()
    assert all(found[: len(held)])
    assert sum(found) <= sum(each in held for each in asked) + 1


def test_it_grows_and_stays_sharp() -> None:
    """Half a million ids beyond what was expected: none is lost, one in 5,000 new ones at most is taken for known."""
    random = np.random.default_rng(7)
    ids = random.integers(0, 2**64, 500_000, dtype=np.uint64)
    known = IdFilter(1000)
    for chunk in np.split(ids, 20):
        known.add(chunk)
    assert known.perhaps(ids).all()
    assert known.perhaps(random.integers(0, 2**64, 200_000, dtype=np.uint64)).mean() < 1 / 5000
    assert known.nbytes < 4_000_000


def test_memory_is_what_is_planned() -> None:
    """Ten million ids take 34 MB."""
    assert IdFilter(10_000_000).nbytes == 33_554_432
