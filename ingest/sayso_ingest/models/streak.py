"""How many failures came one after the other: from some number on what is asked is held to be gone."""

from __future__ import annotations

IN_A_ROW = 5
"""Calls without an answer, one after the other, after which what is asked is held to be gone."""


class Streak:
    """Counts failures since the last answer, for several threads."""

    def __init__(self) -> None:
        self._failed = 0
        self.has_answered = False
        """Whether there ever was an answer: after one, it is the single requests that are wrong."""

    def answered(self) -> None:
        """Note an answer."""
        self._failed = 0
        self.has_answered = True

    def failed(self) -> bool:
        """Note a failure; whether it is one too many."""
        self._failed += 1
        return self._failed >= IN_A_ROW
