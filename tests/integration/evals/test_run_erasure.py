"""What is somebody's goes out of runs; what is killed on the way goes on, and what it cannot read it leaves."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from ran import a_run, a_version
from sayso_ingest.evals.runs import Erasing, Run, count_results, erase_results, read_run
from sayso_ingest.evalsets import Belonging, erase_cases
from sayso_ingest.evalsets.files import encode_lines

WORDS = "the secret of ann"


def quotes(text: bytes) -> bool:
    return WORDS.encode() in text


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """The last case says somebody's words to its second sample."""
    version = a_version(tmp_path)
    last = version.cases[-1].case_id
    return a_run(
        tmp_path, version, lambda to: WORDS if (to.case_id, to.sample) == (last, 1) else "no", samples=2
    )


def test_a_result_that_quotes_somebody_loses_its_answer_and_nothing_else(tmp_path: Path, run: Run) -> None:
    assert count_results(tmp_path, Erasing(quotes)) == {run.run_id: 1}
    assert erase_results(tmp_path, Erasing(quotes)).results == {run.run_id: 1}
    again = read_run(tmp_path, run.run_id)
    assert again.manifest.erased == 1
    assert again.manifest.totals == run.manifest.totals
    assert again.results[-1].output is None
    assert [(one.case_id, one.score) for one in again.results] == [
        (one.case_id, one.score) for one in run.results
    ]
    assert again.results[:-1] == run.results[:-1]


def test_a_second_time_finds_nothing(tmp_path: Path, run: Run) -> None:
    erase_results(tmp_path, Erasing(quotes))
    before = {path: path.read_bytes() for path in run.path.iterdir()}
    assert erase_results(tmp_path, Erasing(quotes)).results == {}
    assert {path: path.read_bytes() for path in run.path.iterdir()} == before


def test_what_was_killed_between_manifest_and_results_goes_on(tmp_path: Path, run: Run) -> None:
    results = run.path / "results.jsonl"
    before = results.read_bytes()
    erase_results(tmp_path, Erasing(quotes))
    results.rename(results.with_suffix(".draft"))  # which had not come into its place
    results.write_bytes(before)
    assert erase_results(tmp_path, Erasing(quotes)).results == {run.run_id: 1}
    assert read_run(tmp_path, run.run_id).manifest.erased == 1
    assert not results.with_suffix(".draft").exists()


def test_cases_that_went_from_the_set_before_are_found_without_their_question(
    tmp_path: Path, run: Run
) -> None:
    """As when whoever erased was killed between the set and its runs."""
    gone = run.results[0].case_id
    theirs = Belonging(frozenset(), lambda row: row["case_id"] == gone)
    assert count_results(tmp_path, Erasing(lambda _: False, {"numbers": {gone}})) == {run.run_id: 2}
    assert count_results(tmp_path, Erasing(lambda _: False, {"other": {gone}})) == {}
    erase_cases(tmp_path, "numbers", theirs)
    assert erase_results(tmp_path, Erasing(lambda _: False)).results == {run.run_id: 2}
    again = read_run(tmp_path, run.run_id)
    assert gone not in {one.case_id for one in again.results}
    assert [one.output for one in again.results if one.case_id.startswith("erased-")] == [None, None]
    assert gone.encode() not in b"".join(path.read_bytes() for path in run.path.iterdir())


def test_what_cannot_be_read_goes_only_where_it_quotes_somebody(tmp_path: Path, run: Run) -> None:
    path = run.path / "results.jsonl"
    broken = [b'{"broken": \n', b'{"case_id": "x", "outp ' + WORDS.encode() + b"\n"]
    path.write_bytes(encode_lines(one.row() for one in run.results[:2]) + b"".join(broken))
    assert erase_results(tmp_path, Erasing(quotes)).results == {run.run_id: 1}
    assert path.read_bytes().endswith(broken[0])
    other = tmp_path / "runs" / "other"
    other.mkdir()
    (other / "manifest.json").write_text(json.dumps({"run_id": "other"}))
    assert erase_results(tmp_path, Erasing(quotes)).results == {}
