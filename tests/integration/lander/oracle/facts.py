"""What holds for all kinds: which copy counts, when it happened, who said it, and what was taken back."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any


@dataclass(frozen=True)
class Arrival:
    """One copy of an event as it reached the collector."""

    event: dict[str, Any]
    key_kind: str
    received_at: datetime
    sent_at: datetime | None

    @property
    def id(self) -> str:
        return str(self.event["id"])

    @property
    def body(self) -> dict[str, Any]:
        return dict(self.event["body"])

    @property
    def part(self) -> str:
        return str(self.event.get("part", ""))


class Facts:
    """The events that landed: of each id the first copy that arrived."""

    def __init__(self, arrivals: Iterable[Arrival]) -> None:
        self.held: dict[str, Arrival] = {}
        for arrival in arrivals:
            self.held.setdefault(arrival.id, arrival)
        self.tied: dict[str, set[str]] = {}
        for arrival in self.held.values():
            event = arrival.event
            if "actor" in event and "anonymous" in event:
                self.tied.setdefault(event["anonymous"], set()).add(event["actor"])

    def of_kind(self, *kinds: str) -> list[Arrival]:
        return [a for a in self.held.values() if a.event["kind"] in kinds]

    def when(self, arrival: Arrival) -> datetime:
        """UTC, as the warehouse has it: without a zone."""
        if "occurred_at" not in arrival.event:
            return _plain(arrival.received_at)
        occurred = _plain(datetime.fromisoformat(arrival.event["occurred_at"]))
        if arrival.sent_at is None:
            return occurred
        seconds = (arrival.received_at - arrival.sent_at).total_seconds()
        return occurred + timedelta(seconds=600 * int(seconds / 600))

    def order(self, arrival: Arrival) -> tuple[datetime, int, str]:
        return (self.when(arrival), arrival.event.get("seq", -1), arrival.id)

    def latest(
        self, arrivals: Iterable[Arrival], key: Callable[[Arrival], Hashable]
    ) -> dict[Hashable, Arrival]:
        """The highest in order of each key."""
        highest: dict[Hashable, Arrival] = {}
        for arrival in arrivals:
            mine = key(arrival)
            if mine not in highest or self.order(arrival) > self.order(highest[mine]):
                highest[mine] = arrival
        return highest

    def who(self, arrival: Arrival) -> str:
        """Who said it, after ties."""
        event = arrival.event
        if event["kind"] == "judgement":
            return f"judge:{event['body']['judge']}"
        if "actor" in event:
            return f"actor:{event['actor']}"
        if "anonymous" in event:
            actors = self.tied.get(event["anonymous"], set())
            return f"actor:{next(iter(actors))}" if len(actors) == 1 else f"anonymous:{event['anonymous']}"
        return f"session:{event['session']}" if "session" in event else f"event:{arrival.id}"

    def may_speak_of(self, speaker: Arrival, other: Arrival) -> bool:
        """A retraction or a detail counts from the same who, or from a secret key."""
        return speaker.key_kind == "sk" or self.who(speaker) == self.who(other)

    def taken_back(self, arrival: Arrival) -> bool:
        return any(
            retraction.body["of"] == arrival.id and self.may_speak_of(retraction, arrival)
            for retraction in self.of_kind("retraction")
        )


def _plain(time: datetime) -> datetime:
    return time.astimezone(UTC).replace(tzinfo=None)
