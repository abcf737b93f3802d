"""One event on the wire becomes one flat row, and nothing of it is lost."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sayso_ingest.event import Kind
from sayso_ingest.eventlog.base import Entry
from sayso_ingest.lander.fields import BODY_FIELDS, last_text
from sayso_ingest.lander.read import MakeRows, read_entries
from sayso_ingest.lander.rows import Head, columns, content_hash
from sayso_ingest.record import Part, Submission, encode_json, pack

ID = "0190D3C8-0000-7000-8000-000000000001"
HEAD = Head.of(
    Part("key_1", "sk", "2026-03-01T12:00:00Z", "2026-03-01T11:40:00Z", None, events=(), rejects=()),
    source="s",
    offset=7,
)


def row(kind: str, body: dict[str, Any], **fields: Any) -> dict[str, Any]:
    event = {"id": ID, "kind": kind, "target": "m1", "body": body, "verified": True, **fields}
    made = columns(kind, [event], [HEAD])
    return {name: value for name, (value,) in made.items() if value is not None}


def test_every_kind_has_its_fields() -> None:
    """No kind of the wire is without a list of columns."""
    assert set(BODY_FIELDS) == set(Kind)


def test_the_corrected_time_is_kept_beside_the_sent_one() -> None:
    """Sent twenty minutes early by a slow clock, it is put forward by twenty minutes."""
    landed = row("thumb", {"value": "up"}, occurred_at="2026-03-01T11:39:00Z")
    assert landed["occurred_at"].isoformat() == "2026-03-01T11:59:00"
    assert landed["occurred_at_sent"].isoformat() == "2026-03-01T11:39:00"


def test_an_event_without_a_time_happened_when_it_was_received() -> None:
    """Skew has no part in it."""
    assert row("thumb", {"value": "up"})["occurred_at"] == HEAD.received_at


def test_ids_are_lower_case() -> None:
    """The same UUID in other letters is the same event."""
    assert row("thumb", {"value": "up"})["event_id"] == ID.lower()


@pytest.mark.parametrize(
    ("fields", "who"),
    [
        ({"actor": "a", "anonymous": "b", "session": "c"}, "actor:a"),
        ({"anonymous": "b", "session": "c"}, "anonymous:b"),
        ({"session": "c"}, "session:c"),
        ({}, f"event:{ID.lower()}"),
    ],
)
def test_who_is_the_first_that_is_known(fields: dict[str, str], who: str) -> None:
    """Actor, else browser, else session, else the event stands alone."""
    assert row("thumb", {"value": "up"}, **fields)["who"] == who


def test_a_judgement_is_said_by_its_judge() -> None:
    """Not by the actor that sent it."""
    assert row("judgement", {"judge": "m", "label": "ok"}, actor="a")["who"] == "judge:m"


@pytest.mark.parametrize(
    ("kind", "body", "value", "score"),
    [
        ("thumb", {"value": "up"}, "up", None),
        ("thumb", {"value": None}, None, None),
        ("rating", {"value": 4}, "4", 4.0),
        ("rating", {"value": 4.5}, "4.5", 4.5),
        ("suggestion", {"outcome": "edited"}, "edited", None),
        ("comment", {"text": "no"}, "no", None),
        ("preference", {"chosen": "b"}, "b", None),
        ("annotation", {"label": "good", "score": 1}, "good", 1.0),
        ("annotation", {"score": 1}, "1", 1.0),
        ("annotation", {"note": "hm"}, "hm", None),
        ("signal", {"name": "copied", "value": True}, "true", None),
        ("signal", {"name": "copied", "value": {"n": 1}}, '{"n":1}', None),
        ("outcome", {"name": "order", "value": 12.5}, "12.5", 12.5),
        ("outcome", {"name": "order", "value": 10**400}, str(10**400), None),
    ],
)
def test_what_was_said_is_a_text_and_a_number(
    kind: str, body: dict[str, Any], value: str | None, score: float | None
) -> None:
    """The number only where a number was said that a double holds."""
    landed = row(kind, body)
    assert (landed.get("value"), landed.get("score")) == (value, score)


def test_unknown_fields_are_kept_where_they_stood() -> None:
    """On the event, in its body, and in a nested object of the body; what became a column is not there twice."""
    landed = row(
        "interaction",
        {"input": "q", "mood": {"a": None}, "prompt": {"name": "p", "locale": "de"}},
        source={"sdk": "x/1", "os": "linux"},
        colour="red",
    )
    assert json.loads(landed["extra"]) == {
        "source": {"os": "linux"},
        "body": {"mood": {"a": None}, "prompt": {"locale": "de"}},
        "colour": "red",
    }
    assert (landed["prompt_name"], landed["source_sdk"], landed["input"]) == ("p", "x/1", "q")


def test_a_field_of_another_kind_is_an_unknown_field() -> None:
    """A thumb's `score` is not a score, whatever it holds."""
    landed = row("thumb", {"value": "up", "score": "high", "text": 3})
    assert json.loads(landed["extra"]) == {"body": {"score": "high", "text": 3}}
    assert landed.get("score") is None


def test_messages_are_kept_whole_and_their_last_text_is_the_input() -> None:
    """An analyst reads the text, a trainer the messages."""
    messages = [{"role": "system", "content": "be brief"}, {"role": "user", "content": "why?"}]
    landed = row("interaction", {"input": messages, "output": "so"})
    assert landed["input"] == "why?"
    assert json.loads(landed["input_messages"]) == messages
    assert (landed["output"], landed.get("output_messages")) == ("so", None)


def test_the_last_text_skips_what_has_none() -> None:
    """Tool calls have no content; content parts are joined."""
    parts = [{"type": "text", "text": "a"}, {"type": "image"}, {"type": "text", "text": "b"}]
    assert last_text([{"content": parts}, {"content": None}, {"content": ""}]) == "a\nb"
    assert last_text([]) is None


def test_the_original_event_is_not_changed() -> None:
    """Flattening takes fields out of a copy."""
    event = {
        "id": ID,
        "kind": "interaction",
        "target": "m",
        "verified": True,
        "body": {"prompt": {"name": "p"}},
    }
    before = json.dumps(event)
    columns("interaction", [event], [HEAD])
    assert json.dumps(event) == before


def test_the_content_hash_does_not_depend_on_the_order_of_fields() -> None:
    """Nor on when it was sent; but on what was said."""
    one = {"id": ID, "kind": "thumb", "target": "m", "body": {"value": "up", "name": "x"}, "seq": 1}
    other = {"body": {"name": "x", "value": "up"}, "target": "m", "kind": "thumb", "id": ID, "seq": 2}
    assert content_hash(one) == content_hash(other)
    assert content_hash(one) != content_hash({**one, "target": "n"})


NUMBERS = st.integers(-(2**70), 2**70) | st.floats(allow_nan=False, allow_infinity=False)
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | NUMBERS
    | st.text(max_size=4)
    | st.sampled_from(["costs 5.0, ok", "costs 5, ok"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner),
    max_leaves=6,
)


def same(one: Any, other: Any) -> bool:
    """The same JSON, whatever the order of fields; 5 is 5.0, neither 1 nor 1.0 is true, and null is left out."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        names = {name for name in (*one, *other) if one.get(name) is not None or other.get(name) is not None}
        return all(same(one.get(name), other.get(name)) for name in names)
    return bool(one == other)


@st.composite
def told_twice(draw: st.DrawFn) -> tuple[Any, Any]:
    """Two values; often the same one, with fields in another order and numbers of another type."""

    def again(value: Any) -> Any:
        if isinstance(value, list):
            return [again(inner) for inner in value]
        if isinstance(value, dict):
            return {name: again(value[name]) for name in draw(st.permutations(list(value)))}
        if isinstance(value, bool) or not isinstance(value, int | float):
            return value
        return draw(st.sampled_from([value, float(value), int(value), -value]))

    value = draw(VALUES)
    return value, draw(st.just(again(value)) | VALUES)


@given(told_twice())
@example(({"text": "costs 5.0, ok"}, {"text": "costs 5, ok"}))
@example(({"n": 10**16}, {"n": 1e16}))
@example(({"n": 0}, {"n": -0.0}))
@example(({"n": 2**53 + 1}, {"n": 2.0**53}))
@example(({"n": 1}, {"n": True}))
@example(({"n": None}, {}))
def test_two_events_have_one_content_hash_if_they_say_the_same_and_only_then(pair: tuple[Any, Any]) -> None:
    """As they are read from the log, by the rules of JSON; 64 bits do not meet by chance in a test."""
    one, other = (json.loads(json.dumps(value)) for value in pair)
    hashes = [content_hash({"kind": "comment", "target": "m", "body": value}) for value in (one, other)]
    assert (hashes[0] == hashes[1]) is same(one, other)


def test_what_cannot_be_a_row_is_kept_as_a_reject(make_rows: MakeRows) -> None:
    """A foreign writer in the log costs one event, not the batch."""
    good = {"id": ID, "kind": "thumb", "target": "m", "body": {"value": "up"}, "verified": True}
    events = [encode_json(good), encode_json({**good, "id": "not a uuid"}), encode_json({"kind": "thumb"})]
    submission = Submission("key_1", "sk", "2026-03-01T12:00:00Z", events=events)
    read = read_entries(
        [Entry("s", 0, pack([submission]).records[0]), Entry("s", 1, b"not a record")], make_rows
    )
    assert read.ids == [ID.lower()]
    assert [r["reason"] for r in read.rejects] == ["unstorable"] * 3
    assert read.positions == {"s": 2}
