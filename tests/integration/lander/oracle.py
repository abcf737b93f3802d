"""The rules of `verdicts`, `interactions` and `comments`, written as slowly and as obviously as can be.

Shares nothing with the pipeline: it reads the events as they were sent, in the order in which they arrived.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

VERDICT_KINDS = {"thumb", "suggestion", "rating", "comment", "preference", "annotation", "judgement"}


@dataclass(frozen=True)
class Arrival:
    """One copy of an event as it reached the collector."""

    event: dict[str, Any]
    key_kind: str
    received_at: datetime
    sent_at: datetime | None


class Oracle:
    """What the warehouse must say once all of these have landed."""

    def __init__(self, arrivals: list[Arrival]) -> None:
        self.held: dict[str, Arrival] = {}
        for arrival in arrivals:
            self.held.setdefault(arrival.event["id"], arrival)
        self.tied: dict[str, set[str]] = {}
        for arrival in self.held.values():
            event = arrival.event
            if "actor" in event and "anonymous" in event:
                self.tied.setdefault(event["anonymous"], set()).add(event["actor"])

    def when(self, arrival: Arrival) -> datetime:
        if "occurred_at" not in arrival.event:
            return arrival.received_at
        occurred = datetime.fromisoformat(arrival.event["occurred_at"])
        if arrival.sent_at is None:
            return occurred
        seconds = (arrival.received_at - arrival.sent_at).total_seconds()
        return occurred + timedelta(seconds=600 * int(seconds / 600))

    def order(self, arrival: Arrival) -> tuple[datetime, int, str]:
        return (self.when(arrival), arrival.event.get("seq", -1), arrival.event["id"])

    def who(self, arrival: Arrival) -> str:
        event = arrival.event
        if event["kind"] == "judgement":
            return "judge:" + event["body"]["judge"]
        if "actor" in event:
            return "actor:" + event["actor"]
        if "anonymous" in event:
            actors = self.tied.get(event["anonymous"], set())
            if len(actors) == 1:
                return "actor:" + next(iter(actors))
            return "anonymous:" + event["anonymous"]
        if "session" in event:
            return "session:" + event["session"]
        return "event:" + event["id"]

    def of_kind(self, *kinds: str) -> list[Arrival]:
        return [a for a in self.held.values() if a.event["kind"] in kinds]

    def taken_back(self, arrival: Arrival) -> bool:
        for retraction in self.of_kind("retraction"):
            if retraction.event["body"]["of"] == arrival.event["id"] and (
                retraction.key_kind == "sk" or self.who(retraction) == self.who(arrival)
            ):
                return True
        return False

    def verdicts(self) -> dict[tuple[str, ...], tuple[str, str | None]]:
        """(target, part, who, kind, name, rubric) -> (event id, value or None)."""
        winners: dict[tuple[str, ...], Arrival] = {}
        for arrival in self.held.values():
            event = arrival.event
            body = event["body"]
            if event["kind"] not in VERDICT_KINDS or "survival" in body:
                continue
            key = (
                event["target"], event.get("part", ""), self.who(arrival), event["kind"],
                body.get("name", ""), body.get("rubric", ""),
            )  # fmt: skip
            if key not in winners or self.order(arrival) > self.order(winners[key]):
                winners[key] = arrival
        return {
            key: (a.event["id"], None if self.taken_back(a) else said(a.event)) for key, a in winners.items()
        }

    def interactions(self) -> dict[str, str]:
        """Target -> the event id of its interaction."""
        latest: dict[str, Arrival] = {}
        for arrival in self.of_kind("interaction"):
            target = arrival.event["target"]
            if target not in latest or self.order(arrival) > self.order(latest[target]):
                latest[target] = arrival
        return {target: arrival.event["id"] for target, arrival in latest.items()}

    def details(self) -> dict[str, str]:
        """Event id -> the event id of the detail that counts for it."""
        latest: dict[str, Arrival] = {}
        for detail in self.of_kind("detail"):
            about = self.held.get(detail.event["body"]["about"])
            if about is None or self.taken_back(detail):
                continue
            if detail.key_kind != "sk" and self.who(detail) != self.who(about):
                continue
            key = about.event["id"]
            if key not in latest or self.order(detail) > self.order(latest[key]):
                latest[key] = detail
        return {about: detail.event["id"] for about, detail in latest.items()}

    def comments(self) -> set[str]:
        """Ids of the comments that are not taken back, and of details that count and have a comment."""
        written = {a.event["id"] for a in self.of_kind("comment") if not self.taken_back(a)}
        details = {
            d for d in self.details().values() if self.held[d].event["body"].get("comment") is not None
        }
        return written | details

    def scopes(self) -> dict[tuple[str, ...], str | None]:
        """Verdict key -> how it is joined with an interaction."""
        interactions = self.interactions()
        sessions = {self.held[i].event.get("session") for i in interactions.values()}
        scope = {}
        for key in self.verdicts():
            scope[key] = "target" if key[0] in interactions else "session" if key[0] in sessions else None
        return scope

    def exposures(self) -> dict[tuple[str, ...], int]:
        """(target, part, who, surface) -> how often."""
        seen: dict[tuple[str, ...], int] = {}
        for a in self.of_kind("exposure"):
            key = (a.event["target"], a.event.get("part", ""), self.who(a), a.event["body"]["surface"])
            seen[key] = seen.get(key, 0) + 1
        return seen


def said(event: dict[str, Any]) -> str | None:
    """The value of one verdict event."""
    body = event["body"]
    match event["kind"]:
        case "thumb":
            return body["value"]
        case "rating":
            return None if body["value"] is None else str(body["value"])
        case "suggestion":
            return body["outcome"]
        case "comment":
            return body["text"]
        case "preference":
            return body["chosen"]
        case _:
            return body["label"] if "label" in body else str(body["score"])
