"""What changed from one text to another."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from sayso_ingest.console.words import MOST_LINES, MOST_WORDS, Piece, changes

TEXTS = st.text(st.sampled_from("ab \n.é<>"), max_size=60)


@given(TEXTS, TEXTS)
def test_without_what_was_put_in_it_is_the_first_text_and_without_what_was_taken_out_the_second(
    before: str, after: str
) -> None:
    pieces = changes(before, after)
    assert "".join(piece.text for piece in pieces if piece.kind != "ins") == before
    assert "".join(piece.text for piece in pieces if piece.kind != "del") == after


@given(TEXTS)
def test_a_text_that_stayed_as_it_was_has_no_changes(text: str) -> None:
    assert {piece.kind for piece in changes(text, text)} <= {"same"}


def test_a_word_is_changed_as_a_whole() -> None:
    assert changes("press the red button", "press the green button") == [
        Piece("same", "press the "),
        Piece("del", "red"),
        Piece("ins", "green"),
        Piece("same", " button"),
    ]


def test_a_sentence_that_was_written_anew_is_one_change_and_what_follows_it_stays() -> None:
    before = "Thank you for your patience. Everyone can open the board."
    after = "Only people with an account can open the board."
    assert changes(before, after) == [
        Piece("del", "Thank you for your patience. Everyone"),
        Piece("ins", "Only people with an account"),
        Piece("same", " can open the board."),
    ]


def test_long_texts_are_compared_by_lines_and_longer_ones_not_at_all() -> None:
    line = "one two three\n"
    lines = line * (MOST_WORDS // 10)
    assert changes(lines, lines + "four\n")[-1] == Piece("ins", "four\n")
    longer = line * MOST_LINES
    assert [piece.kind for piece in changes(longer, longer + "four\n")] == ["del", "ins"]
