"""An answer is searched for a pattern in time that its length bounds, whatever the pattern is."""

from __future__ import annotations

import threading
from dataclasses import replace
from time import monotonic

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ran import a_case
from sayso_ingest.errors import UsageError
from sayso_ingest.evals.scorers.pattern import Matching
from sayso_ingest.models import together

CASE = a_case(1)


@pytest.mark.parametrize(
    ("pattern", "answer", "found"),
    [
        (r"\d+ days", "It takes 15 days.", True),
        (r"^\d+$", "15 days", False),
        (r"(?i)yes", "YES!", True),
        (r"\p{Greek}", "λόγος", True),
        (".", "\ud800", True),
    ],
)
def test_a_pattern_is_looked_for_anywhere_in_an_answer(pattern: str, answer: str, found: bool) -> None:
    scorer = Matching(pattern)
    assert scorer.name == f"regex:{pattern}"
    assert scorer.suits(replace(CASE, expected=None))
    assert scorer.score(CASE, answer).passed is found


@pytest.mark.parametrize("pattern", ["(a+)+$", "(a|a)*b", "(x*)*y", "(.*)(.*)(.*)(.*)(.*)[^a]"])
def test_a_pattern_that_would_hang_a_matcher_which_goes_back_does_not(pattern: str) -> None:
    began = monotonic()
    Matching(pattern).score(CASE, "a" * 1_000_000 + "!")
    assert monotonic() - began < 30


@pytest.mark.parametrize(
    "pattern", ["[", r"(a)\1", "(?=a)", "a{9999}", "(((a{1,9}){1,9}){1,9}){1,9}{1,9}{1,9}"]
)
def test_what_is_no_pattern_is_an_error_that_says_so(pattern: str) -> None:
    with pytest.raises(UsageError, match="is no regular expression of RE2"):
        Matching(pattern)


def test_without_a_pattern_it_is_the_expected_answer_and_what_is_none_is_not_scored() -> None:
    scorer = Matching()
    assert [scorer.suits(replace(CASE, expected=text)) for text in (None, " ", "a.c")] == [False, False, True]
    assert scorer.score(replace(CASE, expected="a.c"), "abc").value == 1
    odd = scorer.score(replace(CASE, expected="Is it (right"), "It is.")
    assert (odd.value, odd.passed) == (None, None)
    assert "is no regular expression" in odd.why


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=8), st.text(st.characters(), max_size=8))
def test_any_pattern_and_any_text_are_scored(pattern: str, answer: str) -> None:
    score = SCORER.score(replace(CASE, expected=pattern), answer)
    assert score.value in (0, 1, None)


def test_many_threads_may_ask_one_scorer() -> None:
    scorer = Matching(r"^\d*[05]$")
    found = dict(
        together(
            range(200),
            lambda number: scorer.score(CASE, str(number)).passed,
            at_once=8,
            stopped=threading.Event(),
        )
    )
    assert {number for number, passed in found.items() if passed} == set(range(0, 200, 5))


SCORER = Matching()
