"""One event: built, held against the rules, encoded."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Unpack
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sayso.errors import InvalidEvent
from sayso.events import Context, Recorded, build, compact, encode, make_recorded
from sayso.kinds import KINDS
from sayso.snapshot import hold
from sayso.stamps import SOURCE

NOW = datetime(2026, 1, 15, 10, tzinfo=UTC)


def recorded(kind: str, body: dict[str, Any], target: Any = "msg_1", **context: Unpack[Context]) -> Recorded:
    target, held, around, size = hold(kind, target, body, context)
    return Recorded("i", 3, 0.0, size, kind, target, held, around, NOW)


def test_a_call_that_is_held_the_short_way_is_the_same_as_one_made_by_its_class() -> None:
    values = ("i", 3, 0.5, 100, "thumb", "msg_1", {"value": "up"}, {}, NOW)
    short = make_recorded(values)
    assert (short, type(short)) == (Recorded(*values), Recorded)
    assert len(values) == len(Recorded._fields)  # the short way would not notice one that is missing


def encoded(kind: str, body: dict[str, Any], target: Any = "msg_1", **context: Unpack[Context]) -> bytes:
    return encode(recorded(kind, body, target, **context))


def test_an_event_carries_what_it_was_given_and_nothing_that_is_none() -> None:
    payload = encoded("thumb", {"value": "up", "previous": None, "name": None}, actor="u_12", session=None)
    assert json.loads(payload) == {
        "id": "i",
        "kind": "thumb",
        "seq": 3,
        "source": {"sdk": SOURCE},
        "target": "msg_1",
        "occurred_at": "2026-01-15T10:00:00.000000Z",
        "actor": "u_12",
        "body": {"value": "up"},
    }


def test_it_is_encoded_as_it_is_measured_compact_and_unescaped() -> None:
    payload = encoded("comment", {"text": "Grüße, \U0001f600"})
    assert '"text":"Grüße, \U0001f600"'.encode() in payload
    assert b", " not in payload.replace("Grüße, ".encode(), b"")


@pytest.mark.parametrize("kind", ["thumb", "rating"])
def test_none_takes_back_and_is_said(kind: str) -> None:
    assert json.loads(encoded(kind, {"value": None}))["body"] == {"value": None}


@pytest.mark.parametrize("missing", [float("nan"), Decimal("NaN"), float("inf")])
@pytest.mark.parametrize("kind", ["thumb", "rating"])
def test_a_missing_number_does_not_take_back(kind: str, missing: object) -> None:
    """NaN is what a table says where nothing was said; as null it would clear a verdict."""
    with pytest.raises(InvalidEvent) as refused:
        encoded(kind, {"value": missing})
    assert refused.value.reason == "invalid_number"


@pytest.mark.parametrize("kind", KINDS)
def test_the_limit_is_the_last_size_that_passes(kind: str) -> None:
    bodies: dict[str, dict[str, Any]] = {
        "exposure": {"surface": "thumbs"},
        "thumb": {"value": "up"},
        "detail": {"about": str(UUID(int=1)), "comment": "x"},
        "suggestion": {"outcome": "accepted"},
        "comment": {"text": "x"},
        "rating": {"value": 1},
        "preference": {"chosen": "a"},
        "signal": {"name": "copied"},
        "outcome": {"name": "bought"},
        "annotation": {"label": "x"},
        "judgement": {"judge": "m", "label": "x"},
        "retraction": {"of": str(UUID(int=1))},
    }
    body, limit = bodies.get(kind, {}), KINDS[kind].limit
    empty = len(encoded(kind, body, meta={"é": ""}))
    assert len(encoded(kind, body, meta={"é": "x" * (limit - empty)})) == limit
    with pytest.raises(InvalidEvent) as refused:
        encoded(kind, body, meta={"é": "x" * (limit - empty + 1)})
    assert refused.value.reason == "too_large"


def test_only_a_retraction_needs_no_target() -> None:
    encoded("retraction", {"of": str(UUID(int=1))}, target=None)
    with pytest.raises(InvalidEvent) as refused:
        encoded("thumb", {"value": "up"}, target=None)
    assert refused.value.reason == "missing_field"


def test_a_refusal_names_the_field_and_never_the_value() -> None:
    with pytest.raises(InvalidEvent) as refused:
        encoded("comment", {"text": "secret", "category": ["secret"]})
    assert str(refused.value) == "body.category must be a text, not list"


def test_an_object_that_raises_when_it_is_read_refuses_the_event() -> None:
    class Broken:
        def model_dump(self) -> object:
            raise KeyError("secret")

    with pytest.raises(InvalidEvent) as refused:
        encoded("interaction", {"usage": Broken()})
    assert (refused.value.reason, str(refused.value)) == ("wrong_type", "it could not be read (KeyError)")


def test_a_time_that_has_no_counterpart_in_utc_is_refused() -> None:
    with pytest.raises(InvalidEvent):
        encoded("thumb", {"value": "up"}, occurred_at=datetime.max)  # noqa: DTZ901


class Nothing:
    """An object that means nothing, as a missing number of a table does."""

    def tolist(self) -> None:
        return None


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(categories=["L", "Cs", "Cc"]), max_size=8)
    | st.sampled_from(["up", "down", "accepted", str(UUID(int=1)), NOW, Decimal("NaN"), Nothing()])
    | st.builds(lambda: 10**4300),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)
FIELDS = {
    "interaction": ("input", "usage", "tags", "latency_ms"),
    "thumb": ("value", "previous", "name"),
    "detail": ("about", "reasons", "comment"),
    "suggestion": ("outcome", "final", "survival"),
    "rating": ("value", "min", "max"),
    "retraction": ("of",),
    "exposure": ("surface", "visible_ms"),
    "comment": ("text", "category", "expected"),
    "preference": ("chosen", "rejected"),
    "signal": ("name", "value"),
    "outcome": ("name", "value"),
    "annotation": ("label", "score", "note"),
    "judgement": ("judge", "label", "score"),
}


@given(st.data())
def test_the_fast_path_says_what_the_slow_one_says(data: st.DataObject) -> None:
    """The same bytes, or the same reason and the same explanation."""
    kind = data.draw(st.sampled_from(sorted(KINDS)))
    body = {name: data.draw(VALUES | st.none()) for name in FIELDS[kind]}
    context: Any = data.draw(st.dictionaries(st.sampled_from(sorted(Context.__annotations__)), VALUES))
    event = recorded(kind, body, data.draw(st.just("msg_1") | VALUES), **context)
    assert outcome(lambda: encode(event)) == outcome(lambda: compact(build(event)))


def outcome(make: Callable[[], bytes]) -> object:
    try:
        return make()
    except InvalidEvent as refused:
        return refused.reason, str(refused)
