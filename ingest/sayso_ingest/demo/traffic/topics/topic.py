"""What one topic of the help desk holds."""

from __future__ import annotations

import re
from dataclasses import dataclass

_WORD = re.compile(r"[a-z]{3,}")


@dataclass(frozen=True, slots=True)
class Ask:
    """One thing people want: how they say it, the steps that help, and what a bad answer says instead.

    `{board}`, `{device}`, `{count}`, `{plan}` and `{when}` in a question are filled in for each asker.
    """

    questions: tuple[str, ...]
    steps: tuple[str, ...]
    mistake: str


@dataclass(frozen=True, slots=True)
class Topic:
    """A name, and the things people want that belong under it."""

    name: str
    asks: tuple[Ask, ...]


def likeness(question: str, ask: Ask) -> int:
    """Words that a question has in common with the wording of a thing which resembles it most."""
    words = set(_WORD.findall(question.casefold()))
    return max(len(words & set(_WORD.findall(text.casefold()))) for text in ask.questions)
