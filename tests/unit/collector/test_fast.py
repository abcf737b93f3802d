"""The fast path takes nothing that the steps refuse, keeps the same values, and says nothing else."""

from __future__ import annotations

import json
from typing import Any

import pytest
from contract.golden import accepted, rejected
from contract.signing import CASES, sender
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sayso_ingest.collector import fields as f
from sayso_ingest.collector.derive import type_of
from sayso_ingest.collector.fast import accept_fast, scan_envelope
from sayso_ingest.collector.judging import Outcome, judged
from sayso_ingest.collector.parse import parse_json
from sayso_ingest.collector.request import Body, Broken, Decoded, Scanned, decode_envelope, read_envelope
from sayso_ingest.collector.schema import BODIES, HEADS, WireObject
from sayso_ingest.collector.steps import accept
from sayso_ingest.event import Kind, Rejection

ID = "019bc0de-0000-7000-8000-000000000001"
GOLDEN = [golden.text for golden in (*accepted(), *rejected()) if len(golden.text) < 20_000]
NEED_CARE = (
    *("depth_64_", "wide_not_deep"),
    "size_",
    *("unknown_", "interaction_message"),
    *("verified_by_client", "null_at_top_level", "thumb_full"),
)
"""How the names begin of golden events that are accepted and need care: for many brackets, their size, an unknown
field, a `verified` or a `token`."""

JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(-(2**70), 2**70)
    | st.floats()
    | st.text(st.characters(), max_size=8)
    | st.sampled_from(["\ud800", "\0", ID, "up", "2026-01-15T10:00:00Z", "2026-02-30T10:00:00Z", -0.0, 1e15]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
NUMBERS = (
    st.sampled_from([0, 1, 0.5, -0.0, 2**53, 2**53 + 1, float(2**53), 2**63 - 1, 2**64, 10**400, 1e300])
    | st.floats()
    | st.integers()
)
BY_FIELD: dict[type, st.SearchStrategy[Any]] = {
    f.Uuid: st.uuids().map(str)
    | st.sampled_from([ID.upper(), ID + "\n", "{" + ID + "}", ID.replace("-", "")]),
    f.Name: st.sampled_from(["", "x", "é" * 512, "😀" * 512, "x" * 513]),
    f.Text: st.text(st.characters(), max_size=5),
    f.Time: st.datetimes().map(lambda time: time.isoformat() + "Z")
    | st.sampled_from(["2026-01-15 10:00:00Z", "2026-01-15T10:00:00+23:59", "2026-01-15t10:00:00z"]),
    f.Number: NUMBERS,
    f.Amount: NUMBERS,
    f.Seq: NUMBERS,
    f.Object: st.dictionaries(st.text(max_size=5), JSON_VALUES, max_size=3),
    f.Array: st.lists(JSON_VALUES, max_size=3),
    f.Content: st.text(max_size=3) | st.lists(JSON_VALUES, max_size=3),
    f.Flag: st.booleans(),
    f.Anything: JSON_VALUES,
}


def of_field(field: Any) -> st.SearchStrategy[Any]:
    """Mostly what the field takes, at times anything."""
    match field:
        case f.Nested():
            likely = of_schema(field.schema)
        case f.Items():
            likely = st.lists(of_field(field.inner), max_size=2) | st.text(max_size=2)
        case f.Choice():
            likely = st.sampled_from([*field.validators[0].choices, "else"])
        case _:
            likely = BY_FIELD[type(field)]
    return st.one_of(likely, likely, likely, st.none(), JSON_VALUES)


def of_schema(schema: Any, **over: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    each = {name: of_field(field) for name, field in schema.fields.items()} | over
    required = {name: each[name] for name, field in schema.fields.items() if field.required}
    return st.fixed_dictionaries(
        required, optional={name: each[name] for name in each if name not in required} | {"more": JSON_VALUES}
    )


def events_of(kind: Kind) -> st.SearchStrategy[dict[str, Any]]:
    return of_schema(HEADS[kind], kind=st.just(kind.value), id=st.just(ID), body=of_schema(BODIES[kind]))


EVENTS = st.one_of([events_of(kind) for kind in Kind])
WRITTEN = st.builds(
    lambda event, escaped, spaced: json.dumps(
        event, ensure_ascii=escaped, indent=1 if spaced else None
    ).encode("utf-8", "surrogatepass"),
    EVENTS,
    st.booleans(),
    st.booleans(),
)
PIECES = [
    *(
        "",
        ",",
        "{",
        "}",
        "[",
        "]",
        '"',
        "\\",
        "\\u0000",
        "\\ud800",
        "\\ud83d\\ude00",
        "\0",
        " ",
        "\x0b",
        "\ufeff",
    ),
    *(
        "1E400",
        "-1E400",
        "1e-400",
        "-0.0",
        "-0",
        "01",
        "1.",
        "NaN",
        "-Infinity",
        "9" * 4301,
        "null",
        "[" * 70,
    ),
    *(
        '"kind":"rating",',
        '"kind":"comment",',
        '"id":7,',
        '"token":"t",',
        '"verified":true,',
        '"t\\u006fken":"t",',
        *(f'"token":{json.dumps(case.token)},' for case in CASES),
    ),
    *('"body":{},', '"seq":1.0,', '"value":null,', '"meta":{"a":1,"a":2},', '"target":"a","target":"b",'),
]


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """A golden event with pieces put in, or put over what stood there."""
    text = draw(st.sampled_from(GOLDEN))
    for _ in range(draw(st.integers(1, 3))):
        places = [0, len(text), *(place + 1 for place, letter in enumerate(text) if letter in '{,:["')]
        at = draw(st.sampled_from(places) | st.integers(0, len(text)))
        text = text[:at] + draw(st.sampled_from(PIECES)) + text[at + draw(st.integers(0, 4)) :]
    return text.encode("utf-8", "surrogatepass")


def agrees(event: bytes, key_kind: Any, *, signed_only: bool = False) -> None:
    fast = accept_fast(event, sender(key_kind, signed_only=signed_only))
    if fast is None:
        return
    slow = accept(parse_json(event), sender(key_kind, signed_only=signed_only))
    assert isinstance(slow, bytes), slow
    assert fast[0] == json.loads(event)["id"]
    # `repr` tells 5 from 5.0 and -0.0 from 0.0
    assert repr(json.loads(fast[2])) == repr(json.loads(slow))


@settings(max_examples=400, deadline=None)
@given(WRITTEN | mutated() | st.binary(max_size=20), st.sampled_from(["sk", "pk"]), st.booleans())
@example(b'{"id":"%s","kind":"thumb","target":"t","body":{"value":"up"}}x' % ID.encode(), "sk", False)
@example(b'{"id":"%s","kind":"thumb","target":"t","body":{"value":"up"}}' % ID.encode(), "pk", True)
@example(
    b'{"id":"%s","kind":"rating","target":"t","body":{"value":9007199254740993,"max":9007199254740992.0}}'
    % ID.encode(),
    "sk",
    False,
)
@example(
    b'{"id":"%s","kind":"thumb","target":"t","meta":{"a":"\xff"},"body":{"value":"up"}}' % ID.encode(),
    "sk",
    False,
)
def test_what_the_fast_path_accepts_the_steps_accept_with_the_same_value(
    event: bytes, key_kind: str, signed_only: bool
) -> None:
    agrees(event, key_kind, signed_only=signed_only)


@pytest.mark.parametrize("golden", [*accepted(), *rejected()], ids=str)
def test_of_the_golden_events_every_one_without_surprises_goes_the_fast_way(golden: Any) -> None:
    fast = accept_fast(golden.text.encode(), sender(golden.key))
    assert (fast is None) == (golden.reason is not None or golden.name.startswith(NEED_CARE))
    agrees(golden.text.encode(), golden.key)


def told(envelope: Scanned | Decoded, key_kind: Any) -> Any:
    """What a request comes to, in a form that can be compared."""

    def value(outcome: Outcome) -> Any:
        return outcome if isinstance(outcome, Rejection) else repr(json.loads(outcome))

    events = [
        (event_id, who, value(outcome)) for event_id, who, outcome in judged(envelope, sender(key_kind))
    ]
    return envelope.sent_at, envelope.report, envelope.key, len(envelope.events), events


def or_broken(read: Any, key_kind: Any) -> Any:
    try:
        return told(read(), key_kind)
    except Broken as broken:
        return broken.code, broken.message, broken.fault, broken.raw


ENVELOPES = st.builds(
    lambda head, events, tail: b'{%s"events":[%s]%s' % (head, b",".join(events), tail),
    st.sampled_from(
        [b"", b'"sent_at":"2026-01-15T10:00:00Z",', b'"sent_at":1,', b'"later":1,', b'"events":[1],']
    ),
    st.lists(WRITTEN | mutated() | st.sampled_from([b"7", b"NaN", b"{}", b"[]"]), max_size=4),
    st.sampled_from([b"}", b"}}", b"", b',"report":{"dropped":{"a":1}}}', b',"key":"k"}', b',"events":[]}']),
)


@settings(max_examples=200, deadline=None)
@given(ENVELOPES, st.sampled_from(["sk", "pk"]))
def test_a_request_comes_to_the_same_with_the_fast_path_and_without(body: bytes, key_kind: str) -> None:
    """The ids, what is kept, every reason and detail, and what is said of a body that is broken."""
    with_it = or_broken(lambda: read_envelope(Body(body, zipped=False)), key_kind)
    assert with_it == or_broken(lambda: decode_envelope(body), key_kind)


def test_an_event_that_needs_care_does_not_cost_the_others_the_fast_path() -> None:
    plain = b'{"id":"%s","kind":"thumb","target":"t","body":{"value":"up"}}' % ID.encode()
    kept = [
        outcome
        for *_, outcome in judged(
            read_envelope(Body(b'{"events":[%s, 7]}' % plain, zipped=False)), sender("sk")
        )
    ]
    assert kept[0] == plain[:-1] + b',"verified":true}'
    assert isinstance(kept[1], Rejection)


def test_a_field_of_a_new_class_is_no_silent_guess() -> None:
    class New(f.Strict):
        pass

    with pytest.raises(TypeError, match="New"):
        type_of(New())
    assert all(isinstance(schema, WireObject) for schema in BODIES.values())


def test_what_is_no_utf8_needs_care_also_where_it_is_passed_over() -> None:
    """A second list of events replaces the first, which is not looked into then."""
    assert scan_envelope(b'{"events":["\xed\xa0\x80"],"events":[]}') is None
    assert scan_envelope(b'{"events":["x"],"events":[]}') is not None
