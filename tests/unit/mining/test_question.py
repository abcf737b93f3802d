"""When two inputs are the same question."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sayso_ingest.mining.question import normalise, question_id, question_key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Where is my parcel?", "where is  my parcel"),
        ("“Hello”, she said.", '"hello" she said'),
        ("Ｗｈｅｒｅ？", "where"),
        ("Straße", "STRASSE"),
    ],
)
def test_case_marks_and_width_make_no_other_question(one: str, other: str) -> None:
    assert question_id(one) == question_id(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("What is C++", "What is C#"), ("1.5 kg", "15 kg"), ("-5", "5"), ("👍", "👎"), ("?", "!"), ("कि", "की")],
)
def test_what_differs_in_more_than_sentence_marks_is_another_question(one: str, other: str) -> None:
    assert question_id(one) != question_id(other)


@given(st.text())
def test_normalising_twice_changes_nothing_for_texts_with_words(text: str) -> None:
    once = normalise(text + " word")
    assert normalise(once) == once


def test_a_conversation_is_told_apart_by_all_its_turns() -> None:
    refund = [{"role": "user", "content": "A refund?"}, {"role": "assistant", "content": "Sure?"}]
    parcel = [{"role": "user", "content": "A parcel?"}, {"role": "assistant", "content": "Sure?"}]
    yes = {"role": "user", "content": "Yes"}
    assert question_id("Yes", [*refund, yes]) != question_id("Yes", [*parcel, yes])


def test_another_system_prompt_is_the_same_question() -> None:
    turn = {"role": "user", "content": "A refund?"}
    assert question_key("A refund?", [{"role": "system", "content": "Be kind."}, turn]) == question_key(
        "a refund"
    )


def test_content_that_is_not_text_still_tells_questions_apart() -> None:
    def asked(url: str) -> list[dict[str, object]]:
        return [
            {"role": "user", "content": [{"type": "image_url", "image_url": url}]},
            {"role": "user", "content": "What is this?"},
        ]

    assert question_id("What is this?", asked("a")) != question_id("What is this?", asked("b"))
