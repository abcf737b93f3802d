"""Which candidate comes before and after another, and which are listed."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from integration.console.mined import case
from sayso_ingest.console.reviewing import AROUND, TABS, Reviewing
from sayso_ingest.evalsets import Proposal, State

CASES = [case(f"t{number}") for number in range(8)]
proposals = st.lists(st.sampled_from(list(State)), max_size=len(CASES)).map(
    lambda states: [Proposal(of, state, "") for of, state in zip(CASES, states, strict=False)]
)
tabs = st.sampled_from([*TABS, "none such"])


def walk(every: list[Proposal], tab: str) -> list[Proposal]:
    """From the first on, always to the next."""
    seen: list[Proposal] = []
    reviewing = Reviewing.of(every, tab=tab, case_id="")
    while reviewing.current:
        seen.append(reviewing.current)
        if not reviewing.after:
            break
        reviewing = Reviewing.of(every, tab=tab, case_id=reviewing.after.case.case_id)
    return seen


@given(proposals, tabs)
def test_going_on_from_the_first_shows_each_of_the_list_once(every: list[Proposal], tab: str) -> None:
    listed = Reviewing.of(every, tab=tab, case_id="").listed
    assert walk(every, tab) == list(listed)
    assert {one.state for one in listed} <= set(TABS.get(tab, TABS["waiting"]))


@given(proposals, tabs, st.sampled_from(CASES))
def test_the_one_before_the_next_is_the_one_that_was_left(
    every: list[Proposal], tab: str, of: object
) -> None:
    here = Reviewing.of(every, tab=tab, case_id=getattr(of, "case_id", ""))
    if here.after and here.number:
        there = Reviewing.of(every, tab=tab, case_id=here.after.case.case_id)
        assert there.before == here.current


@given(proposals)
def test_counts_are_of_every_list(every: list[Proposal]) -> None:
    counts = Reviewing.of(every, tab="waiting", case_id="").counts
    assert counts["all"] == len(every)
    assert sum(counts.values()) == 2 * len(every)


def test_one_of_another_list_stands_between_its_neighbours_in_this_one() -> None:
    states = (State.CANDIDATE, State.REVIEWED, State.CANDIDATE)
    every = [Proposal(of, state, "") for of, state in zip(CASES, states, strict=False)]
    back = Reviewing.of(every, tab="waiting", case_id=CASES[1].case_id[:12])
    assert (back.before, back.current, back.after) == tuple(every)
    assert back.number is None


def test_the_last_one_is_followed_by_the_one_before_it() -> None:
    every = [Proposal(of, State.CANDIDATE, "") for of in CASES[:2]]
    assert Reviewing.of(every, tab="waiting", case_id=CASES[1].case_id).next_up == every[0]


def test_a_long_list_is_shown_around_the_candidate() -> None:
    cases = [case(f"long {number}") for number in range(AROUND + 5)]
    every = [Proposal(of, State.CANDIDATE, "") for of in cases]
    assert Reviewing.of(every, tab="all", case_id="").window == tuple(every[:AROUND])
    assert Reviewing.of(every, tab="all", case_id=cases[-1].case_id).window == tuple(every[AROUND:])
