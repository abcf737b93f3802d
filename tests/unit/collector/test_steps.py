"""The steps of acceptance: which one speaks first, what is kept, and what `verified` says."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
from contract.signing import sender
from hypothesis import given, settings
from hypothesis import strategies as st
from sayso_ingest.collector.steps import STEPS, accept, depth
from sayso_ingest.event import Reason, Rejection

ID = "019bc0de-0000-7000-8000-000000000001"


def thumb(**over: Any) -> dict[str, Any]:
    return {"id": ID, "kind": "thumb", "target": "t", "body": {"value": "up"}, **over}


def refused(event: Any, key_kind: str = "sk") -> Rejection:
    outcome = accept(event, sender(key_kind))
    assert isinstance(outcome, Rejection)
    return outcome


def nested(levels: int) -> dict[str, Any]:
    value: dict[str, Any] = {}
    for _ in range(levels - 1):
        value = {"n": value}
    return value


def test_the_steps_have_names_and_say_what_they_ask() -> None:
    assert [step.__name__ for step in STEPS] == [
        "is_an_object",
        "loses_what_we_say",
        "can_be_encoded",
        "is_small_enough",
        "is_shallow_enough",
        "has_the_shape",
        "may_be_sent",
        "shows_a_good_token",
        "loses_its_token",
        "gets_verified",
    ]
    assert all(step.__doc__ for step in STEPS)


@pytest.mark.parametrize(("key_kind", "word"), [("sk", True), ("pk", False)])
@pytest.mark.parametrize(
    "claimed", [{}, {"verified": True}, {"verified": False}, {"verified": {"x": "\ud800"}}]
)
def test_only_the_kind_of_key_says_whether_an_event_is_verified(
    key_kind: str, word: bool, claimed: dict[str, Any]
) -> None:
    accepted = accept(thumb(**claimed), sender(key_kind))
    assert isinstance(accepted, bytes)
    assert json.loads(accepted) == {**thumb(), "verified": word}
    assert accepted.count(b'"verified"') == 1


@pytest.mark.parametrize("key_kind", ["sk", "pk"])
@pytest.mark.parametrize("token", ["", None])
def test_an_empty_token_is_none_and_not_kept(key_kind: str, token: str | None) -> None:
    accepted = accept(thumb(token=token, meta={"token": "of the application"}), sender(key_kind))
    assert isinstance(accepted, bytes)
    meta = {"token": "of the application"}
    assert json.loads(accepted) == {**thumb(meta=meta), "verified": key_kind == "sk"}


@pytest.mark.parametrize(
    "more",
    [{"seq": -1}, {"kind": "outcome"}, {"meta": nested(70)}, {"meta": math.nan}, {"part": "x" * 70_000}],
    ids=lambda more: str(more)[:20],
)
def test_a_token_is_not_kept_with_what_is_refused_either(more: dict[str, Any]) -> None:
    rejection = refused(thumb(token="aaaa.bbbb.cccc", **more), "pk")
    assert b"aaaa.bbbb" not in rejection.raw
    assert ID.encode() in rejection.raw


def test_a_token_of_a_wrong_type_is_named_and_not_kept() -> None:
    rejection = refused(thumb(token={"jwt": "aaaa.bbbb.cccc"}))
    assert rejection.reason is Reason.WRONG_TYPE
    assert rejection.detail["fields"] == {"token": "Must be a text."}
    assert b"aaaa.bbbb" not in rejection.raw


def test_the_first_step_that_refuses_gives_the_reason() -> None:
    bad = {"kind": "interaction", "text": "x" * 600_000, "deep": nested(70)}
    assert refused(["not", math.nan]).reason is Reason.NOT_AN_OBJECT
    assert refused({**bad, "n": math.nan}).reason is Reason.INVALID_NUMBER
    assert refused({**bad, "s": "\ud800"}).reason is Reason.LONE_SURROGATE
    assert refused(bad).reason is Reason.TOO_LARGE
    assert refused({**bad, "text": ""}).reason is Reason.TOO_DEEP
    assert refused({"kind": "interaction"}, "pk").reason is Reason.MISSING_FIELD
    assert refused(thumb(kind="interaction", body={}), "pk").reason is Reason.KIND_NOT_ALLOWED


@pytest.mark.parametrize(
    ("event", "kept"),
    [
        (7, b"7"),
        ({"a": math.nan}, b'{"a":NaN}'),
        ({"a": "é\ud800"}, '{"a":"é\\ud800"}'.encode()),
        ({"a": "\\\ud800"}, b'{"a":"\\\\\\ud800"}'),
        ({"id": 1}, b'{"id":1}'),
    ],
)
def test_what_is_refused_is_kept_as_the_json_that_it_was(event: Any, kept: bytes) -> None:
    assert refused(event).raw == kept


def test_an_event_too_deep_to_be_encoded_is_kept_all_the_same() -> None:
    levels = 100_000
    rejection = refused(thumb(meta=nested(levels)))
    assert rejection.reason is Reason.TOO_DEEP
    assert rejection.raw.startswith(b'{"id":"019bc0de-0000-7000-8000-000000000001","kind":"thumb"')
    assert rejection.length == len(json.dumps(thumb(meta={}), separators=(",", ":"))) + 6 * (levels - 1)


def test_the_id_and_kind_of_what_is_refused_are_texts_that_can_be_stored() -> None:
    rejection = refused({"id": "\ud800" + "x" * 1000, "kind": ["thumb"]})
    assert rejection.event_id is not None
    assert rejection.event_id.encode().startswith(b"?xxx")
    assert len(rejection.event_id) == 100
    assert rejection.kind is None


def test_a_detail_names_the_fields_and_stays_small() -> None:
    rejection = refused(thumb(kind="interaction", body={"tags": list(range(10_000)), "prompt": {"name": 7}}))
    assert rejection.reason is Reason.WRONG_TYPE
    assert rejection.detail["fields"]["body.tags.0"] == "Must be a text."
    assert len(rejection.detail["fields"]) == 10
    assert "body.tags.0: Must be a text." in rejection.detail["message"]


def test_depth_counts_objects_and_lists() -> None:
    assert [depth(value) for value in (1, {}, [[]], {"a": [{}], "b": 1})] == [0, 1, 2, 3]


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()) | st.just("\ud800"),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)
EVENT_LIKE = st.fixed_dictionaries(
    {},
    optional={
        "id": st.just(ID) | JSON_VALUES,
        "kind": st.sampled_from(["thumb", "interaction", "suggestion", "rating", "retraction"]) | JSON_VALUES,
        "target": st.just("t") | JSON_VALUES,
        "body": st.fixed_dictionaries(
            {},
            optional=dict.fromkeys(
                ("value", "outcome", "survival", "input", "contexts", "of", "min"), JSON_VALUES
            ),
        )
        | JSON_VALUES,
        "occurred_at": st.text() | st.datetimes().map(lambda time: time.isoformat() + "Z"),
        "seq": JSON_VALUES,
        "sample_rate": JSON_VALUES,
        "meta": JSON_VALUES,
    },
)


@settings(deadline=None)
@given(JSON_VALUES | EVENT_LIKE, st.sampled_from(["sk", "pk"]))
def test_whatever_comes_is_accepted_or_refused_with_a_reason(event: Any, key_kind: str) -> None:
    outcome = accept(event, sender(key_kind))
    if isinstance(outcome, bytes):
        assert json.loads(outcome)["id"] == event["id"]
    else:
        assert outcome.detail["message"]
        assert outcome.raw.decode()
