"""What broken clients send: each kind of bad input, with the reason it must be refused for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from random import Random
from typing import Any
from uuid import UUID

from sayso_ingest.demo.traffic.action import Action, Person, Sent
from sayso_ingest.demo.traffic.wire import wire_batch, wire_event


@dataclass(frozen=True, slots=True)
class BadRequest:
    """One body to post, the refusals due for it, and the good events in it, which must land all the same."""

    body: bytes
    refused: tuple[str, ...]
    good: tuple[Sent, ...] = ()
    browser: bool = False
    """Sent with the publishable key."""


def bad_requests(seed: int, *, rounds: int, now: datetime) -> Iterator[BadRequest]:
    """Make so many of each kind of bad input, differing in their ids and targets."""
    rng = Random(f"bad input {seed}")  # noqa: S311 - sample data, no secret
    for number in range(rounds):
        yield from _events_in_a_batch(rng, number, now)
        yield BadRequest(
            wire_batch([_broken(rng, number, now)["outcome"]]), ("kind_not_allowed",), browser=True
        )
        yield _id_used_twice(rng, number, now)
        yield BadRequest(b'{"events": [{"id": "' + str(number).encode(), ("invalid_json",))
        yield BadRequest(b'{"event": []}', ("invalid_envelope",))


def _events_in_a_batch(rng: Random, number: int, now: datetime) -> Iterator[BadRequest]:
    """Batches in which one event is bad: it is refused alone."""
    for reason, bad in _broken(rng, number, now).items():
        if reason == "outcome":
            continue
        beside = _thumb(rng, number, now)
        yield BadRequest(wire_batch([wire_event(beside), bad]), (reason,), good=(beside,))


def _broken(rng: Random, number: int, now: datetime) -> dict[str, Any]:
    """Reason -> an event that is refused for it; `outcome` is good but not for a browser's key."""

    def event(**changes: Any) -> dict[str, Any]:
        return {**wire_event(_thumb(rng, number, now)), **changes}

    return {
        "not_an_object": "thumb up",
        "unknown_kind": event(kind="applause"),
        "missing_field": {name: value for name, value in event().items() if name != "target"},
        "wrong_type": event(target=number),
        "invalid_value": event(body={"value": "sideways"}),
        "invalid_number": event(kind="rating", body={"value": float("nan")}),
        "lone_surrogate": event(kind="comment", body={"text": "cut in the middle of an emoji \ud83d"}),
        "too_large": event(kind="comment", body={"text": "and so on " * 7_000}),
        "too_deep": event(meta=_nested(80)),
        "bad_token": event(token="signed.by.nobody"),  # noqa: S106 - no secret
        "outcome": event(kind="outcome", body={"name": "ticket_reopened", "value": True}),
    }


def _id_used_twice(rng: Random, number: int, now: datetime) -> BadRequest:
    """A client that gives one id to two different events: the first holds."""
    first = _thumb(rng, number, now)
    second = replace(first, action=replace(first.action, body={"value": "down"}))
    return BadRequest(wire_batch([wire_event(first), wire_event(second)]), ("id_reused",), good=(first,))


def _thumb(rng: Random, number: int, now: datetime) -> Sent:
    """A thumb of an old integration that knows neither interactions nor people."""
    target = f"legacy_{number}_{rng.getrandbits(32):08x}"
    action = Action(
        number=-1,
        lane=-1,
        kind="thumb",
        occurred_at=now,
        person=Person(session=f"legacy_{number}"),
        body={"value": "up"},
        target=target,
    )
    return Sent(str(UUID(int=rng.getrandbits(128), version=4)), action)


def _nested(depth: int) -> dict[str, Any]:
    value: dict[str, Any] = {}
    for _ in range(depth):
        value = {"n": value}
    return value
