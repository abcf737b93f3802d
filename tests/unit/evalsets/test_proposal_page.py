"""The page that goes along with candidates in a pull request."""

from __future__ import annotations

import dataclasses
import re

from hypothesis import given
from hypothesis import strategies as st
from sayso_ingest.evalsets import Covered, EvalCase, proposal_page
from sayso_ingest.mining import MeasuredLevel
from unit.evalsets.test_case import case

COVERED = Covered([MeasuredLevel(1, 0.61, 0.58, 0.64)], [MeasuredLevel(1, 0.74, 0.7, 0.78)])


def page(*cases: EvalCase, relied: tuple[str, ...] = ()) -> str:
    return proposal_page("help", cases, covered=COVERED, relied=relied, date="2026-03-01")


def because(reason: str, **fields: object) -> EvalCase:
    found = case("Where is my parcel?")
    return dataclasses.replace(
        found, provenance=dataclasses.replace(found.provenance, reason=reason, **fields)
    )


def test_it_has_counts_coverage_before_and_after_and_the_reason_of_each() -> None:
    said = because("2 of 3 people disliked it", evidence="said")
    drawn = dataclasses.replace(case("When?", expected="At nine."), stratum="random")
    shown = page(said, drawn, relied=("thumbs: 412",))
    assert "# 2 candidates for help, 2026-03-01" in shown
    assert "- 1: somebody spoke against the answer" in shown
    assert "- 1: drawn at random" in shown
    assert "- 1 have an expected answer" in shown
    assert "- thumbs: 412" in shown
    assert "| 1 case | 61% [58% to 64%] | 74% [70% to 78%] |" in shown
    assert f"### 1. {said.case_id[:12]}" in shown
    assert "why:      2 of 3 people disliked it" in shown


@given(st.text(alphabet="`~\n\r\u2028@<![](x) ", max_size=60))
def test_no_text_of_people_leaves_its_fence(text: str) -> None:
    lines = page(because(f"said {text} so")).split("\n")
    opening = next(line for line in lines if re.fullmatch("`{3,}text", line))
    closing = opening.removesuffix("text")
    inside = lines[lines.index(opening) + 1 : -2]
    assert lines[-2:] == [closing, ""]
    assert not any(re.fullmatch(f" *`{{{len(closing)},}} *", line) for line in inside)


def test_long_texts_are_cut() -> None:
    assert len(page(because("why " * 5_000))) < 3_000
