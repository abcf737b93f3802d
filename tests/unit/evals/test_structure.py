"""JSON in an answer is held to the value that is expected, not to how it is spelt."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ran import a_case
from sayso_ingest.evals.scorers import Score
from sayso_ingest.evals.scorers.structure import SameValue, is_json

SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=10,
).filter(lambda value: isinstance(value, dict | list))


def scored(expected: str, answer: str) -> Score:
    return SameValue().score(replace(a_case(1), expected=expected), answer)


def reordered(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: reordered(value[name]) for name in reversed(value)}
    return [reordered(one) for one in value] if isinstance(value, list) else value


@given(VALUES)
def test_the_same_value_scores_1_in_any_order_of_names_and_with_text_around_it(value: Any) -> None:
    spelt = json.dumps(value)
    assert scored(spelt, spelt).value == 1
    assert (
        scored(spelt, f"Here you are:\n```json\n{json.dumps(reordered(value), indent=2)}\n```\nBye.").value
        == 1
    )


@given(VALUES, VALUES)
def test_two_values_score_the_same_either_way_and_what_differs_is_named(one: Any, other: Any) -> None:
    there, back = scored(json.dumps(one), json.dumps(other)), scored(json.dumps(other), json.dumps(one))
    assert there.value == back.value
    assert there.value in (0, 1)
    assert bool(there.why) == (there.value == 0)


@given(st.text(st.characters(), max_size=40) | st.text('{}[]",:1\ud800', max_size=20))
def test_any_text_is_scored(text: str) -> None:
    is_json(text)
    assert scored('{"a": 1}', text).value in (0, 1)


@pytest.mark.parametrize(
    ("expected", "answer", "why"),
    [
        ('{"a": 1, "b": [1, 2]}', 'Sure! {"b": [1.0, 2], "a": 1e0} and so on', ""),
        ('{"a": 1}', '{"a": true}', "$.a is true, not 1"),
        ('{"a": 1}', '{"a": "1"}', '$.a is "1", not 1'),
        ('{"a": {"b": 1}}', '{"a": {}}', "$.a.b is missing"),
        ('{"a": 1}', '{"a": 1, "c": 2}', "$.c is not expected"),
        ("[1, 2]", "[2, 1]", "$[0] is 2, not 1"),
        ("[1, 2]", "the list is [1]", "$ has 1 entries, not 2"),
        ("[1]", '{"a": 1}', "there is no JSON list in it"),
        ('{"a": [1]}', '{"a": {}}', "$.a is an object, not a list"),
        ('{"a": 1}', "I cannot.", "there is no JSON object in it"),
    ],
)
def test_the_first_difference_is_said(expected: str, answer: str, why: str) -> None:
    assert scored(expected, answer).why == why


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ('{"a": 1}', True),
        (" [1, 2]\n", True),
        ('```json\n{"a": 1}\n```', True),
        ("42", False),
        ("[1] says so", False),
        ('{"a": 1} is right', False),
        ("[" * 100_000, False),
        (None, False),
    ],
)
def test_it_suits_what_is_a_json_object_or_list_and_nothing_else(text: str | None, is_one: bool) -> None:
    assert SameValue().suits(replace(a_case(1), expected=text)) == is_one


def test_values_as_deep_as_they_can_be_read_are_compared() -> None:
    deep = "[" * 900 + "]" * 900
    assert scored(deep, deep).value == 1
    assert scored("[1]", "[" * 100_000).value == 0
