"""What is taken out of an event before it leaves."""

from __future__ import annotations

import copy
import hashlib
import json
from typing import Any

import pytest
from contract.golden import accepted
from hypothesis import given
from hypothesis import strategies as st
from sayso import redaction
from sayso.redaction import FAILED, apply

EVENT: dict[str, Any] = {
    "id": "0199-id",
    "kind": "interaction",
    "target": "msg_1",
    "part": "p_1",
    "seq": 3,
    "occurred_at": "2026-01-15T10:00:00Z",
    "actor": "u_12",
    "anonymous": "a_1",
    "session": "s_1",
    "token": "signed",
    "source": {"sdk": "sayso-python/1"},
    "meta": {"page": "/accounts?mail=ada@example.org", "nested": [{"note": "mine"}], "count": 3},
    "body": {
        "input": [
            {"role": "system", "content": "Be short."},
            {"role": "user", "content": [{"type": "text", "text": "Who am I?"}], "name": "Ada"},
        ],
        "output": "You are Ada.",
        "variables": {"name": "Ada", "age": 36},
        "prompt": {"name": "help", "version": "7", "commit": "c0ffee", "dirty": False, "path": "help.md"},
        "model": "m-1",
        "params": {"system": "You help Ada.", "temperature": 0.2},
        "contexts": [{"id": "c_1", "text": "Ada was here.", "title": "About Ada"}],
        "tags": ["vip"],
        "parent": "msg_0",
        "release": "1.2",
        "variant": {"experiment": "tone", "arm": "b"},
        "candidates": [{"id": "k_1", "output": "Ada.", "model": "m-2", "score": 1, "critique": "too Ada"}],
        "chosen": {"id": "k_1", "by": "rank"},
        "trace": {"trace_id": "t_1", "span_id": "sp_1", "state": "said=Ada"},
        "later": {"field": "Ada again"},
    },
}
SEEN = {
    "meta.page",
    "meta.nested[0].note",
    "body.input[0].content",
    "body.input[1].content[0].type",
    "body.input[1].content[0].text",
    "body.input[1].name",
    "body.output",
    "body.variables.name",
    "body.params.system",
    "body.contexts[0].text",
    "body.contexts[0].title",
    "body.tags[0]",
    "body.candidates[0].output",
    "body.candidates[0].critique",
    "body.trace.state",
    "body.later.field",
}


def hashed(text: str) -> str:
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


def test_redact_is_asked_about_every_text_but_ids_closed_words_and_the_applications_own_names() -> None:
    seen: dict[str, str] = {}

    def note(field: str, text: str) -> str:
        seen[field] = text
        return f"<{field}>"

    redacted = apply(EVENT, redact=note)
    assert set(seen) == SEEN
    assert seen["body.input[1].content[0].text"] == "Who am I?"
    assert redacted["body"]["input"][1]["content"][0]["text"] == "<body.input[1].content[0].text>"
    assert redacted["meta"]["count"] == 3
    for kept in ("id", "kind", "target", "part", "seq", "occurred_at", "actor", "session", "token", "source"):
        assert redacted[kept] == EVENT[kept]


@pytest.mark.parametrize(
    ("kind", "body", "seen"),
    [
        ("thumb", {"value": "up", "previous": "down", "name": "tone"}, set()),
        (
            "detail",
            {"about": "id", "reasons": ["wrong"], "comment": "c"},
            {"body.reasons[0]", "body.comment"},
        ),
        ("comment", {"text": "t", "category": "bug", "expected": "e"}, {"text", "category", "expected"}),
        ("suggestion", {"outcome": "edited", "original": "o", "proposed": "p", "final": "f"}, set("opf")),
        ("preference", {"chosen": "a", "rejected": ["b"]}, set()),
        ("signal", {"name": "copied", "value": {"text": "t"}}, {"body.value.text"}),
        ("outcome", {"name": "ticket", "value": "reopened"}, {"body.value"}),
        ("annotation", {"label": "l", "note": "n", "expected": "e", "rubric": "r"}, set("lne")),
        ("judgement", {"judge": "m", "label": "l", "rationale": "r", "rubric": "x"}, set("lr")),
        ("retraction", {"of": "id"}, set()),
    ],
)
def test_redact_sees_what_people_say_in_each_kind(kind: str, body: dict[str, Any], seen: set[str]) -> None:
    fields: dict[str, str] = {}

    def note(field: str, text: str) -> str:
        fields[field] = text
        return text

    apply({"kind": kind, "body": body}, redact=note)
    assert seen in (set(fields), {field.removeprefix("body.") for field in fields}, set(fields.values()))


def test_without_a_hook_and_with_texts_nothing_changes() -> None:
    assert apply(EVENT) == EVENT


def _raises(_field: str, text: str) -> str:
    raise ValueError(text)


@pytest.mark.parametrize(
    "broken",
    [_raises, lambda _field, _text: None, lambda _field, text: text.encode(), lambda _field, _text: "\ud800"],
    ids=["raises", "says nothing", "returns bytes", "returns half a character"],
)
@pytest.mark.parametrize("text", [True, False])
def test_a_redact_that_fails_takes_the_text_out(broken: Any, text: bool) -> None:
    redacted = apply({"body": {"comment": "my secret"}}, redact=broken, text=text)
    assert redacted == {"body": {"comment": FAILED}}


def test_without_texts_a_hash_stands_for_what_was_said_and_labels_and_numbers_stay() -> None:
    event = {
        "target": "msg_1",
        "meta": {"page": "/accounts"},
        "body": {
            "label": "wrong",
            "category": "bug",
            "reasons": ["outdated"],
            "score": 2,
            "note": "It says 3.",
            "expected": "4",
        },
    }
    body = {**event["body"], "note": hashed("It says 3."), "expected": hashed("4")}  # type: ignore[dict-item]
    assert apply(event, text=False) == {**event, "body": body}


def test_what_was_redacted_is_hashed_as_it_was_redacted() -> None:
    assert apply({"body": {"comment": "I am Ada"}}, redact=lambda _field, _text: "I am X", text=False) == {
        "body": {"comment": hashed("I am X")}
    }


@pytest.mark.parametrize("golden", accepted(), ids=str)
def test_an_event_is_copied_and_never_changed(golden: Any) -> None:
    before = copy.deepcopy(golden.event)
    apply(golden.event, redact=lambda _field, _text: "x", text=False)
    assert golden.event == before


TEXTS = st.text(st.characters(codec="utf-8"), min_size=4)
SAID = st.recursive(
    TEXTS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.just("k"), inner), max_leaves=6
)
PLACES_OF_WHAT_IS_SAID = (
    *(
        "input",
        "output",
        "variables",
        "params",
        "comment",
        "text",
        "expected",
        "original",
        "proposed",
        "final",
    ),
    *("rationale", "note", "critique", "not_known_yet"),
)
MESSAGES = st.lists(st.fixed_dictionaries({"role": st.sampled_from(["user", "tool"]), "content": SAID}))
BODIES = st.fixed_dictionaries(
    {},
    optional={
        **dict.fromkeys(PLACES_OF_WHAT_IS_SAID, SAID),
        "input": SAID | MESSAGES,
        "contexts": st.lists(st.fixed_dictionaries({"id": st.just("c_1"), "text": TEXTS}), max_size=3),
        "candidates": st.lists(
            st.fixed_dictionaries({"id": st.just("k_1"), "output": SAID | MESSAGES, "critique": TEXTS}),
            max_size=3,
        ),
        "trace": st.fixed_dictionaries({"trace_id": st.just("t_1"), "state": SAID}),
    },
)


def texts_in(value: Any) -> set[str]:
    if isinstance(value, dict):
        return set().union(*(texts_in(item) for item in value.values()))
    if isinstance(value, list):
        return set().union(*map(texts_in, value))
    return {value}


@given(BODIES)
def test_without_texts_nothing_that_was_said_occurs_anywhere_in_the_event(body: dict[str, Any]) -> None:
    encoded = json.dumps(apply({"kind": "interaction", "body": body}, text=False), ensure_ascii=False)
    skeleton = {"user", "tool", "c_1", "k_1", "t_1", FAILED}
    # Chance may put a short text into the hexadecimal digits of another's hash, or the field's name.
    said = {text for text in texts_in(body) - skeleton if not set(text) <= set("0123456789abcdef")}
    frame = json.dumps(apply({"kind": "interaction", "body": body}, redact=lambda _field, _text: ""))
    assert not [text for text in said if text in encoded and text not in frame and text not in "sha256:"]


@given(BODIES)
def test_without_texts_equal_texts_stay_equal_and_others_differ(body: dict[str, Any]) -> None:
    without = apply({"body": body}, text=False)["body"]
    assert len(texts_in(without)) == len(texts_in(body))


def test_every_place_that_is_kept_or_a_label_is_one_that_an_event_can_have() -> None:
    """A misspelt place would protect nothing, or the wrong thing."""

    def places(value: Any, place: tuple[str | None, ...]) -> set[tuple[str | None, ...]]:
        if isinstance(value, dict):
            return set().union(*(places(item, (*place, name)) for name, item in value.items()))
        if isinstance(value, list):
            return set().union(*(places(item, (*place, None)) for item in value))
        return {place}

    occurring = set().union(*(places(golden.event, ()) for golden in accepted()), places(EVENT, ()))
    assert (redaction.KEPT | redaction.LABELS) - occurring == set()
