"""A prompt is a template: it is rendered for a case, and says what it misses."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ran import a_case
from sayso import Prompt
from sayso_ingest.errors import UsageError
from sayso_ingest.evals.prompts import Template, own_messages
from sayso_ingest.evalsets import EvalCase

ASKED = {"role": "user", "content": "What is 7?"}


def template(text: str) -> Template:
    return Template(Prompt("answer", text, "3f2a9c1b77aa"))


def case(**changed: Any) -> EvalCase:
    return a_case(7, **changed)


plain = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="{\r"))


@given(plain)
def test_a_text_without_braces_is_the_system_message_as_it_is(text: str) -> None:
    assert template(text).messages(case()) == [{"role": "system", "content": text}, ASKED]


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_what_a_variable_holds_is_never_read_as_a_template(value: str) -> None:
    found = template("For {{ name }}: {{ input }}").render(case(variables={"name": value}))
    assert found == f"For {value}: What is 7?"


def test_a_text_with_a_place_for_the_question_is_what_the_user_says() -> None:
    found = template("Be short. Question: {{ input }}").messages(case())
    assert found == [{"role": "user", "content": "Be short. Question: What is 7?"}]


def test_the_conversation_follows_and_the_messages_of_the_application_go() -> None:
    turns = [
        {"role": "system", "content": "old"},
        {"role": "user", "content": "Hello"},
        {"role": "developer", "content": "old too"},
        {"role": "assistant", "content": "Yes?"},
        ASKED,
    ]
    found = template("New.").messages(case(input_messages=turns))
    assert found == [{"role": "system", "content": "New."}, turns[1], turns[3], turns[4]]


def test_the_place_of_the_last_user_turn_is_taken_and_what_follows_it_stays() -> None:
    turns = [
        {"role": "user", "content": "Hello"},
        ASKED,
        {"role": "assistant", "content": None, "tool_calls": [{"id": "1"}]},
        {"role": "tool", "content": "7"},
    ]
    found = template("Short: {{ input }}").messages(case(input_messages=turns))
    assert found == [turns[0], {"role": "user", "content": "Short: What is 7?"}, turns[2], turns[3]]
    assert turns[1] == ASKED


def test_images_of_the_last_user_turn_stay_beside_the_rendered_text() -> None:
    image = {"type": "image_url", "image_url": {"url": "data:,"}}
    turns = [{"role": "user", "content": [{"type": "text", "text": "old"}, image]}]
    found = template("{{ input }}").messages(case(input_messages=turns))
    assert found == [{"role": "user", "content": [{"type": "text", "text": "What is 7?"}, image]}]


def test_a_conversation_without_a_user_gets_the_question_at_its_end() -> None:
    turns = [{"role": "assistant", "content": "Hello"}]
    found = template("{{ input }}").messages(case(input_messages=turns))
    assert found == [*turns, ASKED]


def test_a_case_has_its_variables_and_what_is_in_them() -> None:
    known = {"user": {"name": "A"}, "docs": ["x", "y"]}
    text = "{{ user.name }}:{% for doc in docs %} {{ loop.index }}={{ doc }}{% endfor %}{{ tone | default('!') }}"
    assert template(text).render(case(variables=known)) == "A: 1=x 2=y!"


@pytest.mark.parametrize("text", ["Dear {{ customer }}", "{% for one in customer %}{% endfor %}"])
def test_an_unknown_variable_is_named_with_the_case_and_what_the_case_has(text: str) -> None:
    asked = case(variables={"tone": "kind", "name": "x"})
    with pytest.raises(UsageError) as raised:
        template(text).messages(asked)
    said = str(raised.value)
    assert "'customer' is undefined" in said
    assert f"case {asked.case_id[:12]} " in said
    assert "The case has: input, name, tone." in said


def test_a_case_whose_variables_are_no_object_has_the_question_alone() -> None:
    with pytest.raises(UsageError, match="The case has: input"):
        template("{{ name }}").render(case(variables=["name"]))


def test_a_text_that_is_no_template_is_refused_with_its_line() -> None:
    with pytest.raises(UsageError, match="prompt answer is no Jinja2 template: line 2"):
        template("Hello\n{% if %}")
    with pytest.raises(UsageError, match="No filter named 'shorten'"):
        template("{{ input | shorten }}")


@pytest.mark.parametrize(
    "text",
    [
        "{{ ''.__class__.__mro__ }}",
        "{{ input.__init__.__globals__ }}",
        "{% include 'other' %}",
        "{{ docs.append(1) }}",
        "{{ range(10001) | list }}",
        "{% for a in range(9999) %}{% for b in range(9999) %}xx{% endfor %}{% endfor %}",
        "{{ 'x' * 99999999999 }}",
        "{{ 99999999999 * 'x' }}",
        "{{ 9 ** 9 ** 9 }}",
        "{{ 1 / 0 }}",
        "{{ lipsum() }}",
        "{% set x = 'x' * 1000000 %}{{ x }}{{ x }}",
        "{% macro again() %}{{ again() }}{% endmacro %}{{ again() }}",
    ],
)
def test_a_template_neither_leaves_its_sandbox_nor_runs_away(text: str) -> None:
    with pytest.raises(UsageError, match="The prompt answer"):
        template(text).render(case(variables={"docs": []}))


def test_rendering_leaves_the_case_as_it_is_and_says_the_same_each_time() -> None:
    known = {"docs": ["b", "a"], "limit": 3}
    asked = case(variables=known)
    made = template(
        "{{ docs | sort | join(',') }} {{ limit * 2 }} {{ 'ab' * limit }} {{ 2 ** 8 }}{{ range(3) | list }}"
    )
    assert [made.render(asked) for _ in range(3)] == ["a,b 6 ababab 256[0, 1, 2]"] * 3
    assert known == {"docs": ["b", "a"], "limit": 3}


def test_without_a_prompt_a_case_is_asked_as_production_asked_it() -> None:
    turns = [{"role": "system", "content": "old"}, ASKED]
    assert own_messages(case()) == [ASKED]
    assert own_messages(case(input_messages=turns)) == turns
