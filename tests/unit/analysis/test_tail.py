"""Ends of an interval at a stricter level than its own."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sayso_ingest.analysis import wilson
from sayso_ingest.analysis.stats.tail import effective_count, stricter_ends
from statsmodels.stats.proportion import proportion_confint

MANY = 1e9


@given(rate=st.floats(0, 1), count=st.floats(1, 1e5))
def test_wilsons_interval_tells_how_many_it_is_of(rate: float, count: float) -> None:
    low, high = wilson(rate, count)
    assert effective_count([rate], [low], [high])[0] == pytest.approx(count, rel=1e-4)


@pytest.mark.parametrize(("hits", "count"), [(0, 20), (3, 30), (25, 50), (40, 40), (700, 1000)])
def test_of_many_people_they_are_those_of_clopper_and_pearson(hits: int, count: int) -> None:
    low, high = wilson(hits / count, count)
    found = stricter_ends([hits / count], [low], [high], [MANY], tail=0.001)
    expected = proportion_confint(hits, count, alpha=0.002, method="beta")
    assert np.ravel(found) == pytest.approx(expected, abs=1e-6)


def test_few_people_are_less_sure_than_many() -> None:
    low, high = wilson(0.4, 100)
    few, many = (stricter_ends([0.4], [low], [high], [people], tail=0.001) for people in (20, MANY))
    assert few[0][0] < many[0][0] < low and high < many[1][0] < few[1][0]


def test_an_interval_that_is_not_wilsons_is_drawn_out_on_each_side() -> None:
    low, high = stricter_ends([3.0], [2.0], [3.5], [MANY], tail=0.001)
    assert (3.0 - low[0], high[0] - 3.0) == pytest.approx(
        (3.0902 / 1.95996, 0.5 * 3.0902 / 1.95996), rel=1e-4
    )
