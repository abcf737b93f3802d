"""What came of one case in a run: a line of results.jsonl."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

from sayso_ingest.evalsets import Split
from sayso_ingest.event import JSON
from sayso_ingest.mining import Stratum
from sayso_ingest.models import Outcome

OWN_FAULT = frozenset(
    {Outcome.DECLINED, Outcome.FILTERED, Outcome.EMPTY, Outcome.REFUSED, Outcome.MALFORMED, Outcome.TRUNCATED}
)
"""How a system itself fails a case: that counts as 0. Whatever else left it unanswered says nothing about it."""


@dataclass(frozen=True, slots=True)
class Result:
    """One answer of a run and its scores; neither the question nor the expected answer, which the set holds.

    `score` is that of the scorer which suits the case best, `scorer`; `scores` are those of all that were asked.
    None where the case was not answered through no fault of the system, or nothing could score it.
    `output` and `why` are None once they were erased.
    """

    case_id: str
    sample: int
    split: Split
    stratum: Stratum
    topic: str
    outcome: Outcome
    output: str | None
    scorer: str | None
    score: float | None
    passed: bool | None
    scores: Mapping[str, float | None] = field(default_factory=dict)
    why: str | None = ""
    problem: str = ""
    latency_ms: float | None = None
    tokens_in: int = 0
    tokens_out: int = 0
    cost: float | None = None
    """Money for the answer, whether it was spent now or when a kept one was made; None where nobody says."""
    recalled: bool = False
    """The answer was kept from before."""

    def row(self) -> dict[str, JSON]:
        """The result as plain values: a line of results.jsonl."""
        return {**dataclasses.asdict(self), "outcome": self.outcome.value, "scores": dict(self.scores)}

    @classmethod
    def from_row(cls, row: Mapping[str, JSON]) -> Self:
        """Read back what `row` wrote.

        Raises:
            TypeError, ValueError, KeyError: it is no such line.
        """
        return cls(**{**row, "outcome": Outcome(row["outcome"])})
