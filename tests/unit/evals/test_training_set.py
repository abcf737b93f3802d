"""What a prompt can learn from: by theme, in an order that never changes, and nothing of what is held out."""

from __future__ import annotations

import json
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sayso_ingest import evalsets
from sayso_ingest.evals.improve import Complaint, TrainingSet, training_set
from sayso_ingest.evals.runs import Result
from sayso_ingest.evalsets import EvalCase
from sayso_ingest.models import Outcome

SYLLABLES = ("ba", "do", "fi", "gu", "ke", "lo", "mi", "na", "pe", "ro", "su", "ta", "vo", "wi", "xe", "zu")


def a_case(number: int, **changed: object) -> EvalCase:
    """A case that asks like no other one, in words that nobody knows."""
    random = Random(number)
    asked = " ".join("".join(random.choices(SYLLABLES, k=4)) for _ in range(8))
    written = evalsets.written_case(asked, expected=f"It is {number}.", reason="to have one")
    return replace(written, **changed)  # type: ignore[arg-type] - fields of a case


def a_result(case: EvalCase, score: float | None = 0.0, *, sample: int = 0, **changed: object) -> Result:
    result = Result(
        case_id=case.case_id,
        sample=sample,
        split=case.split,
        stratum=case.stratum,
        topic="",
        outcome=Outcome.ANSWERED,
        output=f"answer {sample}",
        scorer="exact",
        score=score,
        passed=None if score is None else score >= 0.5,
        why="off the point",
    )
    return replace(result, **changed)  # type: ignore[arg-type] - fields of a result


CASES = [a_case(number) for number in range(60)]
DEV = [case for case in CASES if case.split == "dev"]
HELD_OUT = [case for case in CASES if case.split == "held_out"]


def test_a_lesson_has_question_answer_complaints_and_what_was_expected() -> None:
    case = replace(DEV[0], output="Who knows.")
    said = [Complaint("too short", "Length"), Complaint("rude"), Complaint("too short", "Length")]
    [lesson] = training_set([a_result(case)], [case], {case.case_id: said}).lessons
    assert (lesson.input, lesson.expected, lesson.answer) == (case.input, case.expected, "answer 0")
    assert (lesson.theme, lesson.complaints, lesson.produced) == (
        "Length",
        ("too short", "rude"),
        "Who knows.",
    )
    assert (lesson.score, lesson.passed, lesson.is_failing, lesson.why) == (0.0, 0.0, True, "off the point")


def test_optimisers_get_the_expected_answer_and_what_is_known_of_the_bad_one() -> None:
    case = replace(DEV[0], output="Who knows.")
    found = training_set([a_result(case)], [case], {case.case_id: [Complaint("too short", "Length")]})
    [row] = map(json.loads, found.encode().splitlines())
    assert row == {
        "input": case.input,
        "answer": case.expected,
        "case_id": case.case_id,
        "additional_context": {
            "theme": "Length",
            "earlier_answer": "answer 0",
            "why_it_was_not_good": "off the point",
            "answer_in_production": "Who knows.",
            "complaints": "too short",
        },
    }


def test_of_an_answer_that_passed_nothing_bad_is_told() -> None:
    case = DEV[0]
    [lesson] = training_set([a_result(case, 1.0)], [case], {}).lessons
    assert lesson.row()["additional_context"] == {}


def test_the_worst_answer_of_several_is_the_one_to_learn_from() -> None:
    samples = [a_result(DEV[0], score, sample=number) for number, score in enumerate((1.0, 0.2, None, 0.2))]
    [lesson] = training_set(samples, CASES, {}).lessons
    assert (lesson.answer, lesson.score, lesson.passed) == (
        "answer 1",
        pytest.approx(1.4 / 3),
        pytest.approx(1 / 3),
    )


def test_an_answer_that_was_erased_is_not_learnt_from_and_the_case_still_is() -> None:
    [lesson] = training_set([a_result(DEV[0], output=None, why=None)], CASES, {}).lessons
    assert (lesson.answer, lesson.why, lesson.expected) == (None, "", DEV[0].expected)


def test_a_case_without_an_expected_answer_is_a_lesson_but_no_example_for_an_optimiser() -> None:
    """GEPA takes an empty answer to be in every text, and would call all answers right."""
    without = replace(DEV[0], expected=None)
    found = training_set([a_result(case) for case in (without, DEV[1])], [without, DEV[1]], {})
    assert len(found.lessons) == 2
    assert [json.loads(line)["case_id"] for line in found.encode().splitlines()] == [DEV[1].case_id]


def test_themes_with_the_most_failing_cases_come_first_and_the_worst_answers_of_each() -> None:
    scores = {0: 1.0, 1: 0.0, 2: 0.3, 3: 0.0, 4: None, 5: 0.0}
    themes = {0: "Big", 1: "Small", 2: "Big", 3: "Big", 4: "Big"}
    complaints = {DEV[at].case_id: [Complaint("no", theme)] for at, theme in themes.items()}
    found = training_set([a_result(DEV[at], score) for at, score in scores.items()], CASES, complaints)
    assert [lesson.case_id for lesson in found.lessons] == [DEV[at].case_id for at in (3, 2, 0, 4, 1, 5)]
    assert list(found.themes) == ["Big", "Small", ""]


def test_the_theme_of_a_case_is_that_of_most_complaints() -> None:
    said = [Complaint("a", "Tone"), Complaint("b", "Length"), Complaint("c", "Length"), Complaint("d")]
    [lesson] = training_set([a_result(DEV[0])], CASES, {DEV[0].case_id: said}).lessons
    assert lesson.theme == "Length"


def ids(found: TrainingSet) -> set[str]:
    return {lesson.case_id for lesson in found.lessons}


def test_no_held_out_case_is_in_it_whatever_a_result_says_of_its_side() -> None:
    results = [a_result(case, split="dev") for case in CASES]
    found = training_set(results, CASES, {})
    assert ids(found) == {case.case_id for case in DEV}
    assert (found.held_out, found.like_held_out) == (len(HELD_OUT), 0)


def like(asked: str) -> EvalCase:
    """A case of the side `dev` that asks so, with a number after it."""
    for number in range(60):
        found = evalsets.written_case(f"{asked} {number}", expected="x", reason="to have one")
        if found.split == "dev":
            return found
    raise AssertionError("chance is not that unkind")


@pytest.mark.parametrize("where", ["question", "in other order", "answer", "complaint", "expected"])
def test_what_says_a_held_out_question_again_is_not_in_it_wherever_it_says_so(where: str) -> None:
    secret = HELD_OUT[0].input
    case, answer, complaints = DEV[0], "no", []
    if where == "question":
        case = like(secret)
    elif where == "in other order":
        case = like(" ".join(reversed(secret.split())))
    elif where == "answer":
        answer = f"You asked: {secret}"
    elif where == "complaint":
        complaints = [Complaint(f"I asked {secret}, and it said no")]
    else:
        case = replace(case, expected=f"{secret}? Yes.")
    cases = [*HELD_OUT, case]
    found = training_set([a_result(case, output=answer)], cases, {case.case_id: complaints})
    assert (found.lessons, found.like_held_out) == ((), 1)


@given(st.permutations(DEV[:12]), st.randoms())
@settings(max_examples=25)
def test_the_same_run_gives_the_same_bytes_in_whatever_order_it_comes(
    cases: list[EvalCase], random: object
) -> None:
    complaints = {case.case_id: [Complaint("no", case.case_id[:1])] for case in DEV[:12]}
    results = [a_result(case, int(case.case_id[0], 16) / 16) for case in DEV[:12]]
    straight = training_set(results, CASES, complaints).encode()
    random.shuffle(results)  # type: ignore[attr-defined] - a random.Random
    assert training_set(results, [*HELD_OUT, *cases], complaints).encode() == straight


def test_half_a_character_is_spelt_out() -> None:
    case = replace(DEV[0], expected="\ud83d!")
    [line] = training_set([a_result(case)], [case], {}).encode().splitlines()
    assert json.loads(line)["answer"] == "\\ud83d!"


def test_a_conversation_is_one_text_with_who_says_what() -> None:
    talk = [
        {"role": "user", "content": "hello there friend"},
        {"role": "assistant", "content": "Yes?"},
        {"role": "user", "content": "where is the blue parcel now"},
    ]
    asked = replace(DEV[0], input="where is the blue parcel now", input_messages=talk)
    [lesson] = training_set([a_result(asked)], [asked], {}).lessons
    assert lesson.input == (
        "user: hello there friend\n\nassistant: Yes?\n\nuser: where is the blue parcel now"
    )
