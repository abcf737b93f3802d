"""Who comes to the help desk: people with and without an account, and what is known of them at each visit."""

from __future__ import annotations

from collections import Counter
from random import Random

from sayso_ingest.demo.traffic.action import Person

COLLEAGUES = tuple(Person(actor=f"colleague_{number:02}") for number in range(1, 13))
ANNOTATORS = tuple(Person(actor=f"annotator_{number}") for number in range(1, 4))


class Visitors:
    """A crowd in which a few come often; many start without an account and log in on a later visit."""

    def __init__(self, rng: Random, *, size: int) -> None:
        self._rng = rng
        self._size = size
        self._visits: Counter[int] = Counter()

    def next_visit(self, session: str) -> Person:
        """Let somebody come, and say what the application knows of them this time."""
        drawn = self._rng.random()
        if drawn < 0.005:
            return Person()
        if drawn < 0.025:
            return Person(session=session)
        visitor = min(int(self._rng.expovariate(3 / self._size)), self._size - 1)
        self._visits[visitor] += 1
        browser = visitor - 1 if visitor % 40 == 1 else visitor  # a computer that two people share
        return Person(
            actor=f"u_{visitor:04}" if self._logged_in(visitor) else None,
            anonymous=f"a_{browser:04}",
            session=session,
        )

    def _logged_in(self, visitor: int) -> bool:
        if visitor % 40 in (0, 1):
            return True
        has_account, logs_in_late = visitor % 3 != 0, visitor % 2 == 0
        return has_account and (not logs_in_late or self._visits[visitor] > 1)
