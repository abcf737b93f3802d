"""When two inputs are the same question: the identity behind candidates, eval cases and the leakage guard."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import TypeAlias

from sayso_ingest.event import JSON

Messages: TypeAlias = Sequence[Mapping[str, JSON]]
"""A conversation: messages with a role and a content."""

_QUOTES = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "«": '"', "»": '"'})
# Marks are dropped only at the edge of a word: 1.5 is not 15, and "C#" and "C++" are not "C".
# What no reader sees, and what would make two questions of one: soft hyphens, joiners, marks of direction, tags (the
# letters and formats among Unicode's Default_Ignorable_Code_Point).
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
# Scripts that are written without spaces: each of their letters is a word.
_UNSPACED = re.compile(r"([\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff])")
_BETWEEN = re.compile(r"(?:[^\w\s]|_)+")
_MARKS = re.compile(r"""(?<!\w)[.,;:!?¿¡…。、"']+|[.,;:!?¿¡…。、"']+(?!\w)""")


def normalise(text: str) -> str:
    """Fold case, width, quotes, white space, sentence marks and what is invisible; nothing but marks stays itself."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text)).translate(_QUOTES)
    folded = text.casefold()
    return " ".join(_MARKS.sub(" ", folded).split()) or " ".join(folded.split())


def words_of(text: str) -> list[str]:
    """The words of a normalised text; in scripts without spaces, its letters."""
    return text.split() if text.isascii() else _UNSPACED.sub(r" \1 ", text).split()


def bare_words(text: str) -> list[str]:
    """The words of a normalised text without what stands around them: "**Where" and "<p>where" have the same."""
    return words_of(_BETWEEN.sub(" ", text))


def question_key(text: str, messages: Messages | None = None) -> str:
    """The normalised question: the text, or all turns of a conversation of several.

    What the application says is left out: the same question under another prompt version is the same question.
    """
    turns = [message for message in messages or () if message.get("role") not in ("system", "developer")]
    if len(turns) < 2:
        return normalise(text)
    return "\n".join(
        f"{turn.get('role', '')}: {normalise(content_text(turn.get('content')))}" for turn in turns
    )


def turns_of(messages: Messages | None) -> tuple[str, ...]:
    """What a person says in a conversation, turn by turn, normalised."""
    said = (content_text(m.get("content")) for m in messages or () if m.get("role") == "user")
    return tuple(normalise(text) for text in said)


def question_id(text: str, messages: Messages | None = None) -> str:
    """SHA-256 of the normalised question, as 64 hexadecimal digits."""
    return hashlib.sha256(question_key(text, messages).encode("utf-8", "replace")).hexdigest()


def content_text(content: JSON) -> str:
    """What a message says, as text; parts that are not text keep their JSON, so that they still differ."""
    if content is None:
        return ""
    return content if isinstance(content, str) else json.dumps(content, ensure_ascii=False, sort_keys=True)
