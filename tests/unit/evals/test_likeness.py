"""What texts score against the expected one: between 0 and 1, 1 for the same, and in bounded time whatever they are."""

from __future__ import annotations

from dataclasses import replace
from time import monotonic

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from ran import a_case
from sayso_ingest.evals.scorers.likeness import (
    Likeness,
    Measure,
    contains,
    exact,
    normalised,
    overlap,
)
from sayso_ingest.mining import HashEmbedder, cosine, normalise

MEASURES = [exact, normalised, contains, overlap]
ANY_TEXT = st.text(st.characters(), max_size=60) | st.text("ab.\ud800 语é", max_size=30)
HUGE = 1_000_000


@pytest.mark.parametrize("measure", MEASURES)
@given(one=ANY_TEXT, other=ANY_TEXT)
def test_any_two_texts_score_from_0_to_1(measure: Measure, one: str, other: str) -> None:
    assert 0 <= measure(one, other) <= 1


@pytest.mark.parametrize("measure", MEASURES)
@given(text=ANY_TEXT)
def test_the_same_text_scores_1(measure: Measure, text: str) -> None:
    assert measure(text, text) == 1


@pytest.mark.parametrize("measure", [exact, normalised, overlap])
@given(one=ANY_TEXT, other=ANY_TEXT)
def test_it_does_not_matter_which_of_both_is_expected(measure: Measure, one: str, other: str) -> None:
    assert measure(one, other) == measure(other, one)


@given(one=ANY_TEXT, other=ANY_TEXT)
def test_what_is_the_same_is_the_same_normalised_and_that_is_contained_and_overlaps_wholly(
    one: str, other: str
) -> None:
    assert exact(one, other) <= normalised(one, other) <= min(contains(one, other), overlap(one, other))


@given(before=ANY_TEXT, wanted=ANY_TEXT, after=ANY_TEXT)
def test_what_stands_alone_in_an_answer_is_contained_in_it(before: str, wanted: str, after: str) -> None:
    assume(normalise(wanted) == normalise(f" {wanted} ") and normalise(wanted))
    text = f"{normalise(before)} {normalise(wanted)} {normalise(after)}"
    assume(normalise(text).split() == text.split())
    assert contains(wanted, text) == 1


@pytest.mark.parametrize(
    ("expected", "answer", "found"),
    [
        ("no", "I do not know.", 0),
        ("no", "No, it is not.", 1),
        ("5", "It takes 15 days", 0),
        ("5", "It takes (5) days", 1),
        ("Paris", "The capital is **Paris**.", 1),
        ("can't", "You can’t", 1),
        ("東京", "首都は東京です", 1),
        ("aa", "aaa aa", 1),
    ],
)
def test_what_is_expected_is_looked_for_in_whole_words(expected: str, answer: str, found: int) -> None:
    assert contains(expected, answer) == found


@pytest.mark.parametrize(
    ("expected", "answer", "value"),
    [
        ("the cat sat", "The cat sat!", 1),
        ("the cat sat", "**the** cat", 0.8),
        ("the cat", "a dog", 0),
        ("東京です", "京都です", 0.75),
        ("yes yes no", "yes", 0.5),
        ("!!!", "???", 0),
    ],
)
def test_overlap_is_the_f1_of_words(expected: str, answer: str, value: float) -> None:
    assert overlap(expected, answer) == pytest.approx(value)


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize(
    ("expected", "answer"),
    [
        ("a" * HUGE, "a" * (HUGE + 1)),
        ("ab " * (HUGE // 6) + "a", "ab " * (HUGE // 3)),
        ("." * HUGE, "." * HUGE + "a"),
        ("語" * HUGE, "語" * (HUGE + 1)),
    ],
    ids=["one word", "a pattern that comes again and again", "marks", "letters that are words"],
)
def test_texts_of_a_million_letters_are_compared_in_seconds(
    measure: Measure, expected: str, answer: str
) -> None:
    began = monotonic()
    measure(expected, answer)
    assert monotonic() - began < 30


@given(one=ANY_TEXT, other=ANY_TEXT)
def test_a_cosine_is_from_0_to_1_whichever_comes_first_and_1_for_the_same_text(one: str, other: str) -> None:
    embedder = HashEmbedder()
    assert 0 <= cosine(embedder, one, other) <= 1
    assert cosine(embedder, one, other) == pytest.approx(cosine(embedder, other, one), abs=1e-6)
    assert cosine(embedder, one, one) == 1


def test_a_likeness_suits_what_has_an_expected_answer_and_passes_from_its_bound_on() -> None:
    scorer = Likeness("overlap=0.7", overlap, passes=0.7)
    case = replace(a_case(1), expected="the cat sat")
    assert [scorer.suits(replace(case, expected=text)) for text in (None, "", " \u200b\n", "x")] == [
        False,
        False,
        False,
        True,
    ]
    assert [scorer.score(case, answer).passed for answer in ("the cat", "the dog", "")] == [
        True,
        False,
        False,
    ]
    assert scorer.score(case, "the cat").scorer == "overlap=0.7"
