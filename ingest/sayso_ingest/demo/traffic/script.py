"""A script: the actions of one visit in the order they are sent, each at a later moment than the one before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from sayso_ingest.demo.traffic.action import Action, Person
from sayso_ingest.demo.traffic.topics import Ask
from sayso_ingest.demo.traffic.wording import Answer

_REPEATED = 0.025
"""The share of events that are sent once more, as a client does whose connection broke too early."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One question and its answer, with what the application knows about them."""

    target: str
    topic: str
    ask: Ask
    question: str
    answer: Answer
    version: str


class Script:
    """Writes down what happens in one visit; its clock only goes forward."""

    def __init__(self, rng: Random, *, lane: int, start: datetime, numbers: Iterator[int]) -> None:
        self.rng = rng
        self.actions: list[Action] = []
        self._lane = lane
        self._clock = start
        self._numbers = numbers

    def act(
        self,
        kind: str,
        body: Mapping[str, Any],
        *,
        by: Person,
        target: str | None = None,
        part: str | None = None,
        about: int | None = None,
        after: tuple[float, float] = (2, 40),
    ) -> int:
        """Add an action some seconds after the one before and return its number."""
        self._clock += timedelta(milliseconds=round(1000 * self.rng.uniform(*after)))
        number = next(self._numbers)
        self.actions.append(
            Action(
                number=number,
                lane=self._lane,
                kind=kind,
                occurred_at=self._clock,
                person=by,
                body=body,
                target=target,
                part=part,
                about=about,
                repeats=1 if self.rng.random() < _REPEATED else 0,
            )
        )
        return number

    def chance(self, probability: float) -> bool:
        """Say yes with a probability."""
        return self.rng.random() < probability

    def send_last(self, number: int) -> None:
        """Let an action be sent after all the others so far; when it happened stays."""
        late = next(action for action in self.actions if action.number == number)
        self.actions.remove(late)
        self.actions.append(late)

    def drop(self, number: int) -> None:
        """Leave an action out, as an application does that lost it."""
        self.actions = [action for action in self.actions if action.number != number]
