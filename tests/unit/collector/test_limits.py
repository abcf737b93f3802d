"""Limits: bounded gunzip, JSON whose numbers cannot all be kept, and buckets under a clock of our own."""

from __future__ import annotations

import gzip
import json
import math
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sayso_ingest.collector.parse import parse_json
from sayso_ingest.collector.rate import RateLimit
from sayso_ingest.collector.raw import encode_anything
from sayso_ingest.collector.unzip import BodyTooLarge, unzip


def test_gzip_is_unpacked_up_to_the_limit_and_never_past_it() -> None:
    bomb = gzip.compress(b"\0" * 10_000_000)
    assert unzip(gzip.compress(b"x" * 100), limit=100) == b"x" * 100
    with pytest.raises(BodyTooLarge) as caught:
        unzip(bomb, limit=1000)
    assert caught.value.kept == b"\0" * 1000


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        zlib.compress(b"{}"),
        gzip.compress(b"x" * 1000, mtime=0)[:-9],
        gzip.compress(b"{}", mtime=0)[:-1] + b"\7",
        gzip.compress(b"{}", mtime=0) + b"more",
        gzip.compress(b"{}", mtime=0) * 2,
    ],
)
def test_what_is_not_one_whole_gzip_member_is_refused(body: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        unzip(body)


class Clock:
    def __init__(self) -> None:
        self.now = 50.0

    def __call__(self) -> float:
        return self.now


def test_a_key_may_send_a_burst_and_then_its_rate() -> None:
    clock = Clock()
    limit = RateLimit(rate=10, burst=100, clock=clock)
    assert [limit.wait("k", 50), limit.wait("k", 50)] == [0, 0]
    assert limit.wait("k", 20) == 2
    clock.now += 1.5
    assert limit.wait("k", 20) == 1
    clock.now += 0.5
    assert limit.wait("k", 20) == 0


def test_each_key_has_its_own_bucket() -> None:
    limit = RateLimit(rate=10, burst=10, clock=Clock())
    assert [limit.wait("a", 10), limit.wait("a", 1), limit.wait("b", 10)] == [0, 1, 0]


def test_a_request_larger_than_the_burst_passes_when_the_bucket_is_full() -> None:
    clock = Clock()
    limit = RateLimit(rate=10, burst=10, clock=clock)
    assert limit.wait("k", 200) == 0
    assert limit.wait("k", 1) == 20
    clock.now += 20
    assert limit.wait("k", 1) == 0


def test_a_request_without_events_costs_as_much_as_one() -> None:
    limit = RateLimit(rate=1, burst=2, clock=Clock())
    assert [limit.wait("k", 0), limit.wait("k", 0), limit.wait("k", 0)] == [0, 0, 1]


def test_what_is_given_back_can_be_sent_and_never_more_than_a_full_bucket() -> None:
    limit = RateLimit(rate=1, burst=10, clock=Clock())
    assert limit.wait("k", 8) == 0
    limit.give_back("k", 5)
    limit.give_back("nobody", 5)
    assert [limit.wait("k", 7), limit.wait("k", 1)] == [0, 1]
    limit.give_back("k", 99)
    assert [limit.wait("k", 10), limit.wait("k", 1)] == [0, 1]


def test_no_more_buckets_are_held_than_was_said_and_who_was_forgotten_starts_anew() -> None:
    limit = RateLimit(rate=1, burst=2, buckets=3, clock=Clock())
    for name in ("a", "b", "c"):
        assert limit.wait(name, 2) == 0
    assert limit.wait("a", 1) == 1  # it is the latest now
    assert limit.wait("d", 2) == 0
    assert limit.held == 3
    assert [limit.wait("a", 1), limit.wait("b", 1)] == [1, 0]


@settings(deadline=None)
@given(st.lists(st.integers(0, 1000)))
def test_however_many_names_are_made_up_the_buckets_are_bounded(names: list[int]) -> None:
    limit = RateLimit(rate=1, burst=2, buckets=10, clock=Clock())
    for name in names:
        limit.wait(str(name), 1)
    assert limit.held == min(10, len(set(names)))


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 30), st.floats(0, 3)), max_size=60))
def test_no_more_is_let_through_than_burst_and_rate_allow(requests: list[tuple[int, float]]) -> None:
    clock = Clock()
    limit = RateLimit(rate=10, burst=40, clock=clock)
    taken = 0
    for events, pause in requests:
        clock.now += pause
        taken += events if limit.wait("k", events) == 0 else 0
    assert taken <= 40 + 10 * (clock.now - 50) + 1e-6


@pytest.mark.parametrize(
    "text", ["NaN", "Infinity", "-Infinity", "1e999", "-1e999", "9" * 4301, "-" + "9" * 4301]
)
def test_a_number_that_cannot_be_kept_becomes_nan_and_costs_nothing_else(text: str) -> None:
    value = parse_json(f'[{text}, 1, "x"]'.encode())
    assert math.isnan(value[0])
    assert value[1:] == [1, "x"]


@pytest.mark.parametrize("text", ["9" * 4300, "-" + "9" * 4300, "0", "-0", "1e308", "1.5"])
def test_every_other_number_is_read_as_it_is(text: str) -> None:
    assert parse_json(text.encode()) == json.loads(text)


@pytest.mark.parametrize(
    "body", [b"", b"{", b"\xff", b'"\xed\xa0\x80"', b"[" * 100_000, b'{"a":1}x', b"\xef\xbb\xbf{}"]
)
def test_what_is_not_json_says_so(body: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_json(body)


def test_of_two_fields_of_one_name_the_last_holds() -> None:
    assert parse_json(b'{"a": 1, "a": 2}') == {"a": 2}


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=30,
)


@settings(deadline=None)
@given(JSON_VALUES, st.integers(0, 3000))
def test_any_value_can_be_encoded_however_deep_it_is(value: object, levels: int) -> None:
    deep, before, after = value, "", ""
    for level in range(levels):
        deep = [deep, 1] if level % 2 else {"b": 1, "a": deep}
    for level in reversed(range(levels)):
        before += "[" if level % 2 else '{"b":1,"a":'
    for level in range(levels):
        after += ",1]" if level % 2 else "}"
    inside = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    assert encode_anything(deep).decode() == before + inside + after
