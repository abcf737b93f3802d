"""Scoring by a regular expression: one that is given, or the expected answer of each case."""

from __future__ import annotations

from typing import Final

from sayso_ingest.errors import UsageError
from sayso_ingest.evals.scorers.scorer import Score
from sayso_ingest.evalsets import EvalCase
from sayso_ingest.warehouse import Patterns


class Matching:
    """1 where a pattern is somewhere in the answer; `^` and `$` bind it to its ends. Patterns are those of RE2."""

    def __init__(self, pattern: str | None = None) -> None:
        """Without a `pattern` it is the expected answer.

        Raises:
            UsageError: it is none.
        """
        self._patterns: Final = Patterns()
        self._pattern: Final = pattern
        self.name: Final = "regex" if pattern is None else f"regex:{pattern}"
        if pattern is not None:
            self._patterns.finds(pattern, "")

    def suits(self, case: EvalCase) -> bool:
        """Whether there is a pattern to look for."""
        return bool(self._pattern or (case.expected or "").strip())

    def score(self, case: EvalCase, answer: str) -> Score:
        """Look for it; no score where what is expected is no pattern."""
        try:
            found = self._patterns.finds(self._pattern or (case.expected or "").strip(), answer)
        except UsageError as error:
            return Score(self.name, None, None, str(error))
        return Score(self.name, float(found), found)
