"""Modes 27 to 31: what an application passes, and what may leave of it."""

from __future__ import annotations

import enum
import json
import math
import uuid
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import sayso
from sayso.response import Response
from sayso.testing import MemoryTransport


class Strict(MemoryTransport):
    """Takes nothing but UTF-8 and JSON as the standard has it."""

    def send(self, batch: bytes, *, timeout: float = math.inf) -> Response:
        json.loads(batch.decode("utf-8"), parse_constant=self.refuse)
        return super().send(batch, timeout=timeout)

    def refuse(self, constant: str) -> None:
        raise AssertionError(f"{constant} is no JSON")


class Colour(enum.Enum):
    RED = "red"


class Hostile:
    """Raises whatever is done with it."""

    def __getattribute__(self, name: str) -> Any:
        raise RuntimeError(name)

    def __str__(self) -> str:
        raise RuntimeError

    def __bool__(self) -> bool:
        raise RuntimeError

    def __eq__(self, other: object) -> bool:
        raise RuntimeError

    __hash__ = None  # type: ignore[assignment]


class HostileZone(tzinfo):
    """Raises when it is asked how late it is there."""

    def utcoffset(self, moment: datetime | None) -> timedelta:
        raise RuntimeError(moment)


EAST, WEST = timezone(timedelta(hours=1)), timezone(timedelta(hours=-1))
CYCLE: dict[str, Any] = {}
CYCLE["me"] = CYCLE
DEEP: list[Any] = []
for _ in range(100_000):
    DEEP = [DEEP]

REPAIRED = {
    "nan": (math.nan, None),
    "infinity": (-math.inf, None),
    "lone surrogate": ("a\ud800b", "a\ufffdb"),
    "surrogate pair": ("\ud83d\ude42", "🙂"),
    "nul": ("a\0b", "a\0b"),
    "bytes": (b"caf\xc3\xa9 \xff", "café \ufffd"),
    "datetime": (datetime(2026, 1, 15, 10, tzinfo=UTC), "2026-01-15T10:00:00.000000Z"),
    "date": (date(2026, 1, 15), "2026-01-15"),
    "decimal": (Decimal("0.1"), 0.1),
    "decimal nan": (Decimal("nan"), None),
    "enum": (Colour.RED, "red"),
    "set": ({"one"}, ["one"]),
    "tuple": ((1, 2), [1, 2]),
    "uuid": (uuid.UUID(int=7), str(uuid.UUID(int=7))),
    "path": (Path("a/b"), "a/b"),
    "huge integer": (10**400, 10**400),
    "keys": ({1: "a", None: "b", Colour.RED: "c"}, {"1": "a", "None": "b", "red": "c"}),
}
REFUSED = {
    "cycle": (CYCLE, "too_deep"),
    "depth": (DEEP, "too_deep"),
    "an integer beyond all printing": (10**5000, "invalid_number"),
    "a time before all times": (datetime.min.replace(tzinfo=EAST), "invalid_value"),
    "a time after all times": (datetime.max.replace(tzinfo=WEST), "invalid_value"),
    "a time in a zone that raises": (datetime(2026, 1, 15, tzinfo=HostileZone()), "wrong_type"),
    "a function": (len, "wrong_type"),
    "an object that raises at everything": (Hostile(), "wrong_type"),
}


@pytest.mark.parametrize(("value", "expected"), REPAIRED.values(), ids=list(REPAIRED))
def test_mode_27_what_json_has_no_word_for_is_put_right_and_never_raises(value: Any, expected: Any) -> None:
    strict = Strict()
    with sayso.Client(transport=strict) as client:
        client.interaction("msg_1", variables={"value": value}, meta={"value": [value]})
    assert [(event["body"]["variables"], event["meta"]) for event in strict.events] == [
        ({"value": expected}, {"value": [expected]})
    ]


@pytest.mark.parametrize("mode", ["memory", "spool", "sync"])
@pytest.mark.parametrize(("value", "reason"), REFUSED.values(), ids=list(REFUSED))
def test_mode_27_what_cannot_be_made_ready_never_comes_out_of_a_call_nor_holds_up_others(
    value: Any, reason: str, mode: str, tmp_path: Path
) -> None:
    memory = MemoryTransport()
    options: Any = {"spool": {"spool_dir": tmp_path}, "sync": {"sync": True}}.get(mode, {})
    with sayso.Client(transport=memory, **options) as client:
        client.thumb("bad", value="up", occurred_at=value)
        client.thumb("bad", value="up", meta={"when": value})
        client.thumb("good", value="up")
        assert client.flush(10)
    assert [event["target"] for event in memory.events] == ["good"]
    dropped = client.stats().dropped
    assert (dropped[reason], sum(dropped.values())) == (2, 2)


@pytest.mark.parametrize(("value", "reason"), REFUSED.values(), ids=list(REFUSED))
@pytest.mark.parametrize("place", ["variables", "meta", "input", "output", "model", "latency_ms"])
def test_mode_27_what_cannot_be_put_right_is_counted_and_the_next_event_is_not_affected(
    place: str, value: Any, reason: str
) -> None:
    strict = Strict()
    with sayso.Client(transport=strict) as client:
        client.interaction("msg_1", **{place: value})
        client.interaction("msg_2", **{place: {"value": value} if place == "meta" else value})
        client.thumb(value, value="up")
        client.thumb("msg_3", value="up")
    assert [event["target"] for event in strict.events] == ["msg_3"]
    assert sum(client.stats().dropped.values()) == 3
    assert reason in client.stats().dropped


def test_mode_28_what_is_changed_after_the_call_is_sent_as_it_was() -> None:
    memory = MemoryTransport()
    messages = [{"role": "user", "content": [{"type": "text", "text": "first"}]}]
    variables, meta, tags = {"name": {"first": "Ada"}}, {"page": "/a"}, ["vip"]
    with sayso.Client(transport=memory, limits=sayso.Limits(linger=60)) as client:
        client.interaction("msg_1", input=messages, variables=variables, meta=meta, tags=tags)
        messages[0]["content"][0]["text"] = "changed"  # type: ignore[index]
        messages.append({"role": "user", "content": "more"})
        variables["name"]["first"] = "Bea"
        meta.clear()
        tags.append("late")
    (event,) = memory.events
    assert event["body"]["input"] == [{"role": "user", "content": [{"type": "text", "text": "first"}]}]
    assert (event["body"]["variables"], event["body"]["tags"]) == ({"name": {"first": "Ada"}}, ["vip"])
    assert event["meta"] == {"page": "/a"}
