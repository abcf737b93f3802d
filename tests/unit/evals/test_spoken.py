"""What is the user's own is told a case in one way, and its answer is read in one way."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ran import PROMPT
from sayso_ingest.evals.systems import Asked
from sayso_ingest.evals.systems.spoken import as_row, read_answer
from sayso_ingest.models import Outcome

ASKED = Asked("c1", "What is 7?", [{"role": "user", "content": "What is 7?"}], {"tone": "kind"}, PROMPT, 2)
anything = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


def test_a_case_is_told_with_its_prompt_and_its_sample() -> None:
    assert json.loads(json.dumps(as_row(ASKED))) == {
        "case_id": "c1",
        "input": "What is 7?",
        "messages": [{"role": "user", "content": "What is 7?"}],
        "variables": {"tone": "kind"},
        "prompt": {"name": "answer", "version": "3f2a9c1b77aa", "text": "Answer in one word."},
        "sample": 2,
    }
    assert as_row(Asked("c1", "x", [], {}, None))["prompt"] is None


@pytest.mark.parametrize(
    "output",
    [
        "7",
        [{"role": "user", "content": "What is 7?"}, {"role": "assistant", "content": "7"}],
        [{"role": "assistant", "content": [{"type": "text", "text": "7"}, {"type": "image_url"}]}],
    ],
)
def test_an_output_is_a_text_or_messages_of_which_the_last_is_the_answer(output: Any) -> None:
    answer = read_answer({"output": output}, ASKED)
    assert (answer.outcome, answer.text) == (Outcome.ANSWERED, "7")


@pytest.mark.parametrize(
    ("said", "used"),
    [
        ({"usage": {"tokens_in": 3, "tokens_out": 4}, "cost": 0.5}, (3, 4, 0.5, True)),
        ({"usage": {"prompt_tokens": 3, "completion_tokens": 4, "cost": 0.5}}, (3, 4, 0.5, True)),
        ({"usage": {"input_tokens": 3, "output_tokens": 4}, "model": "small"}, (3, 4, None, True)),
        ({"usage": {"tokens_out": -1}, "cost": True}, (None, 2, None, False)),
        ({"usage": "much"}, (None, 2, None, False)),
    ],
)
def test_what_an_answer_used_is_taken_or_estimated(said: dict[str, Any], used: tuple[Any, ...]) -> None:
    usage = read_answer({"output": "seven.", **said}, ASKED).usage
    tokens_in = usage.tokens_in if usage.known else None
    assert (tokens_in, usage.tokens_out, usage.cost, usage.known) == used
    assert usage.tokens_in > 0


def test_an_empty_output_is_empty() -> None:
    assert read_answer({"output": " \n"}, ASKED).outcome is Outcome.EMPTY
    assert read_answer("", ASKED).outcome is Outcome.EMPTY


@given(anything)
def test_whatever_is_answered_is_read_or_refused_with_what_to_answer(said: Any) -> None:
    for one in (said, {"output": said}, {"output": "7", "usage": said, "cost": said}):
        try:
            answer = read_answer(one, ASKED)
        except ValueError as error:
            assert '{"output": TEXT}' in str(error)
        else:
            assert answer.outcome in (Outcome.ANSWERED, Outcome.EMPTY)
            answer.text.encode()
