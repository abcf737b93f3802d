"""Questions that are nearly the same are found, and no others."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from sayso_ingest.evalsets import near_twins
from sayso_ingest.evalsets.twins import SIMILAR, WORDS
from sayso_ingest.mining import question_key
from unit.evalsets.test_case import case

LONG = "please tell me where the parcel is that i ordered last week from your shop in the old town"


def test_a_word_at_the_end_makes_no_other_question_of_a_long_one() -> None:
    one, two, three = case(LONG), case(f"{LONG} thanks"), case("I lost my password")
    assert near_twins([one, three, two]) == [(one.case_id, two.case_id)]


def test_short_questions_that_differ_in_a_word_are_different() -> None:
    assert near_twins([case("cancel the order"), case("cancel the invoice"), case("cancel")]) == []


words = st.lists(st.sampled_from("abcd"), min_size=1, max_size=12)


@given(st.lists(words, max_size=12))
def test_the_pairs_are_those_whose_shingles_are_similar(questions: list[list[str]]) -> None:
    cases = list({one.case_id: one for one in (case(" ".join(some)) for some in questions)}.values())
    shingles = []
    for one in cases:
        said = question_key(one.input).split()
        shingles.append({tuple(said[at : at + WORDS]) for at in range(max(1, len(said) - WORDS + 1))})
    expected = {
        frozenset((cases[a].case_id, cases[b].case_id))
        for a in range(len(cases))
        for b in range(a)
        if len(shingles[a] & shingles[b]) >= SIMILAR * len(shingles[a] | shingles[b])
    }
    found = near_twins(cases)
    assert {frozenset(pair) for pair in found} == expected
    assert len(found) == len(expected)
