"""What a tracker is given of a run: names that every tracker takes, figures with their intervals, and no secret."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ran import a_run, a_version, wrong_for
from sayso_ingest.errors import UsageError
from sayso_ingest.evals.runs import Run
from sayso_ingest.evals.runs.summary import summarise
from sayso_ingest.evals.trackers import Logged, logged
from sayso_ingest.evalsets import EvalCase, Version

TAKEN_EVERYWHERE = re.compile(r"[A-Za-z0-9_\-./: ]+")


@pytest.fixture(scope="module")
def version(tmp_path_factory: pytest.TempPathFactory) -> Version:
    return a_version(tmp_path_factory.mktemp("project"), 12)


@pytest.fixture(scope="module")
def run(version: Version, tmp_path_factory: pytest.TempPathFactory) -> Run:
    return a_run(tmp_path_factory.mktemp("runs"), version, wrong_for(version.cases[:3]))


def with_system(run: Run, **settings: object) -> Run:
    return replace(run, manifest=replace(run.manifest, system={**run.manifest.system, **settings}))


def test_the_set_the_prompt_and_the_system_are_parameters(run: Run) -> None:
    parameters = logged(with_system(run, temperature=0.2, body={"b": 1, "a": [2]})).parameters
    assert {name: parameters[name] for name in ("set.name", "set.version", "set.split", "set.cases")} == {
        "set.name": "numbers",
        "set.version": 1,
        "set.split": "all",
        "set.cases": 12,
    }
    assert (parameters["prompt.name"], parameters["prompt.version"]) == ("answer", "3f2a9c1b77aa")
    assert (parameters["system.kind"], parameters["system.name"]) == ("function", "echo")
    assert (parameters["system.temperature"], parameters["system.body"]) == ("0.2", '{"a": [2], "b": 1}')
    assert (parameters["samples"], parameters["seed"], parameters["scorers"]) == (1, 0, "exact")


def test_the_commit_of_a_prompt_is_a_parameter_and_says_where_the_file_was_changed_since(run: Run) -> None:
    assert run.manifest.prompt
    assert "prompt.commit" not in logged(run).parameters
    for dirty, said in ((False, "1234abc"), (True, "1234abc and changes")):
        prompt = replace(run.manifest.prompt, commit="1234abc", dirty=dirty)
        of = replace(run, manifest=replace(run.manifest, prompt=prompt))
        assert logged(of).parameters["prompt.commit"] == said


def test_each_figure_is_a_metric_beside_the_ends_of_its_interval(run: Run) -> None:
    metrics, whole = logged(run).metrics, summarise(run.results).whole
    assert whole.score
    assert (metrics["score"], metrics["score_low"], metrics["score_high"]) == (
        0.75,
        whole.score.low,
        whole.score.high,
    )
    for figure in ("passed", "split/dev/score", "stratum/manual/passed", "scorer/exact/score"):
        assert metrics[f"{figure}_low"] <= metrics[figure] <= metrics[f"{figure}_high"]
    assert (metrics["answered"], metrics["latency_ms_p50"], metrics["latency_ms_p95"]) == (12, 1.0, 1.0)
    assert "cost" not in metrics  # nobody said what it cost


@given(name=st.text(min_size=1))
@settings(max_examples=30)
def test_names_have_only_what_every_tracker_takes(run: Run, name: str) -> None:
    scored = [replace(one, scores={f"judge:{name}@1a2b": one.score}) for one in run.results]
    given = logged(with_system(replace(run, results=tuple(scored)), **{name: 1}))
    for found in (*given.parameters, *given.metrics):
        assert TAKEN_EVERYWHERE.fullmatch(found)


def test_an_address_goes_there_without_its_password_and_key(run: Run) -> None:
    given = logged(with_system(run, url="https://me:secret@example.com/answer?key=secret"))
    assert given.parameters["system.url"].startswith("https://")  # type: ignore[union-attr] - it is a text
    assert "secret" not in json.dumps(given.row())


def test_the_table_has_a_row_for_each_result_with_its_question_where_cases_are_given(
    run: Run, version: Version
) -> None:
    of: dict[str, EvalCase] = {case.case_id: case for case in version.cases}
    for cases in (version.cases, ()):
        table = logged(run, cases).table
        rows = [dict(zip(table.columns, row, strict=True)) for row in table.rows]
        assert [row["case_id"] for row in rows] == [result.case_id for result in run.results]
        assert [row["output"] for row in rows] == [result.output for result in run.results]
        for row in rows:
            assert row["input"] == (of[row["case_id"]].input if cases else None)


def test_half_a_character_is_spelt_out_since_no_file_can_hold_it(run: Run) -> None:
    broken = replace(run, results=(replace(run.results[0], output="\ud83d!"),))
    table = logged(broken).table
    assert table.rows[0][table.columns.index("output")] == "\\ud83d!"


def test_what_is_handed_to_another_process_comes_out_of_json_as_it_went_in(
    run: Run, version: Version
) -> None:
    given = logged(run, version.cases)
    assert Logged.from_row(json.loads(json.dumps(given.row()))) == given


def test_the_files_of_the_run_go_along(run: Run) -> None:
    names = [Path(path).name for path in logged(run).files]
    assert names == ["manifest.json", "prompt.md", "README.md", "results.jsonl"]


def test_a_run_has_the_same_key_each_time_and_another_run_another(run: Run) -> None:
    other = replace(run, manifest=replace(run.manifest, run_id="other"))
    assert logged(run).key == logged(run).key != logged(other).key
    assert len(logged(run).key) == 40


def test_a_run_that_is_not_finished_is_not_logged(run: Run) -> None:
    with pytest.raises(UsageError, match=r"is not finished.*Run the same again"):
        logged(replace(run, manifest=replace(run.manifest, finished_at=None)))
