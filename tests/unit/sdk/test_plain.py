"""What Python holds becomes what JSON can say."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import Enum, StrEnum
from pathlib import PurePosixPath
from types import MappingProxyType
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sayso.errors import InvalidEvent
from sayso.plain import DEEPEST, plain, rfc3339

ROOM = 1_000_000


class Colour(Enum):
    RED = "red"


class Word(StrEnum):
    YES = "yes"


@dataclass
class Point:
    x: int
    y: float


class LikePydantic:
    def model_dump(self) -> dict[str, int]:
        return {"input_tokens": 3}


class LikeNumpy:
    def tolist(self) -> list[float]:
        return [1.5, math.nan]


class TurnsIntoItself:
    def model_dump(self) -> object:
        return self


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (math.nan, None),
        (-math.inf, None),
        (Decimal("0.25"), 0.25),
        (Decimal("NaN"), None),
        (Decimal("1e400"), None),
        ((1, 2), [1, 2]),
        ({3}, [3]),
        ("cut \ud83d", "cut \ufffd"),
        ("\ud83d\ude00", "\U0001f600"),
        ("nul \x00", "nul \x00"),
        (b"caf\xc3\xa9\xff", "café\ufffd"),
        (datetime(2026, 1, 15, 11, tzinfo=timezone(timedelta(hours=1))), "2026-01-15T10:00:00.000000Z"),
        (date(2026, 1, 15), "2026-01-15"),
        (UUID(int=7), "00000000-0000-0000-0000-000000000007"),
        (Colour.RED, "red"),
        (Word.YES, "yes"),
        (PurePosixPath("a/b"), "a/b"),
        (Point(1, math.inf), {"x": 1, "y": None}),
        pytest.param(LikePydantic(), {"input_tokens": 3}, id="LikePydantic"),
        pytest.param(LikeNumpy(), [1.5, None], id="LikeNumpy"),
        (MappingProxyType({"a": 1}), {"a": 1}),
        (
            {1: "a", Word.YES: "b", None: "c", "\udc00": "d"},
            {"1": "a", "yes": "b", "None": "c", "\ufffd": "d"},
        ),
        (10**4300 - 1, 10**4300 - 1),
    ],
    ids=repr,
)
def test_it_says_what_json_has_a_word_for(value: object, expected: object) -> None:
    assert plain(value, room=ROOM) == expected


def test_what_comes_out_has_exact_types() -> None:
    said = plain({"word": Word.YES, "flag": True}, room=ROOM)
    assert type(said["word"]) is str
    assert said["flag"] is True


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (object(), "wrong_type"),
        (Point, "wrong_type"),
        (len, "wrong_type"),
        (10**4300, "invalid_number"),
        (-(10**4300), "invalid_number"),
        ("x" * (ROOM + 1), "too_large"),
        ([0] * (ROOM + 1), "too_large"),
    ],
    ids=["object", "class", "function", "long", "long negative", "text", "list"],
)
def test_it_refuses_the_rest_with_the_word_of_the_wire(value: object, reason: str) -> None:
    with pytest.raises(InvalidEvent) as refused:
        plain(value, room=ROOM)
    assert refused.value.reason == reason


def test_what_holds_itself_twice_ends_at_once() -> None:
    loop: list[Any] = []
    loop.extend([loop, loop])
    with pytest.raises(InvalidEvent, match="holds itself"):
        plain(loop, room=ROOM)


def test_what_repeats_itself_without_end_is_given_up_at_the_size_of_an_event() -> None:
    laughs: Any = ["ha"]
    for _ in range(50):
        laughs = [laughs, laughs]
    with pytest.raises(InvalidEvent) as refused:
        plain(laughs, room=64 * 1024)
    assert refused.value.reason == "too_large"


def test_the_deepest_level_is_taken_and_the_next_is_not() -> None:
    def nest(levels: int) -> Any:
        return {"n": nest(levels - 1)} if levels > 1 else {"n": Word.YES}

    plain(nest(DEEPEST), room=ROOM)
    with pytest.raises(InvalidEvent) as refused:
        plain(nest(DEEPEST + 1), room=ROOM)
    assert refused.value.reason == "too_deep"


def test_a_conversion_that_leads_nowhere_raises_what_the_caller_catches() -> None:
    with pytest.raises(RecursionError):
        plain(TurnsIntoItself(), room=ROOM)


def test_a_copy_does_not_change_with_the_original() -> None:
    original = {"tags": ["a"]}
    copy = plain(original, room=ROOM)
    original["tags"].append("b")
    assert copy == {"tags": ["a"]}


@given(st.datetimes(timezones=st.just(UTC)))
def test_the_fast_path_writes_a_time_as_the_slow_one_does(moment: datetime) -> None:
    assert rfc3339(moment) == rfc3339(moment.astimezone(timezone(timedelta(0), "another UTC")))


def test_a_time_without_a_zone_is_local_time() -> None:
    naive = datetime(2026, 1, 15, 10)  # noqa: DTZ001
    assert rfc3339(naive) == rfc3339(naive.astimezone(UTC))


@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats()
        | st.text(st.characters(categories=["L", "Cs", "Cc"])),
        lambda inner: (
            st.lists(inner) | st.dictionaries(st.text(st.characters(categories=["L", "Cs"])), inner)
        ),
        max_leaves=20,
    )
)
def test_whatever_json_like_value_comes_in_strict_json_comes_out(value: Any) -> None:
    said = plain(value, room=ROOM)
    text = json.dumps(said, allow_nan=False, ensure_ascii=False).encode()
    assert json.loads(text) == said
