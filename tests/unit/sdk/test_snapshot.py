"""What a call passes is held as it was, and measured."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import Enum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sayso.errors import InvalidEvent
from sayso.plain import plain
from sayso.snapshot import AROUND, _still, _weight, hold


class Thumb(Enum):
    UP = "up"


class Usage:
    """An object that can change, with a word for JSON."""

    def __init__(self) -> None:
        self.tokens = 3

    def model_dump(self) -> dict[str, int]:
        return {"tokens": self.tokens}


def test_what_cannot_change_is_kept_as_it_is() -> None:
    body = {"value": "up", "score": 1.5, "none": None, "at": datetime(2026, 1, 15, tzinfo=UTC)}
    _, held, _, _ = hold("thumb", "msg_1", body, {})
    assert held is body


@given(
    st.recursive(
        st.text(max_size=3) | st.integers() | st.none(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    ).filter(lambda value: isinstance(value, (list, dict)))
)
def test_whatever_is_changed_afterwards_stays_as_it_was(value: Any) -> None:
    before = repr(value)
    _, held, around, _ = hold("thumb", "msg_1", {"value": value}, {"meta": value})
    spoil(value)
    assert not isinstance(held, InvalidEvent)
    assert repr(held["value"]) == repr(around["meta"]) == before


SCALARS = (
    st.text(st.characters(categories=["L", "Cs"]), max_size=3)
    | st.integers()
    | st.floats()
    | st.booleans()
    | st.none()
    | st.datetimes(timezones=st.just(UTC))
)


@given(st.lists(SCALARS, max_size=4) | st.dictionaries(st.text(max_size=3), SCALARS, max_size=4))
def test_a_flat_value_that_is_copied_as_it_is_says_what_a_thorough_copy_says(value: Any) -> None:
    copy = _still(value, 10_000, 3)
    assert copy is not value
    assert type(copy) is type(value)
    assert plain(copy, room=10_000) == plain(value, room=10_000)


@given(SCALARS, st.dictionaries(st.text(max_size=3), SCALARS, max_size=4))
def test_what_needs_no_copy_is_measured_as_what_is_copied(target: Any, body: dict[str, Any]) -> None:
    _, held, _, size = hold("thumb", target, body, {})
    assert held is body
    assert size == AROUND + _weight((target, *body.values()))


def spoil(value: Any) -> None:
    """Change everything that can be changed."""
    for inner in list(value.values() if isinstance(value, dict) else value):
        if isinstance(inner, (list, dict)):
            spoil(inner)
    value.clear()


def test_an_object_is_read_at_the_call() -> None:
    usage = Usage()
    _, held, _, _ = hold("thumb", "msg_1", {"usage": usage, "value": Thumb.UP}, {})
    usage.tokens = 4
    assert held == {"usage": {"tokens": 3}, "value": "up"}


@pytest.mark.parametrize("value", [object(), [[object()]], {"a": {"b": object()}}])
def test_what_json_has_no_word_for_is_held_as_the_reason_why(value: object) -> None:
    _, held, _, size = hold("thumb", "msg_1", {"value": value}, {})
    assert isinstance(held, InvalidEvent)
    assert (held.reason, size) == ("wrong_type", AROUND)


@pytest.mark.parametrize(
    "value", ["x" * 5000, ["x" * 2500, "x" * 2500], {"a": {"b": ["x" * 5000]}}, {"x" * 5000: 1}], ids=repr
)
def test_what_is_held_is_measured_wherever_it_is(value: object) -> None:
    _, _, _, size = hold("thumb", "msg_1", {}, {"meta": value})
    assert 5000 < size < 5000 + 2 * AROUND
