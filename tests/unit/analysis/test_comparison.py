"""What a comparison comes to, and how it is said."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sayso_ingest.analysis import Assignment, Comparison, Group, Outcome, compare_groups, details, sentence
from sayso_ingest.analysis.stats.cells import Cells
from sayso_ingest.analysis.stats.ratio import sample_ratio
from unit.analysis.crowd import crowd

A, B = Group("v1", 100, 0, 0, 0, None), Group("v2", 100, 80, 20, 0, None)


def compared(rates: tuple[float, float], *, people: int, seed: int = 0, **options: object) -> Comparison:
    cells = crowd(np.random.default_rng(seed), people=people, rates=rates, strata=4)
    return compare_groups(cells, a=A, b=B, strata="abcd", **options)  # type: ignore[arg-type]


def said(liked: tuple[int, ...], group: tuple[int, ...]) -> Cells:
    size = len(liked)
    return Cells(
        np.array(group, dtype=int),
        np.zeros(size, dtype=int),
        np.arange(size),
        np.array(liked, dtype=float),
        np.ones(size),
    )


def test_a_clear_gain_is_better_and_a_clear_loss_worse() -> None:
    better, worse = compared((0.6, 0.75), people=1500), compared((0.75, 0.6), people=1500)
    assert (better.outcome, worse.outcome) == (Outcome.BETTER, Outcome.WORSE)
    assert sentence(better).startswith("v2 is better than v1: liked ")
    assert " points less often with the same mix of topics" in sentence(worse)


def test_enough_people_without_a_difference_say_how_large_it_is_at_most() -> None:
    found = compared((0.7, 0.7), people=12_000)
    assert found.outcome is Outcome.SAME
    assert sentence(found).startswith("No difference between v2 and v1 larger than ")
    assert found.sequence
    assert found.sequence.farthest < 0.05


def test_few_people_are_not_enough_and_it_says_how_many_more() -> None:
    found = compared((0.7, 0.72), people=60)
    assert found.outcome is Outcome.UNKNOWN
    assert found.more_people > 1000
    assert f"about {found.more_people:,} more people in each are needed" in sentence(found)


def test_from_fewer_than_twenty_people_nothing_is_concluded() -> None:
    found = compare_groups(said((1,) * 10 + (0,) * 10, (0,) * 10 + (1,) * 10), a=A, b=B)
    assert found.outcome is Outcome.UNKNOWN


def test_a_smaller_margin_needs_more_people() -> None:
    needed = [compared((0.7, 0.7), people=100, margin=margin).more_people for margin in (0.1, 0.05, 0.02)]
    assert needed == sorted(needed)
    assert needed[0] < needed[1] < needed[2]


def test_where_nobody_was_assigned_it_says_that_it_is_no_experiment() -> None:
    assert "Observed, not an experiment" in sentence(compared((0.6, 0.8), people=300))


@pytest.mark.parametrize(
    ("people", "begins"),
    [((500, 510), "Assigned by the experiment answers"), ((500, 700), "Do not trust it")],
)
def test_where_an_experiment_assigned_people_the_ratio_is_said(people: tuple[int, int], begins: str) -> None:
    assignment = Assignment("answers", "people", sample_ratio(*people), people_in_both=3)
    text = sentence(compared((0.6, 0.8), people=300, assignment=assignment))
    assert begins in text
    assert "Observed" not in text


def test_a_topic_on_which_it_is_worse_is_named() -> None:
    random = np.random.default_rng(1)
    groups, strata = np.tile([0, 1], 2000), np.repeat([0, 1], 2000)
    liked = random.random(4000) < np.where((strata == 1) & (groups == 1), 0.4, 0.7)
    cells = Cells(groups, strata, np.arange(4000), liked.astype(float), np.ones(4000))
    lines = details(compare_groups(cells, a=A, b=B, strata=["export", "sync"]))
    assert any(line.startswith("Worse on sync -") and "export" not in line for line in lines)


def test_without_strata_the_sentence_speaks_of_no_mix() -> None:
    found = compared((0.6, 0.75), people=1500, stratified=False)
    assert found.topics == ()
    assert "mix" not in sentence(found) + "".join(details(found))


@given(
    st.lists(
        st.tuples(
            st.integers(0, 1), st.integers(0, 3), st.integers(0, 6), st.integers(0, 3), st.integers(0, 3)
        ),
        max_size=30,
        unique_by=lambda row: row[:3],
    )
)
def test_whatever_was_said_there_is_an_answer_without_a_warning(rows: list[tuple[int, ...]]) -> None:
    table = np.array(rows, dtype=int).reshape(-1, 5)
    cells = Cells(
        table[:, 0],
        table[:, 1],
        table[:, 2],
        table[:, 3].astype(float),
        (table[:, 3] + table[:, 4]).astype(float),
    )
    for stratified in (True, False):
        found = compare_groups(cells, a=A, b=B, strata="abcd", stratified=stratified)
        assert sentence(found).count(".") >= 1
        assert "nan" not in sentence(found) + "".join(details(found))
        if found.sequence and found.corrected:
            assert -1 <= found.sequence.low <= found.corrected.difference <= found.sequence.high <= 1
