"""What answers cases: a model, and functions of the user's own; both say what went wrong with which case."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from chat_server import says, serving
from model_server import as_json, slow
from ran import PROMPT
from sayso_ingest.errors import ModelRefused, UsageError
from sayso_ingest.evals.systems import Asked, FunctionSystem, ModelSystem, System
from sayso_ingest.models import IN_A_ROW, Address, Advice, Budget, ChatModel, KeptReplies, Outcome


def asked(text: str = "What is 7?", sample: int = 0) -> Asked:
    return Asked(text, text, [{"role": "user", "content": text}], {"tone": "kind"}, PROMPT, sample)


def model(url: str, **options: Any) -> ChatModel:
    return ChatModel(
        Address(url, "small"), advice=Advice("--model", "SAYSO_MODEL_KEY"), backoff=0.001, **options
    )


def test_a_model_is_asked_with_another_seed_for_each_sample() -> None:
    with serving(lambda _: says("7")) as server:
        system: System = ModelSystem(model(server.url), temperature=0.7, seed=40, max_tokens=9, samples=3)
        answers = [system.answer(asked(sample=number)) for number in range(3)]
        system.close()
    assert [answer.text for answer in answers] == ["7", "7", "7"]
    assert [(one["seed"], one["temperature"], one["max_tokens"]) for one in server.asked] == [
        (40, 0.7, 9),
        (41, 0.7, 9),
        (42, 0.7, 9),
    ]
    assert server.asked[0]["messages"] == [{"role": "user", "content": "What is 7?"}]


def test_several_samples_at_temperature_0_are_refused() -> None:
    with pytest.raises(UsageError, match="3 samples at temperature 0 are 3 times the same answer"):
        ModelSystem(model("http://localhost:9/v1"), samples=3)


def test_latency_is_what_was_waited_and_nothing_where_the_answer_was_kept(tmp_path: Path) -> None:
    with serving() as server, KeptReplies(tmp_path / "replies.sqlite") as kept:
        server.rule = slow(lambda _: says("7"), 0.05, server.over)
        system = ModelSystem(model(server.url, kept=kept))
        first, again = system.answer(asked()), system.answer(asked())
    assert first.latency_ms is not None
    assert first.latency_ms >= 50
    assert not first.recalled
    assert (again.text, again.recalled, again.latency_ms) == ("7", True, None)


def test_what_a_manifest_says_of_a_model_has_no_secret() -> None:
    system = ModelSystem(model("http://ann:pass@localhost:9/v1?key=abc", key="sk-1"), temperature=0.2)
    assert system.name == "small"
    assert dict(system.settings) == {
        "kind": "model",
        "endpoint": "http://…@localhost:9/v1?…",
        "temperature": 0.2,
        "max_tokens": 1024,
    }


def test_a_model_that_is_not_asked_or_says_no_is_named() -> None:
    stopped = threading.Event()
    with serving(lambda _: says("7")) as server:
        system = ModelSystem(model(server.url, budget=Budget(max_calls=2), hung_up=stopped))
        server.next = [says("", "content_filter"), as_json({"error": "too long"}, 400)]
        outcomes = [system.answer(asked()) for _ in range(3)]
        assert [answer.outcome for answer in outcomes] == [
            Outcome.FILTERED,
            Outcome.REFUSED,
            Outcome.UNAFFORDABLE,
        ]
        assert outcomes[2].latency_ms is None
        stopped.set()
        assert ModelSystem(model(server.url, hung_up=stopped)).answer(asked()).outcome is Outcome.STOPPED


Write = Callable[[str], str]


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Write:
    """Write a module with a function `answer` into the current folder, and name it."""
    monkeypatch.chdir(tmp_path)

    def write(body: str) -> str:
        name = f"own_{abs(hash(request.node.nodeid))}"
        (tmp_path / f"{name}.py").write_text(f"def answer(case):\n    {body}\n")
        return f"{name}:answer"

    return write


def test_a_function_is_called_with_the_case_and_returns_a_text(write: Write) -> None:
    system: System = FunctionSystem(
        write("return case['input'] + case['prompt']['text'] + str(case['sample'])")
    )
    answer = system.answer(asked(sample=1))
    assert (answer.outcome, answer.text) == (Outcome.ANSWERED, "What is 7?Answer in one word.1")
    assert answer.latency_ms is not None
    assert (system.name, dict(system.settings)) == (system.name, {"kind": "function"})
    assert system.name.endswith(":answer")
    system.close()


def test_a_function_may_say_what_its_answer_cost(write: Write) -> None:
    name = write("return {'output': '7', 'usage': {'tokens_in': 3, 'tokens_out': 1}, 'cost': 0.25}")
    budget = Budget(max_cost=0.5)
    system = FunctionSystem(name, budget=budget)
    outcomes = [system.answer(asked()).outcome for _ in range(3)]
    assert outcomes == [Outcome.ANSWERED, Outcome.ANSWERED, Outcome.UNAFFORDABLE]
    assert (budget.calls, budget.cost, budget.tokens_in) == (2, 0.5, 6)


def test_what_a_function_raises_is_the_end_of_that_case_alone(write: Write) -> None:
    system = FunctionSystem(write("return str(1 // (case['input'] != 'bad'))"))
    assert system.answer(asked()).text == "1"
    for _ in range(2 * IN_A_ROW):
        answer = system.answer(asked("bad"))
        assert answer.outcome is Outcome.REFUSED
        assert "raised ZeroDivisionError: integer division or modulo by zero" in answer.problem


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("import sys; sys.exit('no key')", "raised SystemExit: no key"),
        ("return 7", 'returned a int. Return a text, or {"output": TEXT}'),
        ("return {'answer': '7'}", "`output` is missing"),
    ],
)
def test_a_function_that_never_answers_is_given_up_after_several_cases(
    write: Write, body: str, said: str
) -> None:
    system = FunctionSystem(write(body))
    for _ in range(IN_A_ROW - 1):
        assert said in system.answer(asked()).problem
    with pytest.raises(ModelRefused, match=r"\(5 times in a row\)\. Call it by hand with a case"):
        system.answer(asked())


def test_a_function_is_not_called_any_more_once_the_run_is_stopped(write: Write) -> None:
    stopped = threading.Event()
    system = FunctionSystem(write("return '7'"), hung_up=stopped)
    stopped.set()
    assert system.answer(asked()).outcome is Outcome.STOPPED
    assert system.budget.calls == 0


def test_a_function_that_is_not_there_is_wrong_usage(write: Write) -> None:
    with pytest.raises(UsageError, match="cannot be imported"):
        FunctionSystem("nowhere_at_all:answer")
    with pytest.raises(UsageError, match="names no function"):
        FunctionSystem("json:__doc__")
