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
_MARKS = re.compile(r"""(?<!\w)[.,;:!?¿¡…。、"']+|[.,;:!?¿¡…。、"']+(?!\w)""")


def normalise(text: str) -> str:
    """Fold case, width, quotes, white space and sentence marks; a text of nothing but marks stays itself."""
    folded = unicodedata.normalize("NFKC", text).translate(_QUOTES).casefold()
    return " ".join(_MARKS.sub(" ", folded).split()) or " ".join(folded.split())


def question_key(text: str, messages: Messages | None = None) -> str:
    """The normalised question: the text, or all turns of a conversation of several.

    System messages are left out: the same question under another prompt version is the same question.
    """
    turns = [message for message in messages or () if message.get("role") != "system"]
    if len(turns) < 2:
        return normalise(text)
    return "\n".join(
        f"{turn.get('role', '')}: {normalise(content_text(turn.get('content')))}" for turn in turns
    )


def question_id(text: str, messages: Messages | None = None) -> str:
    """SHA-256 of the normalised question, as 64 hexadecimal digits."""
    return hashlib.sha256(question_key(text, messages).encode("utf-8", "replace")).hexdigest()


def content_text(content: JSON) -> str:
    """What a message says, as text; parts that are not text keep their JSON, so that they still differ."""
    if content is None:
        return ""
    return content if isinstance(content, str) else json.dumps(content, ensure_ascii=False, sort_keys=True)
