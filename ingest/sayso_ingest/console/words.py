"""What changed from one text to another, word by word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

_WORDS = re.compile(r"\s+|\w+|[^\w\s]")
_LINES = re.compile(r"[^\n]*\n|[^\n]+")
MOST_WORDS = 4000
"""Comparing takes time with the square of this: longer texts are compared by lines."""
MOST_LINES = 1000


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text that is the same in both, or only in the first (`del`), or only in the second (`ins`)."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class _Run:
    """What was taken out and what was put in at a place, and what follows that stayed."""

    taken: str
    put: str
    stayed: str

    @property
    def size(self) -> int:
        """Characters of the longer side."""
        return max(len(self.taken), len(self.put))


def changes(before: str, after: str) -> list[Piece]:
    """Split two texts into what is the same and what is not; a word is whole in either."""
    for pattern, most in ((_WORDS, MOST_WORDS), (_LINES, MOST_LINES)):
        a, b = pattern.findall(before), pattern.findall(after)
        if len(a) + len(b) <= most:
            return list(_pieces(_readable(_runs(a, b))))
    return list(_pieces([_Run(before, after, "")]))


def _runs(a: list[str], b: list[str]) -> list[_Run]:
    runs = [_Run("", "", "")]
    for what, a_from, a_to, b_from, b_to in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if what == "equal":
            runs[-1] = replace(runs[-1], stayed="".join(a[a_from:a_to]))
        else:
            runs.append(_Run("".join(a[a_from:a_to]), "".join(b[b_from:b_to]), ""))
    return runs


def _readable(runs: list[_Run]) -> list[_Run]:
    """Make one of two changes where what stayed between them is no longer than either: a sentence written anew shares
    words with the old one, and would be a change a word. Fraser's clean-up, https://neil.fraser.name/writing/diff/.
    """
    first, *rest = runs
    merged: list[_Run] = []
    for run in rest:
        whole = run
        while merged and len(merged[-1].stayed) <= min(merged[-1].size, whole.size):
            last = merged.pop()
            whole = _Run(
                last.taken + last.stayed + whole.taken, last.put + last.stayed + whole.put, whole.stayed
            )
        merged.append(whole)
    return [first, *merged]


def _pieces(runs: list[_Run]) -> Iterator[Piece]:
    for run in runs:
        for kind, text in (("del", run.taken), ("ins", run.put), ("same", run.stayed)):
            if text:
                yield Piece(kind, text)
