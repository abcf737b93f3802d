"""`sayso eval run` as people type it, against real endpoints, commands and functions."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from chat_server import says, serving
from grader import grader
from model_server import Answer, Asked, ModelServer, as_json
from ran import a_version
from sayso_ingest.cli import run
from sayso_ingest.evals.runs import Run, read_run, runs_of
from sayso_ingest.evalsets import Version


def right(asked: Asked) -> Answer:
    """Answer a case of `ran.a_case` rightly, and grade where that is asked for."""
    if "response_format" in asked:
        return grader(asked)
    return says(asked["messages"][-1]["content"].removeprefix("What is ").removesuffix("?"))


@pytest.fixture
def version(tmp_path: Path) -> Version:
    (tmp_path / "default").mkdir()
    return a_version(tmp_path / "default")


@pytest.fixture
def prompt(tmp_path: Path) -> Path:
    path = tmp_path / "answer.md"
    path.write_text("Answer in one word.\n")
    return path


@pytest.fixture
def endpoint() -> Iterator[ModelServer]:
    with serving(right) as server:
        yield server


@pytest.fixture
def eval_run(version: Version, tmp_path: Path) -> Callable[..., int]:
    """Type the command about that version's set."""

    def typed(*words: str | Path) -> int:
        return run(["eval", "run", "--set", version.name, "--data", str(tmp_path), *map(str, words)])

    return typed


def latest(folder: Path) -> Run:
    return read_run(folder / "default", "latest")


def test_every_case_is_answered_by_the_model_and_scored(
    eval_run: Callable[..., int],
    endpoint: ModelServer,
    prompt: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert eval_run("--prompt", prompt, "--model", f"openai:{endpoint.url}#small", "--format", "json") == 0
    [told] = json.loads(capsys.readouterr().out)
    found = latest(tmp_path)
    assert told["manifest"]["run_id"] == found.run_id
    assert found.run_id.startswith("answer-")
    assert [result.score for result in found.results] == [1.0] * 6
    assert found.prompt_text == "Answer in one word.\n"
    assert found.manifest.totals["passed"] == 6
    assert {asked["messages"][0]["content"] for asked in endpoint.asked} == {"Answer in one word.\n"}
    assert "95 % interval" in (found.path / "README.md").read_text()


def test_sql_knows_of_the_run(
    eval_run: Callable[..., int], endpoint: ModelServer, prompt: Path, tmp_path: Path
) -> None:
    import duckdb

    assert eval_run("--prompt", prompt, "--model", f"openai:{endpoint.url}#small") == 0
    with duckdb.connect(tmp_path / "default" / "evals.duckdb", read_only=True) as evals:
        assert evals.sql("SELECT set_name, passed, mean FROM eval_runs").fetchall() == [("numbers", 6, 1.0)]
        assert evals.sql("SELECT count(*), min(score) FROM eval_results").fetchall() == [(6, 1.0)]


def test_several_prompts_and_models_make_a_run_each_within_one_command(
    eval_run: Callable[..., int],
    endpoint: ModelServer,
    prompt: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "brief.md").write_text("Be brief.")
    models = f"openai:{endpoint.url}#small,large"
    assert eval_run("--prompt", tmp_path / "*.md", "--model", models) == 0
    found = [(one.prompt.name, one.system["name"]) for one in runs_of(tmp_path / "default") if one.prompt]
    assert sorted(found) == [("answer", "large"), ("answer", "small"), ("brief", "large"), ("brief", "small")]
    assert {asked["model"] for asked in endpoint.asked} == {"small", "large"}
    assert "sayso eval compare" in capsys.readouterr().err


def test_what_a_model_answered_is_not_asked_again_unless_it_is_to_be(
    eval_run: Callable[..., int], endpoint: ModelServer, prompt: Path
) -> None:
    words = ("--prompt", prompt, "--model", f"openai:{endpoint.url}#small")
    assert [eval_run(*words), eval_run(*words)] == [0, 0]
    assert len(endpoint.asked) == 6
    assert eval_run(*words, "--fresh") == 0
    assert len(endpoint.asked) == 12


def test_a_budget_that_does_not_hold_leaves_a_run_that_goes_on(
    eval_run: Callable[..., int],
    endpoint: ModelServer,
    prompt: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    words = ("--prompt", prompt, "--model", f"openai:{endpoint.url}#small")
    assert eval_run(*words, "--max-calls", "4") == 1
    assert "did not hold for 2 answers" in capsys.readouterr().err
    assert eval_run(*words) == 0
    assert "Going on with answer-" in capsys.readouterr().err
    assert len(endpoint.asked) == 6
    assert len(runs_of(tmp_path / "default")) == 1


def test_a_judge_grades_by_a_rubric_what_nothing_else_suits(
    eval_run: Callable[..., int], endpoint: ModelServer, prompt: Path, tmp_path: Path
) -> None:
    rubric = tmp_path / "good.md"
    rubric.write_text("It works.")
    model = f"openai:{endpoint.url}#small"
    assert eval_run("--prompt", prompt, "--model", model, "--rubric", rubric, "--scorer", "judge") == 0
    results = latest(tmp_path).results
    assert {(result.score, result.why) for result in results} == {(1.0, "It works.")}


def test_an_earlier_commit_of_a_prompt_can_be_run(
    eval_run: Callable[..., int], endpoint: ModelServer, prompt: Path, tmp_path: Path
) -> None:
    git = ["git", "-C", str(tmp_path), "-c", "user.name=sayso", "-c", "user.email=sayso@localhost"]
    for command in (["init", "-q"], ["add", prompt.name], ["commit", "-qm", "A prompt"]):
        subprocess.run([*git, *command], check=True)
    prompt.write_text("Changed.")
    assert eval_run("--prompt", f"{prompt}@HEAD", "--model", f"openai:{endpoint.url}#small") == 0
    manifest = latest(tmp_path).manifest
    assert manifest.prompt
    assert (manifest.prompt.dirty, manifest.prompt.path) == (False, "answer.md")
    assert latest(tmp_path).prompt_text == "Answer in one word.\n"


def test_a_prompt_may_be_called_as_production_calls_it(
    eval_run: Callable[..., int], endpoint: ModelServer, prompt: Path, tmp_path: Path
) -> None:
    model = f"openai:{endpoint.url}#small"
    assert eval_run("--prompt", prompt, "--as", "helpdesk@v2", "--model", model) == 0
    assert latest(tmp_path).label == "helpdesk@v2 small"


def test_a_service_of_ones_own_answers_with_its_own_prompt(
    eval_run: Callable[..., int], tmp_path: Path, endpoint: ModelServer
) -> None:
    def answer(asked: dict[str, Any]) -> Answer:
        return as_json({"output": asked["input"].removeprefix("What is ").removesuffix("?")})

    endpoint.rule, endpoint.path = answer, "/answer"
    assert eval_run("--service", f"http://{endpoint.host}/answer") == 0
    found = latest(tmp_path)
    assert (found.manifest.prompt, found.manifest.system["kind"]) == (None, "service")
    assert [result.score for result in found.results] == [1.0] * 6


def test_a_command_answers_and_only_one_side_may_be_run(
    eval_run: Callable[..., int], version: Version, tmp_path: Path
) -> None:
    assert eval_run("--command", "echo 3", "--split", "dev", "--scorer", "exact") == 0
    found = latest(tmp_path)
    assert {result.split for result in found.results} == {"dev"}
    assert sum(result.score or 0 for result in found.results) == sum(
        case.expected == "3" for case in version.cases if case.split == "dev"
    )


def test_a_dry_run_says_what_it_would_come_to_and_asks_nothing(
    eval_run: Callable[..., int],
    endpoint: ModelServer,
    prompt: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    words = ("--prompt", prompt, "--model", f"openai:{endpoint.url}#small", "--samples", "3", "--dry-run")
    assert eval_run(*words) == 0
    assert "18 calls in 1 run" in capsys.readouterr().out
    assert (endpoint.asked, runs_of(tmp_path / "default")) == ([], [])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "Nothing is named that answers"),
        (["--model", "openai:http://127.0.0.1:9/v1#m"], "No prompt is named"),
        (["--model", "m", "--prompt", "answer.md"], "is the name of a model alone"),
        (["--command", "echo", "--function", "one:two"], "Name one of these"),
        (["--command", "echo", "--judge", "openai:http://127.0.0.1:9/v1#m"], "no rubric says by what"),
        (["--command", "echo", "--scorer", "unheard"], "There is no scorer 'unheard'"),
    ],
)
def test_what_is_missing_is_said_before_anything_is_asked(
    eval_run: Callable[..., int],
    words: list[str],
    said: str,
    capsys: pytest.CaptureFixture[str],
    prompt: Path,
) -> None:
    assert eval_run(*(str(prompt) if word == "answer.md" else word for word in words)) == 2
    assert said in capsys.readouterr().err


def test_a_prompt_that_asks_for_what_cases_do_not_have_is_refused_before_anything_is_asked(
    eval_run: Callable[..., int],
    endpoint: ModelServer,
    prompt: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    prompt.write_text("Answer in {{ language }}.")
    assert eval_run("--prompt", prompt, "--model", f"openai:{endpoint.url}#small") == 2
    assert "'language' is undefined" in capsys.readouterr().err
    assert endpoint.asked == []


def test_a_system_that_answers_no_case_at_all_leaves_no_finished_run(
    eval_run: Callable[..., int], tmp_path: Path
) -> None:
    assert eval_run("--command", "sh -c 'exit 75'") == 1
    assert [one.finished_at for one in runs_of(tmp_path / "default")] == [None]


def test_several_samples_say_what_taking_one_of_them_adds(
    eval_run: Callable[..., int],
    endpoint: ModelServer,
    prompt: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    model = f"openai:{endpoint.url}#small"
    assert eval_run("--prompt", prompt, "--model", model, "--samples", "3") == 0
    assert len(latest(tmp_path).results) == 18
    assert {asked["temperature"] for asked in endpoint.asked} == {0.7}
    assert "of several samples" in capsys.readouterr().out


def test_a_pairwise_judge_compares_with_the_answers_of_another_run(
    eval_run: Callable[..., int], endpoint: ModelServer, prompt: Path, tmp_path: Path
) -> None:
    rubric = tmp_path / "good.md"
    rubric.write_text("It works.")
    assert eval_run("--command", "echo right") == 0
    first = latest(tmp_path)
    words = ("--rubric", rubric, "--scorer", "pairwise", "--against", first.run_id)
    assert eval_run("--prompt", prompt, "--model", f"openai:{endpoint.url}#small", *words) == 0
    (other,) = [one.run_id for one in runs_of(tmp_path / "default") if one.run_id != first.run_id]
    second = read_run(tmp_path / "default", other)
    assert {result.score for result in second.results} == {0.0}  # this judge likes what has `right` in it
    assert all(first.run_id in name for name in second.manifest.scorers)


def test_a_tracker_that_is_not_installed_is_named_with_the_command_that_installs_it(
    eval_run: Callable[..., int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert eval_run("--command", "echo 3", "--track", "comet") == 1
    assert "sayso[comet]" in capsys.readouterr().err
    assert latest(tmp_path).manifest.finished_at
