"""An eval case keeps everything that is known about it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sayso_ingest.errors import SaysoError
from sayso_ingest.evalsets import EvalCase, Provenance
from sayso_ingest.evalsets.files import decode_lines, encode_lines
from sayso_ingest.mining import Candidate, question_id


def case(text: str = "Where is my parcel?", **fields: Any) -> EvalCase:
    known = {
        "case_id": question_id(text, fields.get("input_messages")),
        "output": "On its way.",
        "expected": None,
        "reference_kind": "none",
        "stratum": "mined",
        "inclusion_probability": None,
        "topic": "parcel",
        "provenance": Provenance("t1", ("e1", "e2"), "2 of 3 people disliked it", "hard", "hash-256"),
    }
    return EvalCase(input=text, **{**known, **fields})


texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)


@given(
    texts, st.none() | texts, st.lists(texts, max_size=3), st.none() | st.dictionaries(texts, st.integers())
)
def test_a_case_is_the_same_after_being_written_and_read(
    text: str, expected: str | None, tags: list[str], variables: dict[str, int] | None
) -> None:
    written = case(text, expected=expected, tags=tuple(tags), variables=variables)
    (row,) = decode_lines(encode_lines([written.row()]), source=None)  # type: ignore[arg-type]  # only for messages
    assert EvalCase.from_row(row) == written


def test_a_case_becomes_what_the_candidate_was() -> None:
    candidate = Candidate(
        target="t1",
        question_id=question_id("Where is my parcel?"),
        input="Where is my parcel?",
        input_messages=None,
        variables={"name": "Ann"},
        output="On its way.",
        expected="It arrives today.",
        reference_kind="human_edit",
        tags=("help",),
        topic="parcel / late",
        stratum="random",
        evidence="random",
        inclusion_probability=0.1,
        hardness=0.9,
        signals={"thumb": 1.0},
        distance=0.4,
        reason="drawn at random",
        event_ids=("e1",),
        prompt_name="reply",
        prompt_version="v1",
        model="m",
        strategy="hard",
        embedder="hash-256",
    )
    made = EvalCase.from_candidate(candidate)
    assert made.case_id == candidate.question_id
    assert (made.expected, made.reference_kind) == ("It arrives today.", "human_edit")
    assert (made.stratum, made.inclusion_probability) == ("random", 0.1)
    assert made.provenance.evidence == "random"
    assert made.provenance.event_ids == ("e1",)
    assert (made.provenance.hardness, made.provenance.signals) == (0.9, {"thumb": 1.0})
    assert made.provenance.since_version is None


def test_a_case_whose_input_was_changed_by_hand_is_refused() -> None:
    row = case().row() | {"input": "Another question"}
    with pytest.raises(SaysoError, match="changed by hand"):
        EvalCase.from_row(row)


@pytest.mark.parametrize("change", [{"surprise": 1}, {"provenance": {}}])
def test_a_line_that_is_no_case_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(SaysoError, match="not an eval case"):
        EvalCase.from_row(json.loads(json.dumps(case().row() | change)))
