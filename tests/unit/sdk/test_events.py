"""One event: built, held against the rules, encoded."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any, Unpack
from uuid import UUID

import pytest
from sayso.errors import InvalidEvent
from sayso.events import Context, encode
from sayso.kinds import KINDS

NOW = datetime(2026, 1, 15, 10, tzinfo=UTC)


def build(kind: str, body: dict[str, Any], target: str | None = "msg_1", **context: Unpack[Context]) -> bytes:
    return encode(kind, target, body, context, event_id="i", now=NOW, seq=3, source="sayso-python/0.1.0")


def test_an_event_carries_what_it_was_given_and_nothing_that_is_none() -> None:
    payload = build("thumb", {"value": "up", "previous": None, "name": None}, actor="u_12", session=None)
    assert json.loads(payload) == {
        "id": "i",
        "kind": "thumb",
        "seq": 3,
        "source": {"sdk": "sayso-python/0.1.0"},
        "target": "msg_1",
        "occurred_at": "2026-01-15T10:00:00.000000Z",
        "actor": "u_12",
        "body": {"value": "up"},
    }


def test_it_is_encoded_as_it_is_measured_compact_and_unescaped() -> None:
    payload = build("comment", {"text": "Grüße, \U0001f600"})
    assert '"text":"Grüße, \U0001f600"'.encode() in payload
    assert b", " not in payload.replace("Grüße, ".encode(), b"")


@pytest.mark.parametrize("kind", ["thumb", "rating"])
def test_none_takes_back_and_is_said(kind: str) -> None:
    assert json.loads(build(kind, {"value": None}))["body"] == {"value": None}


@pytest.mark.parametrize("kind", ["thumb", "rating"])
def test_a_missing_number_does_not_take_back(kind: str) -> None:
    """NaN is what a table says where nothing was said; as null it would clear a verdict."""
    with pytest.raises(InvalidEvent) as refused:
        build(kind, {"value": float("nan")})
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
    empty = len(build(kind, body, meta={"é": ""}))
    assert len(build(kind, body, meta={"é": "x" * (limit - empty)})) == limit
    with pytest.raises(InvalidEvent) as refused:
        build(kind, body, meta={"é": "x" * (limit - empty + 1)})
    assert refused.value.reason == "too_large"


def test_only_a_retraction_needs_no_target() -> None:
    build("retraction", {"of": str(UUID(int=1))}, target=None)
    with pytest.raises(InvalidEvent) as refused:
        build("thumb", {"value": "up"}, target=None)
    assert refused.value.reason == "missing_field"


def test_a_refusal_names_the_field_and_never_the_value() -> None:
    with pytest.raises(InvalidEvent) as refused:
        build("comment", {"text": "secret", "category": ["secret"]})
    assert str(refused.value) == "body.category must be a text, not list"


def test_an_object_that_raises_when_it_is_read_refuses_the_event() -> None:
    class Broken:
        def model_dump(self) -> object:
            raise KeyError("secret")

    with pytest.raises(InvalidEvent) as refused:
        build("interaction", {"usage": Broken()})
    assert (refused.value.reason, str(refused.value)) == ("wrong_type", "it could not be read (KeyError)")


def test_a_time_that_has_no_counterpart_in_utc_is_refused() -> None:
    with pytest.raises(InvalidEvent):
        build("thumb", {"value": "up"}, occurred_at=datetime.max)  # noqa: DTZ901
