"""`sayso eval track` as people type it, where no tracker's package is installed."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from ran import a_run, a_version
from sayso_ingest.cli import run
from sayso_ingest.cli.eval.track import NAMES
from sayso_ingest.evals.trackers import TRACKERS


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A project with one run."""
    folder = tmp_path / "default"
    folder.mkdir()
    a_run(folder, a_version(folder))
    return tmp_path


def tracked(data: Path, *words: str) -> int:
    return run(["eval", "track", *words, "--data", str(data)])


def test_the_command_knows_the_trackers_that_there_are() -> None:
    assert list(TRACKERS) == list(NAMES)


def test_a_missing_package_is_an_error_that_says_what_to_install(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert tracked(data, "latest", "--with", "mlflow") == 1
    said = capsys.readouterr().err
    assert said.startswith(
        "Error: mlflow-skinny is not installed. Install it with: pip install 'sayso[mlflow]'"
    )


def test_where_the_set_is_gone_the_run_goes_without_its_questions_and_that_is_said(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.rmtree(data / "default" / "evalsets")
    assert tracked(data, "latest", "--with", "wandb") == 1
    assert capsys.readouterr().err.startswith("The table there has no questions: ")


def test_a_tracker_that_nobody_knows_is_wrong_usage(data: Path) -> None:
    assert tracked(data, "latest", "--with", "paper") == 2
    assert tracked(data, "latest") == 2


def test_a_run_that_is_not_there_is_named(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert tracked(data, "nothing", "--with", "comet") == 1
    assert "There is no run 'nothing'" in capsys.readouterr().err
