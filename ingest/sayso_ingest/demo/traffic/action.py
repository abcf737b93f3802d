"""One planned act of somebody: what will be sent, and, once it was sent, by which id."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Person:
    """Who acts, as the wire says it; all empty means that nobody is known."""

    actor: str | None = None
    anonymous: str | None = None
    session: str | None = None


@dataclass(frozen=True, slots=True)
class Action:
    """A planned event.

    `number` counts the actions of a plan. `about` is the number of an earlier action of the same `lane`
    that this one details or takes back. A lane is sent in order, different lanes in any order.
    `repeats` says how often the very same event is sent once more.
    """

    number: int
    lane: int
    kind: str
    occurred_at: datetime
    person: Person
    body: Mapping[str, Any]
    target: str | None = None
    part: str | None = None
    about: int | None = None
    repeats: int = 0
    meta: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sent:
    """An action that was handed over: the id its event got, and that of the event it is about."""

    event_id: str
    action: Action
    about: str | None = None
