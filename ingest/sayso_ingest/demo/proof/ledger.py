"""The demo's own account of what was sent, and what must come of it. The pipeline never reads it.

Its rules are written a second time, slowly and plainly, from the description of the wire: nothing here
is taken from the warehouse, so that an error there cannot hide here.
"""

from __future__ import annotations

import threading
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from sayso_ingest.demo.traffic.action import Action, Sent

_SAID_IN = {
    "thumb": "value",
    "rating": "value",
    "suggestion": "outcome",
    "comment": "text",
    "preference": "chosen",
    "annotation": "label",
    "judgement": "label",
}
"""Kind of verdict -> the field of its body that is the verdict."""


class VerdictKey(NamedTuple):
    """What one person says one thing about."""

    target: str
    part: str
    who: str
    kind: str
    name: str
    rubric: str


class Ledger:
    """Writes down every event by its id, and every refusal that is due; several threads may write."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sent: dict[str, Sent] = {}
        self._refused: Counter[str] = Counter()

    def record(self, sent: Sent) -> None:
        """Write down an event that must land once."""
        with self._lock:
            if sent.event_id in self._sent:
                raise ValueError(f"The id {sent.event_id} was given out twice.")
            self._sent[sent.event_id] = sent

    def record_refusals(self, reasons: Iterable[str]) -> None:
        """Write down refusals that must be kept."""
        with self._lock:
            self._refused.update(reasons)

    @property
    def events(self) -> Mapping[str, Sent]:
        """Every event that must land, by its id."""
        return self._sent

    @property
    def refusals(self) -> Mapping[str, int]:
        """How many refusals of each reason must be kept."""
        return self._refused

    def verdicts(self) -> dict[VerdictKey, str | None]:
        """Say for every key what the verdict must be: None where it was taken back."""
        resolve = _Ties(sent.action for sent in self._sent.values())
        taken_back = {sent.about for sent in self._sent.values() if sent.action.kind == "retraction"}
        said: dict[VerdictKey, list[Sent]] = defaultdict(list)
        for sent in self._sent.values():
            if _is_verdict(sent.action):
                said[_key(sent, resolve)].append(sent)
        latest = {key: max(events, key=lambda sent: sent.action.occurred_at) for key, events in said.items()}
        return {
            key: None if sent.event_id in taken_back else _as_text(sent.action)
            for key, sent in latest.items()
        }


class _Ties:
    """Who an event's person is, once all events are known."""

    def __init__(self, actions: Iterable[Action]) -> None:
        self._actors: dict[str, set[str]] = defaultdict(set)
        for action in actions:
            if action.person.actor and action.person.anonymous:
                self._actors[action.person.anonymous].add(action.person.actor)

    def who(self, sent: Sent) -> str:
        """Name the person: the actor, else the actor tied to the browser, else the browser, the session, the event."""
        person = sent.action.person
        if sent.action.kind == "judgement":
            return f"judge:{sent.action.body['judge']}"
        if person.actor:
            return f"actor:{person.actor}"
        if person.anonymous:
            tied = self._actors[person.anonymous]
            return f"actor:{next(iter(tied))}" if len(tied) == 1 else f"anonymous:{person.anonymous}"
        return f"session:{person.session}" if person.session else f"event:{sent.event_id}"


def _is_verdict(action: Action) -> bool:
    return action.kind in _SAID_IN and "survival" not in action.body


def _key(sent: Sent, ties: _Ties) -> VerdictKey:
    action = sent.action
    return VerdictKey(
        target=action.target or "",
        part=action.part or "",
        who=ties.who(sent),
        kind=action.kind,
        name=action.body.get("name", ""),
        rubric=action.body.get("rubric", ""),
    )


def _as_text(action: Action) -> str | None:
    value: Any = action.body[_SAID_IN[action.kind]]
    return None if value is None else str(value)
