"""`sayso eval list` and `sayso eval show` as people type them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import NamedTuple

import pytest
from ran import a_run, a_version, number_of, wrong_for
from sayso_ingest.cli import run
from sayso_ingest.evals.runs import Run
from sayso_ingest.evals.systems import Asked


class Ran(NamedTuple):
    data: Path
    run: Run

    def asked(self, *words: str) -> int:
        return run(["eval", *words, "--data", str(self.data)])


@pytest.fixture
def ran(tmp_path: Path) -> Ran:
    """A project with one run, in which the first case is answered wrongly."""
    folder = tmp_path / "default"
    folder.mkdir()
    version = a_version(folder)
    return Ran(tmp_path, a_run(folder, version, wrong_for(version.cases[:1])))


def test_runs_are_listed_with_set_prompt_and_what_answered(
    ran: Ran, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ran.asked("list", "--format", "json") == 0
    [listed] = json.loads(capsys.readouterr().out)
    assert (listed["run"], listed["set"], listed["prompt"], listed["answered by"], listed["state"]) == (
        ran.run.run_id, "numbers v1", "answer@3f2a9c1b77aa", "echo", "finished",
    )  # fmt: skip


def test_where_there_is_no_run_that_is_said(ran: Ran, capsys: pytest.CaptureFixture[str]) -> None:
    assert ran.asked("list", "--set", "other") == 0
    assert capsys.readouterr().err == "No run of other yet.\n"


def test_a_run_is_shown_with_its_account_and_a_row_for_each_case(
    ran: Ran, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ran.asked("show", "latest") == 0
    out = capsys.readouterr().out
    assert "numbers v1, 6 cases (all)" in out
    assert ran.asked("show", "latest", "--format", "json") == 0
    rows = json.loads(capsys.readouterr().out)
    assert [row["score"] for row in rows] == [0, 1, 1, 1, 1, 1]
    assert rows[0]["output"] == "no idea"
    assert all(row["input"].startswith("What is ") for row in rows)


def test_one_case_is_shown_with_its_question_and_its_answer(
    ran: Ran, capsys: pytest.CaptureFixture[str]
) -> None:
    result = ran.run.results[0]
    assert ran.asked("show", "latest", result.case_id[:12]) == 0
    out = capsys.readouterr().out
    assert all(text in out for text in (result.case_id, "What is ", "no idea", "0.00 by exact"))
    assert ran.asked("show", "latest", result.case_id[:12], "--format", "json") == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["case"]["case_id"], found["results"][0]["output"]) == (result.case_id, "no idea")


def test_every_sample_of_a_case_is_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def answer(asked: Asked) -> str:
        return f"sample \x1b[31m{asked.sample}" if asked.sample else number_of(asked)

    folder = tmp_path / "default"
    folder.mkdir()
    ran = Ran(tmp_path, a_run(folder, a_version(folder, 1), answer, samples=2))
    assert ran.asked("show", "latest", ran.run.results[0].case_id) == 0
    out = capsys.readouterr().out
    assert "sample �[31m1" in out
    assert "1.00 by exact" in out


def test_a_run_whose_set_is_gone_is_shown_without_the_questions(
    ran: Ran, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.rmtree(ran.data / "default" / "evalsets")
    assert ran.asked("show", "latest", "--format", "json") == 0
    shown = capsys.readouterr()
    assert {row["input"] for row in json.loads(shown.out)} == {None}
    assert "The questions cannot be shown: There is no version 1" in shown.err


def test_what_is_not_there_is_said(ran: Ran, capsys: pytest.CaptureFixture[str]) -> None:
    assert ran.asked("show", "other") == 1
    assert "There is no run 'other'" in capsys.readouterr().err
    assert ran.asked("show", "latest", "zzz") == 1
    assert "has no case 'zzz'" in capsys.readouterr().err
    assert ran.asked("show", "latest", "") == 2
    assert "begins the ids of 6 cases" in capsys.readouterr().err
