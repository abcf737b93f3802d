"""What came of a run that writes cases, and how that is told."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sayso_ingest.cli.options import say

if TYPE_CHECKING:
    from sayso_ingest.judge.writing import Source, Written
    from sayso_ingest.models import Budget, Reply


@dataclass(slots=True)
class Tally:
    """What was written, by the place of its source, and what was not."""

    written: dict[int, list[Written]] = field(default_factory=dict)
    left: Counter[str] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)
    problems: dict[str, str] = field(default_factory=dict)

    def take(self, place: int, source: Source, reply: Reply, *, per: int) -> None:
        """Take what a model answered for one source."""
        from sayso_ingest.judge.writing import read_written

        if reply.value is None:
            self.failed[str(reply.outcome)] += 1
            self.problems.setdefault(str(reply.outcome), reply.problem)
            return
        self.written[place], left = read_written(source, reply.value, most=per)
        self.left.update(one.words for one in left)

    def tell(self, budget: Budget) -> None:
        """Say what was left out and why, and what it took."""
        for why, count in sorted(self.left.items()):
            say(f"{count} left out: {why}.")
        for outcome, count in sorted(self.failed.items()):
            problem = self.problems[outcome]
            say(f"{count} of the model's answers came to nothing ({outcome}): {problem}")
        spent = f", {budget.cost:,.4f} in money" if budget.cost else ""
        say(
            f"{budget.calls:,} calls, {budget.tokens_in:,} tokens read and {budget.tokens_out:,} written{spent}."
        )
