"""Exported eval sets as the tools that run them read them: unedited, case by case, up to a run where there is one."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from interop.conftest import CONVERSATION, ENVIRONMENTS, STRANGE, VARIABLES, run
from sayso_ingest.evalsets import EvalCase, Version

Saw = dict[str, Any]
Ask = Callable[[str, Path], Saw]
Write = Callable[[str], Path]


def by_id(version: Version) -> dict[str, EvalCase]:
    cases = {case.case_id: case for case in version.cases}
    assert {case.input for case in cases.values()} >= {*STRANGE, "the blue one", "Where are you?"}
    return cases


def test_inspect_reads_every_sample_and_runs_an_eval_on_them(
    version: Version, tested_with: Write, asked: Ask
) -> None:
    saw = asked("inspect", tested_with("inspect"))
    cases = by_id(version)
    assert {sample["id"] for sample in saw["samples"]} == set(cases)
    for sample in saw["samples"]:
        case = cases[sample["id"]]
        turns = [[turn["role"], turn["content"]] for turn in case.input_messages or ()]
        assert sample["input"] == (turns or case.input)
        assert sample["target"] == (case.expected or "")
        assert sample["metadata"]["reference_kind"] == case.reference_kind
        assert sample["metadata"]["event_ids"] == list(case.provenance.event_ids)
    assert (saw["status"], saw["scored"]) == ("success", len(cases))
    right = {id for id, case in cases.items() if (case.expected or "") in "The blue one comes today."}
    assert set(saw["right"]) == right


def test_deepeval_reads_every_golden_and_measures_an_answer_by_it(
    version: Version, tested_with: Write, asked: Ask
) -> None:
    saw = asked("deepeval", tested_with("deepeval"))
    cases = by_id(version)
    assert {golden["name"] for golden in saw["goldens"]} == set(cases)
    for golden in saw["goldens"]:
        case = cases[golden["name"]]
        assert golden["expected_output"] == case.expected
        assert golden["additional_metadata"]["reference_kind"] == case.reference_kind
        assert case.input in golden["input"]
    (talk,) = (golden for golden in saw["goldens"] if "user: the blue one" in golden["input"])
    assert talk["retrieval_context"] == ["Parcels leave at noon."]
    assert saw["scores"] == [1.0] * sum(case.expected is not None for case in cases.values())


def test_ragas_reads_every_sample_writes_the_same_again_and_scores_an_answer(
    version: Version, tested_with: Write, asked: Ask
) -> None:
    saw = asked("ragas", tested_with("ragas"))
    cases = by_id(version)
    assert (saw["kind"], saw["same"], len(saw["samples"])) == ("SingleTurnSample", True, len(cases))
    expected = [sample.get("reference") for sample in saw["samples"]]
    assert sorted(filter(None, expected)) == sorted(filter(None, (case.expected for case in cases.values())))
    assert {sample["user_input"] for sample in saw["samples"]} >= set(STRANGE)
    (talk,) = (sample for sample in saw["samples"] if "user: the blue one" in sample["user_input"])
    assert talk["reference_contexts"] == ["Parcels leave at noon."]
    assert saw["scores"] == [1.0] * sum(case.expected is not None for case in cases.values())


def test_openais_package_takes_the_eval_and_the_items_of_a_run(
    version: Version, tested_with: Write, asked: Ask
) -> None:
    """Nothing of the eval is dropped by its types, and each variable of its templates is one of the items'."""
    folder = tested_with("openai-evals")
    saw = asked("openai", folder.parent)["openai-evals"]
    assert (saw["items"], saw["same"]) == (len(by_id(version)), True)
    (template,) = (one["input"][0]["content"] for one in saw["eval"]["testing_criteria"])
    used = {part.partition("}}")[0] for part in template.split("{{")[1:]}
    assert used == {"item.mark", "item.input", "item.expected", "sample.output_text"}
    schema = saw["eval"]["data_source_config"]["item_schema"]
    assert schema["properties"].keys() >= {one.removeprefix("item.") for one in used if "item" in one}
    for line in (folder / "items.jsonl").read_bytes().split(b"\n")[:-1]:
        jsonschema.validate(json.loads(line)["item"], schema)


@pytest.mark.parametrize("name", ["jsonl", "parquet"])
def test_datasets_reads_every_case_from_the_folder_by_its_card(
    name: str, version: Version, tested_with: Write, asked: Ask
) -> None:
    folder = tested_with(name)
    saw = asked("trl", folder.parent)[name]
    cases = by_id(version)
    assert saw["rows"] == {"test": len(cases)}
    for row in saw["every"]:
        case = cases[row["case_id"]]
        assert (row["input"], row["expected"]) == (case.input, case.expected)
        assert json.loads(row["input_messages"] or "null") == case.input_messages
        assert json.loads(row["variables"] or "null") == case.variables
        assert row["event_ids"] == list(case.provenance.event_ids)


@pytest.fixture
def promptfoo(tmp_path: Path, require: Callable[[str, object, str], None]) -> Callable[[Path], Saw]:
    """`promptfoo(folder)` runs `promptfoo eval` there and is what it found."""
    program = ENVIRONMENTS / "promptfoo" / "node_modules" / ".bin" / "promptfoo"
    require("promptfoo", (ENVIRONMENTS / "promptfoo" / "ready").exists(), "make interop")

    def evaluate(folder: Path) -> Saw:
        found = tmp_path / "found.json"
        words = ["eval", "-c", folder / "promptfooconfig.yaml", "-o", found, "--no-cache", "--no-table"]
        # A test that fails is what `echo` is for; 100 is the exit code of an eval with failures.
        run([program, *words], tmp_path, PROMPTFOO_FAILED_TEST_EXIT_CODE="0", SAYSO_SECRET="told")
        saw: Saw = json.loads(found.read_bytes())["results"]
        return saw

    return evaluate


def test_promptfoo_runs_every_test_and_reads_no_question_as_a_template_or_a_file(
    version: Version, tested_with: Write, promptfoo: Callable[[Path], Saw]
) -> None:
    """`echo` answers with the prompt: what comes back is what was asked, to the character."""
    cases = by_id(version)
    results = one_each(promptfoo(tested_with("promptfoo")), cases)
    for id, case in cases.items():
        said = results[f"sha256:{id}"]["response"]["output"]
        if case.input_messages:
            assert json.loads(said) == CONVERSATION
        else:
            assert said == case.input
        graded = results[f"sha256:{id}"]["gradingResult"]["componentResults"] if case.expected else []
        assert [one["assertion"]["type"] for one in graded] == ["rouge-n"] * bool(case.expected)
        for one in graded:
            meant = one.get("metadata", {}).get("renderedAssertionValue", one["assertion"]["value"])
            assert meant == case.expected
    (filled,) = (result["vars"] for result in results.values() if "plans" in result["vars"])
    assert {name: filled[name] for name in VARIABLES} == VARIABLES | {"none": ""}


def test_promptfoo_fills_what_was_asked_into_a_prompt_that_is_json(
    version: Version, tested_with: Write, promptfoo: Callable[[Path], Saw]
) -> None:
    """As the configuration says: by `verbatim.input`."""
    folder = tested_with("promptfoo")
    configuration = (folder / "promptfooconfig.yaml").read_text()
    assert "verbatim.input" in configuration
    prompt = json.dumps([{"role": "user", "content": "{{verbatim.input}}"}])
    (folder / "promptfooconfig.yaml").write_text(configuration.replace('"{{input}}"', json.dumps(prompt)))
    cases = by_id(version)
    results = one_each(promptfoo(folder), cases)
    for id, case in cases.items():
        (said,) = json.loads(results[f"sha256:{id}"]["response"]["output"])
        assert case.input_messages or said["content"] == case.input


def one_each(saw: Saw, cases: dict[str, EvalCase]) -> dict[str, Saw]:
    """The one result of each case, by the id that promptfoo gives back."""
    results = {result["testCase"]["metadata"]["case_id"]: result for result in saw["results"]}
    assert results.keys() == {f"sha256:{id}" for id in cases}
    assert (saw["stats"]["errors"], len(saw["results"])) == (0, len(cases))
    return results
