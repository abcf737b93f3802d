"""What an attempt comes to, whatever comes of it: the budget hears of each that left this machine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sayso_ingest.errors import ModelRefused
from sayso_ingest.models.budget import REFUSED, Budget
from sayso_ingest.models.line import NotNow
from sayso_ingest.models.reply import Usage

PERHAPS_PAID = frozenset({None, 200, 408, 502, 504})
"""Statuses of attempts of which nobody knows what they cost: none, of an answer that came but in part, or of one that
stands between and would wait no longer. With any other the endpoint took nothing on, and that costs nothing."""


@dataclass(slots=True)
class Attempt:
    """One attempt; `usage` is what it came to, None while nobody knows."""

    usage: Usage | None = None


@contextmanager
def paid(budget: Budget, reserve: float) -> Iterator[Attempt]:
    """Settle what was reserved for an attempt once that is over; give it back where nothing was sent."""
    attempt, left = Attempt(), True
    try:
        yield attempt
    except (NotNow, ModelRefused) as error:
        left = error.status != 0
        attempt.usage = None if error.status in PERHAPS_PAID else REFUSED
        raise
    finally:
        if left:
            budget.settle(reserve, attempt.usage)
        else:
            budget.give_back(reserve)
