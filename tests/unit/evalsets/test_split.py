"""A question is on one side of the set for good, one in five held out."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from sayso_ingest.evalsets import EvalCase, split_of
from sayso_ingest.mining import question_id
from unit.evalsets.test_case import case

texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)


@given(texts, st.sampled_from(["mined", "random", "manual"]), st.none() | texts)
def test_the_side_depends_on_nothing_but_the_question(text: str, stratum: str, expected: str | None) -> None:
    made = case(text, stratum=stratum, expected=expected).since(7)
    assert made.split == case(f" {text}\n").split == split_of(question_id(text))


@given(texts)
def test_a_case_of_an_earlier_version_gets_the_side_that_it_would_have_now(text: str) -> None:
    row = case(text).row()
    assert row["split"] in ("dev", "held_out")
    old = {name: value for name, value in row.items() if name != "split"}
    assert EvalCase.from_row(old) == EvalCase.from_row(row) == case(text)


def test_one_case_in_five_is_held_out_also_among_the_first_of_a_file() -> None:
    ids = sorted(question_id(f"question {number}") for number in range(20_000))
    for some in (ids, ids[:2_000]):
        share = sum(split_of(one) == "held_out" for one in some) / len(some)
        assert abs(share - 0.2) < 4 * (0.2 * 0.8 / len(some)) ** 0.5
