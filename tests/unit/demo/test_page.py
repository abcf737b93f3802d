"""The assistant of the demo's page, and what its back end remembers."""

from __future__ import annotations

from sayso_ingest.demo.page.assistant import AT_A_LOSS, OFFERED, POLISH, answer, pieces
from sayso_ingest.demo.page.chats import CHATS, TURNS, Chats, Turn
from sayso_ingest.demo.traffic.topics import TOPICS

MISTAKES = {ask.mistake for topic in TOPICS for ask in topic.asks}


def turn(number: int) -> Turn:
    return Turn(f"msg_{number}", "How?", "So.", None)


def test_the_same_question_gets_the_same_answer() -> None:
    assert answer(OFFERED[0]) == answer(OFFERED[0])


def test_of_the_questions_on_offer_the_second_is_answered_wrongly_and_the_others_are_not() -> None:
    wrong = [any(mistake in answer(question).output for mistake in MISTAKES) for question in OFFERED]
    assert wrong == [False, True, False]


def test_a_question_about_nothing_known_gets_no_answer_about_something_else() -> None:
    assert answer("Which way is north?").output == AT_A_LOSS


def test_a_reply_to_polish_gets_a_suggestion_for_a_text_that_is_there() -> None:
    said = answer(f" {POLISH.upper()}")
    assert said.original
    assert said.original != said.output


def test_the_pieces_of_an_answer_are_the_answer() -> None:
    text = answer(OFFERED[0]).output
    assert "".join(pieces(text)) == text
    assert len(list(pieces(text))) > 10


def test_a_chat_keeps_its_latest_turns_and_the_latest_chats_are_kept() -> None:
    chats = Chats()
    for number in range(TURNS + 1):
        chats.add("long", turn(number))
    assert [one.target for one in chats.turns("long")] == [f"msg_{n}" for n in range(1, TURNS + 1)]
    for number in range(CHATS):
        chats.add(f"chat {number}", turn(0))
    assert chats.turns("long") == []
    assert len(chats.turns("chat 0")) == 1
    assert chats.turns("never begun") == []
