"""Runs are carried out, kept as they come, and go on where they ended."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from ran import PROMPT, Expected, Function, a_plan, a_run, a_version, number_of, wrong_for
from sayso_ingest import evalsets
from sayso_ingest.errors import Busy, ModelUnavailable, NotFound, SaysoError
from sayso_ingest.evals.runs import Run, read_run, runs_of
from sayso_ingest.evals.runs.carry_out import Carried, carry_out
from sayso_ingest.evals.runs.draft import open_draft
from sayso_ingest.evals.scorers import Score
from sayso_ingest.evals.systems import Answer, Asked
from sayso_ingest.evalsets import EvalCase
from sayso_ingest.models import Outcome


def test_every_case_of_a_version_is_asked_once_and_scored(tmp_path: Path) -> None:
    version = a_version(tmp_path)
    run = a_run(tmp_path, version, wrong_for(version.cases[:2]))
    assert [result.case_id for result in run.results] == [case.case_id for case in version.cases]
    assert [result.score for result in run.results] == [0.0, 0.0, 1.0, 1.0, 1.0, 1.0]
    assert {result.scorer for result in run.results} == {"exact"}


def test_a_finished_run_is_read_back_as_it_was(tmp_path: Path) -> None:
    run = a_run(tmp_path, a_version(tmp_path), samples=2)
    again = read_run(tmp_path, run.run_id)
    assert again == run
    assert again.prompt_text == PROMPT.text
    assert [manifest.run_id for manifest in runs_of(tmp_path)] == [run.run_id]


def test_a_run_is_a_folder_with_its_manifest_its_results_its_prompt_and_an_account(tmp_path: Path) -> None:
    run = a_run(tmp_path, a_version(tmp_path))
    assert sorted(path.name for path in run.path.iterdir()) == [
        "README.md", "manifest.json", "prompt.md", "results.jsonl",
    ]  # fmt: skip
    assert run.run_id.startswith("answer-3f2a9c1b77aa-echo-")
    manifest = json.loads((run.path / "manifest.json").read_text())
    assert manifest["set"] == {
        "name": "numbers", "version": 1, "sha256": manifest["set"]["sha256"], "split": "all", "cases": 6,
    }  # fmt: skip


def test_the_beginning_of_an_id_names_a_run_unless_several_begin_so(tmp_path: Path) -> None:
    version = a_version(tmp_path)
    first, second = a_run(tmp_path, version), a_run(tmp_path, version)
    assert read_run(tmp_path, "latest").run_id == second.run_id
    assert read_run(tmp_path, first.run_id) == first
    with pytest.raises(NotFound, match="begins the ids of 2 runs"):
        read_run(tmp_path, "answer-3f2a")
    with pytest.raises(NotFound, match="no run 'other'"):
        read_run(tmp_path, "other")


def test_results_that_somebody_changed_are_not_read(tmp_path: Path) -> None:
    run = a_run(tmp_path, a_version(tmp_path))
    path = run.path / "results.jsonl"
    path.write_text(path.read_text().replace('"score": 1.0', '"score": 0.0', 1))
    with pytest.raises(SaysoError, match="was changed after the run"):
        read_run(tmp_path, run.run_id)


def _carry(folder: Path, answer: Callable[[Asked], Answer | str], *, upto: int | None = None) -> _Carried:
    """Carry the plan of the latest version out; told to stop when so many cases were asked."""
    version = evalsets.latest(folder, "numbers")
    assert version
    stopped, asked = threading.Event(), []

    def answering(one: Asked) -> Answer | str:
        asked.append(one.case_id)
        if len(asked) == upto:
            stopped.set()
        return answer(one)

    plan, carried = a_plan(version, Function(answering)), Carried()
    with open_draft(folder, plan) as draft:
        list(carry_out(plan, draft, carried, at_once=1, stopped=stopped))
        if not carried.is_whole:
            return _Carried(asked, carried.missing, None)
        run = draft.finish(also=carried.unavailable)
    return _Carried(asked, 0, run)


class _Carried(NamedTuple):
    asked: list[str]
    missing: int
    run: Run | None


def test_a_run_that_was_stopped_goes_on_and_asks_only_what_is_missing(tmp_path: Path) -> None:
    a_version(tmp_path, 8)
    before = _carry(tmp_path, number_of, upto=3)
    assert (len(before.asked), before.missing, before.run) == (3, 5, None)
    after = _carry(tmp_path, number_of)
    assert after.run
    assert len(after.run.results) == 8
    assert len(after.asked) == 5
    assert len(runs_of(tmp_path)) == 1


def test_a_line_that_a_crash_cut_off_is_asked_again(tmp_path: Path) -> None:
    a_version(tmp_path)
    before = _carry(tmp_path, number_of, upto=3)
    (path,) = tmp_path.glob("runs/*/unfinished.jsonl")
    path.write_bytes(path.read_bytes()[:-20])
    after = _carry(tmp_path, number_of)
    assert after.run
    assert after.asked[0] == before.asked[-1]
    assert len(after.run.results) == 6


def test_a_run_of_which_only_the_manifest_is_there_has_no_results_yet(tmp_path: Path) -> None:
    """So a backup may have it, and so it is after a kill; a folder without a manifest is none."""
    plan = a_plan(a_version(tmp_path), Function(number_of))
    with open_draft(tmp_path, plan) as draft:
        pass
    (draft.folder / "unfinished.jsonl").unlink()
    (draft.folder.parent / "begun" / "x").mkdir(parents=True)
    (draft.folder.parent / "begun" / "manifest.draft").write_text("{")
    [manifest] = runs_of(tmp_path)
    assert read_run(tmp_path, manifest.run_id).results == ()


def test_what_the_budget_left_out_keeps_a_run_unfinished(tmp_path: Path) -> None:
    a_version(tmp_path)
    left = [2]

    def answer(asked: Asked) -> Answer | str:
        left[0] -= 1
        return number_of(asked) if left[0] >= 0 else Answer(Outcome.UNAFFORDABLE, problem="no money")

    assert _carry(tmp_path, answer)[1:] == (4, None)
    run = _carry(tmp_path, number_of).run
    assert run
    assert {result.outcome for result in run.results} == {Outcome.ANSWERED}


def test_a_case_that_the_system_never_answers_is_not_scored_and_what_it_declines_counts_as_wrong(
    tmp_path: Path,
) -> None:
    version = a_version(tmp_path)
    away, declined = version.cases[0].case_id, version.cases[1].case_id

    def answer(asked: Asked) -> Answer | str:
        if asked.case_id == away:
            return Answer(Outcome.UNAVAILABLE, problem="it did not answer")
        if asked.case_id == declined:
            return Answer(Outcome.DECLINED, "I cannot help with that.", problem="the model will not answer")
        return number_of(asked)

    run = a_run(tmp_path, version, answer)
    found = {result.case_id: result for result in run.results}
    assert (found[away].score, found[away].scorer) == (None, None)
    assert (found[declined].score, found[declined].passed, found[declined].output) == (
        0.0, False, "I cannot help with that.",
    )  # fmt: skip


def test_an_error_that_ends_a_run_keeps_what_was_answered(tmp_path: Path) -> None:
    a_version(tmp_path)
    left = [3]

    def answer(asked: Asked) -> str:
        left[0] -= 1
        if left[0] < 0:
            raise ModelUnavailable("The endpoint is gone.")
        return number_of(asked)

    with pytest.raises(ModelUnavailable):
        _carry(tmp_path, answer)
    after = _carry(tmp_path, number_of)
    assert after.run
    assert len(after.asked) == 3


class _Waiting(Expected):
    """A judge whose budget is spent."""

    def score(self, case: EvalCase, answer: str) -> Score:
        return Score(self.name, None, None, pending=True)


def test_an_answer_whose_score_may_still_come_is_asked_for_again(tmp_path: Path) -> None:
    version = a_version(tmp_path)
    plan, carried = a_plan(version, Function(number_of)), Carried()
    waiting = type(plan)(plan.set, plan.cases, plan.prompt, plan.render, plan.system, [_Waiting()])
    with open_draft(tmp_path, waiting) as draft:
        assert list(carry_out(waiting, draft, carried, at_once=2, stopped=threading.Event())) == []
    assert carried.missing == 6


def test_a_run_is_carried_out_by_one_process_at_a_time(tmp_path: Path) -> None:
    plan = a_plan(a_version(tmp_path), Function(number_of))
    with (
        open_draft(tmp_path, plan),
        pytest.raises(Busy, match="carried out by another process"),
        open_draft(tmp_path, plan),
    ):
        pass


def test_other_samples_another_prompt_or_another_system_is_another_run(tmp_path: Path) -> None:
    version = a_version(tmp_path)
    plans = [
        a_plan(version, Function(number_of)),
        a_plan(version, Function(number_of), samples=2),
        a_plan(version, Function(number_of), prompt=None),
        a_plan(version, Function(number_of, name="other")),
    ]
    for plan in plans:
        with open_draft(tmp_path, plan):
            pass
    assert len(runs_of(tmp_path)) == 4
