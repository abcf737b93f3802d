"""A tracker's package works in a process of its own: what it prints, leaves and breaks stays there."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from ran import a_run, a_version
from sayso_ingest.errors import MissingExtra, SaysoError, UsageError
from sayso_ingest.evals.runs import Run
from sayso_ingest.evals.trackers import TRACKERS, Apart, Kind, Logged, logged, track

OWN = Kind("own", "Own", "own_tracker", "no_such_package_anywhere", "no-such-package")


@pytest.fixture
def run(tmp_path: Path) -> Run:
    return a_run(tmp_path, a_version(tmp_path))


@pytest.fixture
def given(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Logged:
    """A run as trackers take it; the tracker of these tests is found, and keeps runs in a folder of its own."""
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent))
    monkeypatch.chdir(tmp_path)
    return logged(run)


def test_a_run_is_logged_and_nothing_of_the_package_is_seen_or_waited_for(
    given: Logged, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    seen = Apart(OWN).log(given)
    assert seen == "https://tracker.example/runs/1"
    assert capfd.readouterr() == ("", "")
    kept = json.loads((tmp_path / "kept.json").read_text())
    assert kept[given.run_id]["score"] == 1.0


@pytest.mark.parametrize(("own", "used"), [(None, "yes"), ("no", "no")])
def test_a_package_is_told_to_be_quiet_unless_the_team_says_otherwise(
    own: str | None, used: str, given: Logged, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if own:
        monkeypatch.setenv("OWN_TRACKER_QUIET", own)
    Apart(OWN).log(given)
    assert json.loads((tmp_path / "kept.json").read_text())[given.run_id]["quiet"] == used


@pytest.mark.parametrize(
    ("project", "why"),
    [
        ("refuses", "https://tracker.example says no"),
        ("dies", "no memory for that"),
        ("hangs", "nothing came of it within 2 s"),
    ],
)
def test_what_goes_wrong_there_is_one_sentence_and_the_command_that_logs_it_later(
    project: str, why: str, given: Logged
) -> None:
    with pytest.raises(SaysoError) as raised:
        Apart(OWN, seconds=2 if project == "hangs" else 60).log(replace(given, project=project))
    assert str(raised.value) == (
        f"Own has not taken {given.run_id}: {why}. The run is kept. Once that is put right: "
        f"sayso eval track {given.run_id} --with own"
    )


def test_a_package_that_is_missing_is_told_of_with_what_installs_it(given: Logged) -> None:
    with pytest.raises(MissingExtra, match=r"no-such-package is not installed.*pip install 'sayso\[own\]'"):
        Apart(OWN).log(replace(given, project="lacks"))


def test_what_a_package_itself_lacks_is_not_mistaken_for_it(given: Logged) -> None:
    other = replace(OWN, package="another")
    with pytest.raises(SaysoError, match="its package needs no_such_package_anywhere"):
        Apart(other).log(replace(given, project="lacks"))


@pytest.mark.parametrize("name", TRACKERS)
def test_without_the_extra_of_a_tracker_that_is_said_and_how_to_install_it(name: str, run: Run) -> None:
    with pytest.raises(MissingExtra, match=rf"pip install 'sayso\[{name}\]'"):
        track(run, name)


def test_a_tracker_that_there_is_not_is_named_with_those_that_there_are(run: Run) -> None:
    with pytest.raises(UsageError, match=r"no tracker 'neptune'.*mlflow, wandb, comet"):
        track(run, "neptune")
