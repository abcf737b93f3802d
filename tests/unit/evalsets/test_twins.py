"""Questions of a set that are nearly the same are found, and no others."""

from __future__ import annotations

from sayso_ingest.evalsets import near_twins
from unit.evalsets.test_case import case

LONG = "please tell me where the parcel is that i ordered last week from your shop in the old town"


def test_a_word_at_the_end_makes_no_other_question_of_a_long_one() -> None:
    old, new, third = case(LONG).since(1), case(f"{LONG} thanks").since(2), case("I lost my password")
    assert near_twins([new, third, old]) == [(old.case_id, new.case_id)]


def test_short_questions_that_differ_in_a_word_are_different() -> None:
    assert near_twins([case("cancel the order"), case("cancel the invoice"), case("cancel")]) == []
    assert near_twins([]) == []
