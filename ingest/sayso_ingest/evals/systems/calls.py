"""Calls of what is the user's own on this machine: within a budget, none after a stop, and not in vain for ever."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Final

from sayso_ingest.errors import ModelRefused, ModelUnavailable
from sayso_ingest.evals.systems.spoken import most
from sayso_ingest.evals.systems.system import Answer, Asked
from sayso_ingest.models import IN_A_ROW, Budget, Outcome, Streak, unaffordable

_FAILED = frozenset({Outcome.REFUSED, Outcome.MALFORMED})


class Calls:
    """Makes calls for several threads; `advice` says what to do where all of them fail."""

    def __init__(self, budget: Budget | None, hung_up: threading.Event | None, *, advice: str) -> None:
        self.budget: Final = budget or Budget()
        self.hung_up: Final = hung_up or threading.Event()
        self._advice: Final = advice
        self._streak: Final = Streak()

    def make(self, asked: Asked, call: Callable[[Asked], Answer]) -> Answer:
        """Make a call, if there is budget for it.

        Raises:
            ModelRefused: several failed in a row, and none was ever answered.
            ModelUnavailable: several in a row were not answered in time.
        """
        reserve = self.budget.take(most(asked))
        if reserve is None:
            return Answer(Outcome.UNAFFORDABLE, problem=unaffordable().problem)
        if self.hung_up.is_set():
            self.budget.give_back(reserve)
            return Answer(Outcome.STOPPED, problem="the run was stopped")
        usage = None
        try:
            answer = call(asked)
            usage = answer.usage if answer.outcome in (Outcome.ANSWERED, Outcome.EMPTY) else None
        finally:
            self.budget.settle(reserve, usage)
        self._count(answer)
        return answer

    def _count(self, answer: Answer) -> None:
        if answer.outcome is Outcome.STOPPED:
            return
        if answer.outcome is Outcome.UNAVAILABLE:
            if self._streak.failed():
                raise ModelUnavailable(self._in_vain(answer))
        elif answer.outcome not in _FAILED:
            self._streak.answered()
        elif not self._streak.has_answered and self._streak.failed():
            raise ModelRefused(self._in_vain(answer))

    def _in_vain(self, answer: Answer) -> str:
        return f"{answer.problem} ({IN_A_ROW} times in a row). {self._advice}"
