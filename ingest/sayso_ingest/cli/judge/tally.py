"""What came of a run of judges, and how that is told."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sayso_ingest.cli.options import say

if TYPE_CHECKING:
    from sayso_ingest.models import Budget, Outcome

_NOT_ASKED = ("unaffordable", "stopped")


@dataclass(slots=True)
class Tally:
    """What came of a run."""

    made: int = 0
    taken: list[str] = field(default_factory=list)
    """The ids of the events that the collector took."""
    refused: Counter[str] = field(default_factory=Counter)
    hindered: Counter[Outcome] = field(default_factory=Counter)
    """Things that have no judgement, by what stood in its way."""
    problems: dict[Outcome, str] = field(default_factory=dict)
    outcomes: Counter[Outcome] = field(default_factory=Counter)
    """How each question ended."""
    recalled: int = 0

    def tell(self, budget: Budget) -> None:
        """Say what was judged, what was not and why, and what it took; nothing where nothing was asked."""
        if not (self.outcomes or budget.calls or self.taken or self.refused):
            return
        cost = f", cost {budget.cost:,.4f}" if budget.cost else ""
        say(
            f"{self.made:,} judged, {len(self.taken):,} taken by the collector. {budget.calls:,} calls "
            f"({self.recalled:,} answers were kept from before), {budget.tokens_in:,} tokens read, "
            f"{budget.tokens_out:,} written{cost}."
        )
        for reason, count in self.refused.items():
            say(f"The collector refused {count:,}: {reason}. `sayso rejects list` says more.")
        for outcome, count in sorted(self.hindered.items()):
            say(f"{count:,} not judged, {outcome}: {self.problems[outcome]}.")
        self._tell_failures()
        if budget.unpriceable:
            say("Name --price-in and --price-out: the endpoint does not say what a call costs.")
        elif "unaffordable" in self.hindered:
            say("The budget is spent. The same command with more goes on.")

    @property
    def is_incomplete(self) -> bool:
        """Whether an answer is missing that may come when the same is asked again."""
        from sayso_ingest.models import SETTLED

        return any(one not in (*SETTLED, *_NOT_ASKED) for one in self.hindered)

    def _tell_failures(self) -> None:
        """Say which questions came to nothing, where the things do not say it: some were judged by the others."""
        failed = {one: count for one, count in self.outcomes.items() if one not in ("answered", *_NOT_ASKED)}
        if sum(failed.values()) > sum(self.hindered[one] for one in failed):
            counts = ", ".join(f"{count:,} {outcome}" for outcome, count in sorted(failed.items()))
            say(f"Of {sum(self.outcomes.values()):,} questions some came to nothing: {counts}.")
        if self.is_incomplete:
            say("The same command asks again for what is missing.")
