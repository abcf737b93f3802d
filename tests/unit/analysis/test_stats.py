"""Intervals of shares."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from sayso_ingest.analysis import wilson


@given(st.floats(0, 1), st.integers(1, 10_000))
def test_wilsons_interval_holds_the_share_and_stays_within_0_and_1(share: float, count: int) -> None:
    low, high = wilson(share, count)
    assert -1e-12 <= low <= share + 1e-9
    assert share - 1e-9 <= high <= 1 + 1e-12


def test_wilsons_interval_holds_the_truth_about_as_often_as_it_says() -> None:
    random = np.random.default_rng(0)
    draws = random.binomial(200, 0.7, size=2000) / 200
    held = np.mean([low <= 0.7 <= high for low, high in (wilson(share, 200) for share in draws)])
    assert 0.93 <= held <= 0.97
