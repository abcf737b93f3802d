"""Texts are cut as BERT's uncased models are trained to see them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sayso_ingest.mining.embed.wordpiece import LONGEST_WORD, UNKNOWN, WordPiece, words

VOCABULARY = {
    piece: number
    for number, piece in enumerate(
        [UNKNOWN, "un", "##aff", "##able", "able", "a", "##b", "##c", "hello", "!", "é", "東", "京"]
    )
}
PIECES = list(VOCABULARY)


def cut(text: str) -> list[str]:
    return [PIECES[number] for number in WordPiece(VOCABULARY).numbers(text)]


def test_a_word_is_cut_into_the_longest_pieces_from_its_beginning() -> None:
    assert cut("unaffable") == ["un", "##aff", "##able"]
    assert cut("able") == ["able"]
    assert cut("abc") == ["a", "##b", "##c"]


def test_a_word_with_a_part_that_nothing_fits_is_unknown_as_a_whole() -> None:
    assert cut("unaffablez able") == [UNKNOWN, "able"]


def test_a_very_long_word_is_unknown() -> None:
    assert cut("a" + "b" * (LONGEST_WORD - 1)) == ["a"] + ["##b"] * (LONGEST_WORD - 1)
    assert cut("a" + "b" * LONGEST_WORD) == [UNKNOWN]


def test_a_word_is_cut_the_same_the_second_time() -> None:
    cutter = WordPiece(VOCABULARY)
    assert cutter.numbers("unaffable abc") == cutter.numbers("unaffable abc")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hello, World!", ["hello", ",", "world", "!"]),
        (
            "don't e-mail me@example.com",
            ["don", "'", "t", "e", "-", "mail", "me", "@", "example", ".", "com"],
        ),
        ("Où est mon cœur à Zürich?", ["ou", "est", "mon", "cœur", "a", "zurich", "?"]),
        ("東京へ行く", ["東", "京", "へ", "行", "く"]),
        ("한국", ["\u1112\u1161\u11ab\u1100\u116e\u11a8"]),  # syllables come apart, as in the vocabulary
        ("İstanbul", ["istanbul"]),
        ("tab\tnew\nline\r\nend", ["tab", "new", "line", "end"]),
        ("be\x00ll a\u200bb caf\u00e9\x07s", ["bell", "ab", "cafes"]),
        ("“quoted” … 5€", ["“", "quoted", "”", "…", "5€"]),
        ("\u3000wide\u00a0space\u2003", ["wide", "space"]),
        ("", []),
        (" \n ", []),
        ("[SEP] [MASK]", ["[", "sep", "]", "[", "mask", "]"]),
    ],
)
def test_texts_are_split_into_words_and_marks_in_lower_case_without_accents(
    text: str, expected: list[str]
) -> None:
    assert words(text) == expected


@given(st.text(alphabet=st.characters(max_codepoint=127), max_size=80))
def test_ascii_has_a_short_way_that_leads_to_the_same_words(text: str) -> None:
    assert [*words(text), "o"] == words(f"{text} ö")


@given(st.text(max_size=80))
def test_any_text_is_cut_into_numbers_of_the_vocabulary(text: str) -> None:
    assert all(0 <= number < len(PIECES) for number in WordPiece(VOCABULARY).numbers(text))
