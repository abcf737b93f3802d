"""Which texts of an event are redacted, and which are ids."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sayso_ingest.parsers import REDACTABLE
from sayso_ingest.redaction import NotRedacted, Redactor

MAIL = "ann@example.org"
HEAD = {"id": "019bc0de-0000-7000-8000-000000000001", "target": MAIL, "actor": MAIL, "session": MAIL}
ALL = Redactor(REDACTABLE)

JSON = st.recursive(
    st.sampled_from([MAIL, "hello", "+49 30 12345678", 4242424242424242, 1.5, None, True]),
    lambda inside: (
        st.lists(inside, max_size=3) | st.dictionaries(st.sampled_from([MAIL, "a", "b"]), inside, max_size=3)
    ),
    max_leaves=12,
)


def event(kind: str, body: Any, **more: Any) -> dict[str, Any]:
    return {**HEAD, "kind": kind, "body": body, **more}


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("interaction", {"input": MAIL, "output": [{"role": "assistant", "content": f"is {MAIL}"}]}),
        ("interaction", {"contexts": [{"text": MAIL}], "variables": {"id": MAIL, "deep": [{MAIL: MAIL}]}}),
        ("interaction", {"candidates": [{"output": MAIL, "critique": MAIL}], "chosen": {"by": MAIL}}),
        ("comment", {"text": MAIL, "expected": MAIL, "chosen": MAIL, "parent": MAIL}),
        ("suggestion", {"original": MAIL, "proposed": MAIL, "final": MAIL}),
        ("signal", {"name": "x", "value": {"id": [MAIL]}}),
        ("annotation", {"note": MAIL, "expected": MAIL}),
        ("judgement", {"rationale": MAIL}),
        ("detail", {"comment": MAIL, "reasons": [MAIL]}),
    ],
)
def test_the_texts_of_every_kind_are_redacted_and_the_ids_of_its_head_are_not(
    kind: str, body: dict[str, Any]
) -> None:
    redacted, found = ALL.event(event(kind, body, meta={"who": MAIL}, more=MAIL))
    assert found.total() == json.dumps([body, 1, 1]).count(MAIL) + 2
    assert MAIL not in json.dumps([redacted["body"], redacted["meta"], redacted["more"]])
    assert {name: redacted[name] for name in HEAD} == HEAD


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("interaction", {"parent": MAIL, "contexts": [{"id": MAIL}], "candidates": [{"id": MAIL}]}),
        ("interaction", {"chosen": {"id": MAIL}, "trace": {"trace_id": MAIL, "span_id": MAIL}}),
        ("preference", {"chosen": MAIL, "rejected": [MAIL]}),
        ("detail", {"about": MAIL}),
        ("retraction", {"of": MAIL}),
    ],
)
def test_what_events_are_joined_by_stays(kind: str, body: dict[str, Any]) -> None:
    assert ALL.event(event(kind, body)) == (event(kind, body), {})


@given(JSON)
def test_nothing_is_left_in_any_text_and_what_is_no_text_stays(value: Any) -> None:
    redacted, found = ALL.event(event("signal", {"name": "x", "value": value}))
    text = json.dumps(redacted["body"])
    assert MAIL not in text
    assert "12345678" not in text
    assert text.count("4242424242424242") == json.dumps(value).count("4242424242424242")
    assert ALL.event(redacted) == (redacted, {})
    assert bool(found) == (redacted["body"]["value"] != value)


def test_two_names_that_become_the_same_stay_two() -> None:
    redacted, _ = ALL.event(event("signal", {"name": "x", "value": {"a@b.org": 1, "c@d.org": 2}}))
    assert redacted["body"]["value"] == {"[email]": 1, "[email] 2": 2}


def test_a_hook_gets_what_the_patterns_have_left_and_is_counted() -> None:
    redactor = Redactor(["email"], lambda text: text.replace("Ann", "[name]"))
    redacted, found = redactor.event(event("comment", {"text": f"Ann, {MAIL}", "category": "x"}))
    assert redacted["body"]["text"] == "[name], [email]"
    assert found == {"email": 1, "hook": 1}


@pytest.mark.parametrize("hook", [lambda _: 1 / 0, lambda _: None, lambda _: "\ud800"])
def test_a_hook_that_fails_lets_nothing_pass_and_its_message_repeats_nothing(hook: Any) -> None:
    with pytest.raises(NotRedacted) as raised:
        Redactor([], hook).event(event("comment", {"text": "secret"}))
    assert "secret" not in str(raised.value)
