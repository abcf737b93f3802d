"""The interface between a run and what scores its answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from sayso_ingest.evalsets import EvalCase

PASSED = 0.5
"""The value from which an answer passes, unless a scorer has another."""


@dataclass(frozen=True, slots=True)
class Score:
    """What a scorer makes of an answer: 0 to 1, None where it cannot say; and why, in words, where it gives reasons."""

    scorer: str
    value: float | None
    passed: bool | None
    why: str = ""
    pending: bool = False
    """It may still come: who scores was not asked for want of budget, or because somebody stopped."""


class Scorer(Protocol):
    """Scores answers; many threads may ask it at once."""

    @property
    def name(self) -> str:
        """What results call it: `exact`, or `judge:helpful@1a2b3c4d:MODEL`; all that decides what it says is in it."""

    def suits(self, case: EvalCase) -> bool:
        """Whether the case has what this scorer needs: an expected answer, for instance."""

    def score(self, case: EvalCase, answer: str) -> Score:
        """Score an answer to a case that it suits.

        Raises:
            ModelError: the endpoint of a judge would answer nothing at all.
        """
