"""How many calls may be made and what they may cost: nothing is asked that would go beyond.

Only a call that the endpoint makes dearer than its price, or than the dearest so far, may go beyond, and those that are
asked at the same time.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass

from sayso_ingest.models.reply import Usage

REFUSED = Usage(cost=0.0)
"""What a call used that the endpoint did not take: it counts, and costs nothing."""


@dataclass(frozen=True, slots=True)
class Price:
    """Money for a million tokens, read and written."""

    tokens_in: float
    tokens_out: float

    def of(self, usage: Usage) -> float:
        """What so many tokens cost."""
        return (usage.tokens_in * self.tokens_in + usage.tokens_out * self.tokens_out) / 1e6


class Budget:
    """Counts calls, tokens and money of a run, for several threads; without a limit it only counts."""

    def __init__(
        self, *, max_calls: int | None = None, max_cost: float | None = None, price: Price | None = None
    ) -> None:
        """What the endpoint says that a call cost goes before `price`.

        A call is whatever left this machine: each attempt, whether it was answered or not.
        """
        self._max_calls = max_calls
        self._max_cost = max_cost
        self.price = price
        self._changed = threading.Condition()
        self._reserved: list[float] = []
        self._dearest: float | None = None
        self.calls = 0
        self.tokens_in = 0
        self.tokens_out = 0
        self.cost = 0.0
        self.unpriced = 0
        """Calls of which nobody says what they cost."""

    def take(self, most: Usage) -> float | None:
        """Reserve a call that uses at most so many tokens; None where it would go beyond what there is.

        Each call is held to cost its price, or what the dearest so far did where an endpoint says so, if that is more.
        Without a price the first goes alone.
        """
        with self._changed:
            while not self._holds(most) and self._reserved:
                self._changed.wait()  # what is being asked may come to less than was reserved for it
            if not self._holds(most):
                return None
            self._reserved.append(self._reserve(most))
            return self._reserved[-1]

    def _reserve(self, most: Usage) -> float:
        return max(self.price.of(most) if self.price else 0.0, self._dearest or 0.0)

    def _holds(self, most: Usage) -> bool:
        """Whether calls and money are enough; what is unpriced could cost anything."""
        if self._max_calls is not None and self.calls + len(self._reserved) >= self._max_calls:
            return False
        if self._max_cost is None:
            return True
        if self.price is None and self._dearest is None and (self._reserved or not self._max_cost):
            return False
        return not self.unpriced and self.cost + sum(self._reserved) + self._reserve(most) <= self._max_cost

    @property
    def unpriceable(self) -> bool:
        """Whether there is a limit of money, and nobody who says what calls cost."""
        return self._max_cost is not None and self.unpriced > 0

    def settle(self, reserve: float, usage: Usage | None) -> None:
        """Say what a call that was reserved came to; None where nobody knows: it is held to have cost its reserve."""
        with self._changed:
            self._reserved.remove(reserve)
            self.calls += 1
            if usage is None:
                is_priced = self.price is not None or self._dearest is not None
                self._pay(reserve if is_priced else None)
            else:
                self._spend(usage)
            self._changed.notify_all()

    def give_back(self, reserve: float) -> None:
        """Say that a call which was reserved was not made."""
        with self._changed:
            self._reserved.remove(reserve)
            self._changed.notify_all()

    def _spend(self, usage: Usage) -> None:
        self.tokens_in += usage.tokens_in
        self.tokens_out += usage.tokens_out
        cost = usage.cost if usage.cost is not None else self.price.of(usage) if self.price else None
        self._pay(cost)
        if usage.cost is not None and usage != REFUSED:  # which says nothing of what an answer costs
            self._dearest = max(usage.cost, self._dearest or 0.0)

    def _pay(self, cost: float | None) -> None:
        if cost is None:
            self.unpriced += 1
        else:
            self.cost += cost
