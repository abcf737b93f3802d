"""What came of a run of judges, and how that is told."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sayso_ingest.cli.options import say
from sayso_ingest.cli.terminal import clean

if TYPE_CHECKING:
    from sayso_ingest.models import Budget


@dataclass(slots=True)
class Tally:
    """What came of a run."""

    made: int = 0
    taken: list[str] = field(default_factory=list)
    """The ids of the events that the collector took."""
    refused: Counter[str] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)
    problems: dict[str, str] = field(default_factory=dict)
    recalled: int = 0

    def tell(self, budget: Budget) -> None:
        """Say what was judged, what was not and why, and what it took."""
        cost = f", cost {budget.cost:,.4f}" if budget.cost else ""
        say(
            f"{self.made:,} judged, {len(self.taken):,} taken by the collector. {budget.calls:,} calls "
            f"({self.recalled:,} answers were kept from before), {budget.tokens_in:,} tokens read, "
            f"{budget.tokens_out:,} written{cost}."
        )
        for reason, count in self.refused.items():
            say(clean(f"The collector refused {count:,}: {reason}. `sayso rejects list` says more."))
        for ended, count in sorted(self.failed.items()):
            say(clean(f"{count:,} not judged, {ended}: {self.problems[ended]}."))
        if budget.unpriceable:
            say("Name --price-in and --price-out: the endpoint does not say what a call costs.")
        elif "unaffordable" in self.failed:
            say("The budget is spent. The same command with more goes on.")
