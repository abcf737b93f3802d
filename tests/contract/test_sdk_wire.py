"""The SDK and the golden events: what a method sends is what the file says, and what is refused never leaves."""

from __future__ import annotations

import inspect
import json
import math
import re
from datetime import UTC, datetime
from decimal import Decimal
from importlib.metadata import version
from typing import Any

import pytest
import sayso
from contract.golden import Golden, accepted, rejected
from sayso.testing import MemoryTransport

KINDS = (
    "interaction",
    "exposure",
    "thumb",
    "detail",
    "suggestion",
    "comment",
    "rating",
    "preference",
    "signal",
    "outcome",
    "annotation",
    "judgement",
    "retraction",
)
CONTEXT = ("part", "actor", "anonymous", "session", "occurred_at", "meta", "sample_rate", "token")
MADE_BY_THE_CLIENT = ("id", "kind", "seq", "source")
NOW = datetime(2026, 1, 15, 10, tzinfo=UTC)
NULL_SAYS_SOMETHING = {("thumb", "value"), ("rating", "value")}

WHAT_BECOMES_OF = {
    # reason: what the SDK may do with an event that the collector refuses for it
    "missing_field": {"refused", "unsayable"},  # a required argument is Python's to ask for
    "wrong_type": {"refused", "unsayable"},
    "invalid_value": {"refused", "unsayable"},
    "too_large": {"refused", "unsayable"},
    "too_deep": {"refused", "unsayable"},
    "invalid_number": {"repaired", "refused", "unsayable"},  # to null, unless null would take something back
    "lone_surrogate": {"repaired", "unsayable"},  # to U+FFFD
    "kind_not_allowed": {"sent"},  # only the collector knows what a key may send
    "not_an_object": {"unsayable"},
    "unknown_kind": {"unsayable"},
}
REFUSED_NUMBERS = {"invalid_number_integer_of_4301_digits"} | {
    f"invalid_number_{name}"
    for name in ("nan", "infinity", "minus_infinity", "overflow", "negative_overflow")
}
"""They are ratings: as null they would take the rating back."""


class Call:
    """One event, said as a call of the client's method for its kind."""

    def __init__(self, event: Any) -> None:
        self.event = event
        self.memory = MemoryTransport()
        self.client = sayso.Client(
            transport=self.memory, new_id=lambda _now: event.get("id", "no id"), now=lambda: NOW
        )

    def make(self) -> None:
        """Call the method with the fields of the event, and wait."""
        method = getattr(self.client, self.event["kind"])
        target = (self.event["target"],) if "target" in self.event else ()
        context = {name: self.event[name] for name in CONTEXT if name in self.event}
        try:
            returned = method(*target, **self.event["body"], **context)
            assert returned == self.event.get("id", "no id")
            assert self.client.flush(5)
        finally:
            self.client.close(0)

    @property
    def sent(self) -> dict[str, Any] | None:
        """The event as it left, without what the client made up for it."""
        if not self.memory.events:
            return None
        (sent,) = self.memory.events
        assert sent["seq"] == 0
        assert sent["source"]["sdk"].startswith("sayso-python/")
        return comparable(sent)


def comparable(event: dict[str, Any]) -> dict[str, Any]:
    """What a call can say of an event: known fields, without those that the client makes, its time filled in."""
    kind = event["kind"]
    body = {
        name: value
        for name, value in event["body"].items()
        if value is not None or (kind, name) in NULL_SAYS_SOMETHING
    }
    head = {name: event[name] for name in ("target", *CONTEXT) if event.get(name) is not None}
    return {"kind": kind, "occurred_at": "2026-01-15T10:00:00.000000Z", **head, "body": body}


def unknown_fields(event: dict[str, Any]) -> list[str]:
    """Names that no method has an argument for."""
    arguments = inspect.signature(getattr(sayso.Client, event["kind"])).parameters
    known = {*CONTEXT, *MADE_BY_THE_CLIENT, "target", "body"}
    body = [name for name in event["body"] if name not in arguments or name == "target"]
    return [name for name in event if name not in known] + body


def without_unknown_fields(event: dict[str, Any]) -> dict[str, Any]:
    """Leave out what no method has an argument for."""
    unknown = unknown_fields(event)
    body = {name: value for name, value in event["body"].items() if name not in unknown}
    return {**{name: value for name, value in event.items() if name not in unknown}, "body": body}


def make_room(event: dict[str, Any]) -> dict[str, Any]:
    """Shorten the fill of an event at its limit by what the client adds, so that it is at the limit again."""
    fill = re.compile("x{1000,}")
    text = json.dumps(event, ensure_ascii=False, separators=(",", ":"))
    added = len(f',"seq":0,"source":{{"sdk":"sayso-python/{version("sayso")}"}}')
    shorter: dict[str, Any] = json.loads(fill.sub(lambda found: found[0][added:], text))
    return shorter


@pytest.mark.parametrize("golden", accepted(), ids=str)
def test_a_call_sends_the_event_of_the_file(golden: Golden) -> None:
    event = make_room(without_unknown_fields(golden.event))
    call = Call(event)
    call.make()
    assert call.client.stats().dropped == {}
    assert call.sent == comparable(event)


@pytest.mark.parametrize("golden", rejected(), ids=str)
def test_what_the_collector_refuses_is_refused_or_repaired_before_it_leaves(golden: Golden) -> None:
    event = (
        golden.event
        if not golden.raw
        else json.loads(golden.text, parse_int=lambda digits: int(Decimal(digits)))
    )
    outcome = "refused" if golden.name in REFUSED_NUMBERS else what_becomes_of(golden, event)
    assert outcome in WHAT_BECOMES_OF[str(golden.reason)]
    if outcome == "unsayable":
        return
    call = Call(event)
    try:
        call.make()
    except TypeError as error:
        assert golden.reason == "missing_field"
        assert "missing 1 required" in str(error)
        return
    if outcome == "refused":
        assert call.client.stats().dropped == {golden.reason: 1}
        assert call.memory.requests == []
    else:
        assert call.client.stats().delivered == 1
        assert call.sent == repaired(comparable(event))


def what_becomes_of(golden: Golden, event: Any) -> str:
    """Say what should happen; an event is unsayable when its flaw is in what no call has a say in."""
    (preferred, *_others) = sorted(WHAT_BECOMES_OF[str(golden.reason)] - {"unsayable", "refused"}) or [
        "refused"
    ]
    flaw_is_ours = re.match(
        r"(invalid|wrong_type|missing|null|lone_surrogate_in)_(id|seq|source)(_|$)", golden.name
    )
    sayable = (
        isinstance(event, dict)
        and event.get("kind") in KINDS
        and isinstance(event.get("body"), dict)
        and not unknown_fields(event)
        and not flaw_is_ours
    )
    return preferred if sayable else "unsayable"


def repaired(value: Any) -> Any:
    """What the SDK makes of numbers and texts that JSON cannot say, written as plainly as can be."""
    if isinstance(value, dict):
        return {repaired(name): repaired(item) for name, item in value.items()}
    if isinstance(value, list):
        return [repaired(item) for item in value]
    if isinstance(value, str):
        return "".join("\ufffd" if "\ud800" <= character <= "\udfff" else character for character in value)
    return None if isinstance(value, float) and not math.isfinite(value) else value


def test_a_name_that_no_method_knows_is_a_mistake_and_says_so() -> None:
    client = sayso.Client(transport=MemoryTransport())
    with pytest.raises(TypeError, match=r"thumb\(\) got an unexpected keyword argument 'user'.*meta"):
        client.thumb("msg_1", value="up", user="u_1")  # type: ignore[call-arg]
    client.close(0)


@pytest.mark.parametrize(
    "golden", [golden for golden in accepted() if golden.name.endswith("_full")], ids=str
)
def test_every_field_of_a_kind_has_an_argument(golden: Golden) -> None:
    """What no method has an argument for is passed over elsewhere in this file."""
    assert unknown_fields(golden.event) == []


def test_there_is_one_method_for_each_kind() -> None:
    events = [golden.event for golden in accepted()]
    assert {event["kind"] for event in events} == set(KINDS)
    assert all(callable(getattr(sayso.Client, kind)) for kind in KINDS)
