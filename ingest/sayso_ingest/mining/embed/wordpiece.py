"""Texts into the numbers of MiniLM's vocabulary: WordPiece as BERT's uncased models have it (Devlin 2018).

Lower case, without accents; each mark and each Chinese character is a word of its own; a word is cut into the
longest pieces that the vocabulary has, from its beginning.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Final

BEGIN: Final = "[CLS]"
END: Final = "[SEP]"
UNKNOWN: Final = "[UNK]"
LONGEST_WORD = 100
"""Characters; a longer word is unknown as a whole."""
REMEMBERED = 200_000
"""Words whose pieces are kept: beyond that they are cut anew each time."""
# What is neither white space nor a letter or digit of ASCII is a mark there, and stands alone.
_ASCII_WORDS = re.compile(r"[a-z0-9]+|[!-/:-@\[-`{-~]")
_CONTROLS: Final = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 127))
# The blocks of Han characters; kana and hangul are letters like others.
_HAN: Final = (
    (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF),
    (0xF900, 0xFAFF),
    (0x20000, 0x2A6DF),
    (0x2A700, 0x2CEAF),
    (0x2F800, 0x2FA1F),
)


class WordPiece:
    """Cuts texts by one vocabulary, and remembers how it cut the words it saw."""

    def __init__(self, vocabulary: Mapping[str, int]) -> None:
        self._vocabulary: Final = dict(vocabulary)
        self._unknown: Final = vocabulary[UNKNOWN]
        self._pieces: Final[dict[str, tuple[int, ...]]] = {}

    def numbers(self, text: str) -> list[int]:
        """The numbers of a text's pieces, without a begin or end."""
        found: list[int] = []
        pieces = self._pieces
        for word in words(text):
            known = pieces.get(word)
            found += self._cut(word) if known is None else known
        return found

    def _cut(self, word: str) -> tuple[int, ...]:
        pieces = self._longest_first(word)
        if len(self._pieces) < REMEMBERED:
            self._pieces[word] = pieces
        return pieces

    def _longest_first(self, word: str) -> tuple[int, ...]:
        if len(word) > LONGEST_WORD:
            return (self._unknown,)
        pieces: list[int] = []
        start = 0
        while start < len(word):
            for end in range(len(word), start, -1):
                number = self._vocabulary.get(("##" if start else "") + word[start:end])
                if number is not None:
                    pieces.append(number)
                    start = end
                    break
            else:
                return (self._unknown,)
        return tuple(pieces)


def words(text: str) -> list[str]:
    """The words and marks of a text, in lower case and without accents."""
    if text.isascii():
        return _ASCII_WORDS.findall(text.translate(_CONTROLS).lower())
    spaced = "".join(map(_alone_if_han, filter(_is_seen, text)))
    plain = "".join(
        character
        for character in unicodedata.normalize("NFD", spaced.lower())
        if unicodedata.category(character) != "Mn"
    )
    return "".join(f" {character} " if _is_mark(character) else character for character in plain).split()


def _is_seen(character: str) -> bool:
    """Whether it is not a control character, as the end of a line is not taken for one."""
    if character in "\t\n\r":
        return True
    return character != "\ufffd" and not unicodedata.category(character).startswith("C")


def _alone_if_han(character: str) -> str:
    code = ord(character)
    if any(first <= code <= last for first, last in _HAN):
        return f" {character} "
    return character


def _is_mark(character: str) -> bool:
    if character.isascii():
        return not character.isalnum() and not character.isspace()
    return unicodedata.category(character).startswith("P")
