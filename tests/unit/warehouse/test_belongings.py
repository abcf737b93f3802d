"""What is a subject's outside of tables: by field, by id, by texts of its own; and nobody else's."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sayso_ingest.warehouse import Belongings, Traces

ID = "019bc0de-0000-7000-8000-000000000001"
TEXT, SHORT, SHARED = 'She said "no",\nand went.', "No.", "I do not know that."


def traces(actor: str = "ann", **named: set[str]) -> Traces:
    return Traces(
        Belongings(
            Counter(),
            ids=frozenset({ID}),
            named={"actor": frozenset({actor}), **{name: frozenset(some) for name, some in named.items()}},
            texts=frozenset({TEXT, SHORT, SHARED}),
            shared=frozenset({SHARED}),
        )
    )


@pytest.mark.parametrize("name", ["up", "dev", "held_out", "thumb", "input", "hard", "v2"])
def test_a_short_name_stands_for_nobody_but_in_a_field_for_such_names(name: str) -> None:
    other = {"kind": "thumb", "actor": "bea", "split": name, name: 1, "body": {"value": name}, "tags": [name]}
    assert not traces(name).in_bytes(json.dumps(other).encode())
    assert not traces(name).stands_in(json.dumps(other).encode())
    theirs = json.dumps(other | {"actor": name}).encode()
    assert traces(name).in_bytes(theirs)
    assert traces(name).in_bytes(theirs[:-1])  # broken


@pytest.mark.parametrize(
    "value",
    [
        {"actor": "ann"},
        {"events": [{"body": {}, "parent": "answer-1"}]},
        {"of": ID.upper()},
        {"actor": ["bea", "ann"], "value": "up"},
        {"actor": {"id": "ann"}, "value": "up"},
        {"body": {"text": TEXT}},
    ],
)
def test_names_ids_and_texts_are_found_wherever_they_stand_whole_or_broken(value: Any) -> None:
    known = traces(target={"answer-1"})
    for ascii in (True, False):
        data = json.dumps(value, ensure_ascii=ascii).encode()
        assert known.in_bytes(data)
        assert known.in_bytes(b'{"' + data)
        assert known.stands_in(b"\x00\x01" + data + b"\xff")


def test_a_field_for_names_ends_where_it_ends_also_in_what_is_broken() -> None:
    data = b'{"actor": ["bea", {"id": 1}], "value": "ann", "kind"'
    assert not traces().in_bytes(data)
    assert traces().in_bytes(data.replace(b"bea", b"ann"))


def test_a_number_is_a_name_as_well() -> None:
    assert traces("4711").in_bytes(b'{"actor": 4711}')
    assert traces("4711").in_bytes(b'{"actor": 4711, "body')
    assert not traces("4711").in_bytes(b'{"actor": "bea", "n": 4711}')


@pytest.mark.parametrize(
    "data",
    [b'{"events":{"actor":"ann","actor":"bea"}}', b'[{"actor": "bea", "of": "%b", "of": ""}]' % ID.encode()],
)
def test_a_name_that_comes_twice_hides_nobody(data: bytes) -> None:
    """Of two values JSON keeps the last one, and what was refused has both."""
    assert traces().in_bytes(data)
    assert not traces("cy").in_bytes(b'{"actor": "bea", "actor": "ann"}')


def test_a_name_within_a_longer_one_is_somebody_else_also_in_what_is_broken() -> None:
    known = traces("customer-00012")
    assert known.in_bytes(b"actor=customer-00012&value=up")
    assert not known.in_bytes(b"actor=customer-000123&value=up")
    assert not known.in_bytes(b'{"actor": "customer-000123", "val')


@pytest.mark.parametrize("text", [SHORT, SHARED, f"{TEXT} So did I.", "something else entirely"])
def test_what_others_say_too_or_only_quote_is_not_theirs(text: str) -> None:
    assert not traces().in_bytes(json.dumps({"actor": "bea", "body": {"text": text}}).encode())


def test_a_text_that_was_cut_short_is_known_by_its_beginning() -> None:
    assert traces().in_bytes(json.dumps({"body": {"text": TEXT}}).encode()[:-9])


def test_a_case_is_theirs_by_what_they_corrected_and_not_by_a_thumb() -> None:
    case = {"target": "of-bea", "expected": SHORT, "event_ids": [ID]}
    assert traces().owns(case)
    assert not traces().owns(case | {"event_ids": []})
    assert not traces().owns(case | {"expected": "Yes."})


WORDS = st.sampled_from(["ann", "bea", TEXT, SHARED, ID, "a", "\\", '"', "\n", "é"]) | st.text(max_size=8)
VALUES = st.recursive(
    WORDS | st.integers() | st.none(),
    lambda inside: (
        st.lists(inside, max_size=3)
        | st.dictionaries(st.sampled_from(["actor", "target", "body", "id"]), inside, max_size=3)
    ),
    max_leaves=8,
)


@given(VALUES, st.booleans())
def test_whatever_is_known_whole_is_known_broken_and_in_a_file(value: Any, ascii: bool) -> None:
    """Broken and in a file it may be found where it is not, never the other way round."""
    data, known = json.dumps(value, ensure_ascii=ascii).encode(), traces()
    if known.in_bytes(data):
        assert known.in_bytes(b"[" + data)
        assert known.stands_in(data)
