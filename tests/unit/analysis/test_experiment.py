"""Whether an experiment shared people out as planned, and corrections for many questions."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sayso_ingest.analysis.stats.ratio import sample_ratio
from sayso_ingest.analysis.stats.several import false_discovery
from scipy.stats import chisquare
from statsmodels.stats.multitest import multipletests


@given(st.integers(0, 10_000), st.integers(1, 10_000), st.floats(0.05, 0.95))
def test_the_ratio_is_checked_by_chi_square(a: int, b: int, planned: float) -> None:
    expected = [(a + b) * planned, (a + b) * (1 - planned)]
    found = sample_ratio(a, b, planned=planned)
    assert found.p == pytest.approx(chisquare([a, b], expected).pvalue, abs=1e-12)


def test_a_ratio_that_people_got_lost_from_is_a_mismatch_and_chance_is_not() -> None:
    assert sample_ratio(5230, 4770).mismatch
    assert not sample_ratio(5030, 4970).mismatch
    assert not sample_ratio(9010, 990, planned=0.9).mismatch


def test_nobody_assigned_is_no_mismatch() -> None:
    assert sample_ratio(0, 0).p == 1


def test_many_questions_are_corrected_as_benjamini_and_hochberg_did() -> None:
    p = [0.01, 0.02, 0.03, 0.5]
    assert false_discovery(p) == pytest.approx([0.04, 0.04, 0.04, 0.5])
    assert false_discovery(p) == pytest.approx(multipletests(p, method="fdr_bh")[1])
    assert false_discovery([]) == []


def test_of_twenty_questions_without_an_answer_hardly_any_list_holds_a_false_alarm() -> None:
    random = np.random.default_rng(0)
    lists = [false_discovery(list(random.random(20))) for _ in range(1000)]
    assert np.mean([min(p) < 0.05 for p in lists]) == pytest.approx(0.05, abs=0.02)
