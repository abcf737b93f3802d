"""What a check has found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Level = Literal["ok", "note", "wrong"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: in order, worth knowing, or wrong; what it is, and what to type or do next."""

    level: Level
    said: str
    next: str = ""
    check: str = ""
    project: str = ""


def ok(said: str) -> Finding:
    """What was looked at is in order."""
    return Finding("ok", said)


def note(said: str, next: str) -> Finding:
    """Something is worth knowing, and may be as it should."""
    return Finding("note", said, next)


def wrong(said: str, next: str) -> Finding:
    """Something is wrong; `next` says what to type or do."""
    return Finding("wrong", said, next)
