"""Runs in the trackers that teams use: in a real MLflow server, and in what W&B and Comet write offline."""

from __future__ import annotations

import csv
import io
import json
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import requests
from broker import free_ports
from interop.conftest import ENVIRONMENTS
from interop.conftest import run as run_program
from processes import wait_until
from ran import a_run, a_version, wrong_for
from sayso_ingest.errors import SaysoError
from sayso_ingest.evals.runs import Run
from sayso_ingest.evals.trackers import TRACKERS, Apart, Logged, logged
from sayso_ingest.evalsets import Version

Saw = dict[str, Any]
Ask = Callable[[str, Path], Saw]
FILES = ["README.md", "manifest.json", "prompt.md", "results.jsonl"]
CLIENTS = {"mlflow": "mlflow-client", "wandb": "wandb", "comet": "comet"}
"""Tracker -> the environment that has its package as the extra brings it."""
ANSWERS = ("no idea", "Größe? \u2028 5€ 🙂", '"quoted", and\nin two lines', "")


@pytest.fixture
def version(tmp_path: Path) -> Version:
    return a_version(tmp_path / "project", 8)


@pytest.fixture
def run(version: Version, tmp_path: Path) -> Run:
    """A run in which two cases are answered wrongly, some answers are strange, and one is half a character."""
    found = a_run(tmp_path / "project", version, wrong_for(version.cases[:2]))
    strange = [replace(one, output=text) for one, text in zip(found.results, ANSWERS, strict=False)]
    broken = replace(found.results[4], output="\ud83d")
    return replace(found, results=(*strange, broken, *found.results[5:]))


@pytest.fixture
def given(run: Run, version: Version) -> Logged:
    return logged(run, version.cases)


@pytest.fixture
def tracker(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, require: Callable[..., None], used: dict[str, str]
) -> Callable[..., Apart]:
    """`tracker(name, NAME=value...)` is one whose package is in an environment of its own."""

    def make(name: str, **settings: str) -> Apart:
        home = ENVIRONMENTS / CLIENTS[name]
        require(name, (home / "ready").exists(), "make interop")
        monkeypatch.setenv("HOME", str(tmp_path))
        monkeypatch.chdir(tmp_path)
        for setting, value in settings.items():
            monkeypatch.setenv(setting, value)
        python, package = home / "bin" / "python", TRACKERS[name].distribution
        asked = f"import importlib.metadata; print(importlib.metadata.version({package!r}))"
        used[package] = run_program([python, "-c", asked], tmp_path).strip()
        return Apart(TRACKERS[name], python=python)

    return make


@pytest.fixture
def mlflow_server(tmp_path: Path, require: Callable[..., None]) -> Iterator[str]:
    """The address of an MLflow server that keeps what it keeps in a folder of this test."""
    python = ENVIRONMENTS / "mlflow" / "bin" / "python"
    require("mlflow", python.exists(), "make interop")
    home = tmp_path / "server"
    home.mkdir()
    [port] = free_ports(1)
    where = ["--host", "127.0.0.1", "--port", str(port), "--workers", "1"]
    kept = [
        "--backend-store-uri",
        f"sqlite:///{home}/mlflow.db",
        "--artifacts-destination",
        str(home / "files"),
    ]
    environment = {
        "HOME": str(home),
        "PATH": f"{python.parent}:/usr/bin:/bin",
        "MLFLOW_DISABLE_TELEMETRY": "true",
    }
    address = f"http://127.0.0.1:{port}"
    with (home / "log").open("wb") as log:
        server = subprocess.Popen(
            [python, "-m", "mlflow", "server", *where, *kept],
            cwd=home, env=environment, stdout=log, stderr=log,
        )  # fmt: skip
        try:
            wait_until(lambda: answers(address), seconds=240, pause=0.5, what="MLflow's server is up")
            yield address
        finally:
            server.terminate()
            server.wait(60)


def answers(address: str) -> bool:
    try:
        return requests.get(f"{address}/health", timeout=5).ok
    except requests.RequestException:
        return False


def experiments(server: str, asked: Ask, folder: Path) -> list[tuple[str, Any]]:
    """The experiments of a server that have runs, by name."""
    (folder / "uri").write_text(server)
    return list(asked("mlflow", folder)["experiments"].items())


def outputs(rows: list[list[Any]], columns: list[str]) -> list[Any]:
    return [row[columns.index("output")] for row in rows]


def expected_outputs(run: Run) -> list[str]:
    return [(one.output or "").encode("utf-8", "backslashreplace").decode() for one in run.results]


def test_mlflow_has_a_run_with_parameters_intervals_files_and_a_table_and_the_same_run_again_is_the_same_entry(
    mlflow_server: str, tracker: Callable[..., Apart], version: Version, run: Run, asked: Ask
) -> None:
    given = logged(run, version.cases)
    signed_in = mlflow_server.replace("//", "//me:secret@")
    mlflow = tracker("mlflow", MLFLOW_TRACKING_URI=signed_in)
    seen = mlflow.log(given)
    erased = replace(run, results=(replace(run.results[0], output=None, why=None), *run.results[1:]))
    assert mlflow.log(logged(erased)) == seen
    [(experiment, found)] = experiments(mlflow_server, asked, run.path)
    [entry] = found["runs"]
    assert experiment == "sayso-numbers"
    assert (entry["name"], entry["status"]) == (run.run_id, "FINISHED")
    assert entry["took"] == [given.began_ms, given.ended_ms]
    assert entry["parameters"] == {name: str(value) for name, value in given.parameters.items()}
    assert entry["metrics"] == pytest.approx(dict(given.metrics))
    assert set(entry["points"].values()) == {1}
    assert entry["tags"]["sayso.run_id"] == run.run_id
    assert sorted(entry["files"]) == [*FILES, "results_table.json"]
    for path in map(Path, given.files):
        assert entry["files"][path.name] == path.read_text()
    assert [row["output"] for row in found["table"]] == [None, *expected_outputs(run)[1:]]
    assert seen == f"{mlflow_server}/#/experiments/1/runs/{entry['id']}"
    assert "secret" not in json.dumps(found)


def test_mlflows_experiment_is_that_which_the_team_names(
    mlflow_server: str, tracker: Callable[..., Apart], given: Logged, run: Run, asked: Ask
) -> None:
    named = {"MLFLOW_TRACKING_URI": mlflow_server, "MLFLOW_EXPERIMENT_NAME": "prompts"}
    tracker("mlflow", **named).log(given)
    [(experiment, _)] = experiments(mlflow_server, asked, run.path)
    assert experiment == "prompts"


def test_wandb_writes_the_run_with_its_figures_table_and_files_and_the_same_run_again_under_the_same_id(
    tracker: Callable[..., Apart], given: Logged, run: Run, asked: Ask, tmp_path: Path
) -> None:
    home = tmp_path / "written"
    home.mkdir()
    wandb = tracker("wandb", WANDB_MODE="offline", WANDB_DIR=str(home), WANDB_DATA_DIR=str(home))
    seen = [Path(wandb.log(given)) for _ in range(2)]
    assert all(folder.is_dir() and folder.is_relative_to(home) for folder in seen)
    saw = asked("wandb-reader", home)["runs"]
    assert len(saw) == 2
    for entry in saw:
        assert entry["run"] == {
            "id": run.run_id, "name": run.run_id, "project": "sayso-numbers", "notes": given.account,
        }  # fmt: skip
        assert {name: entry["config"][name] for name in given.parameters} == given.parameters
        assert {name: entry["summary"][name] for name in given.metrics} == pytest.approx(dict(given.metrics))
        [point] = entry["points"]
        assert {name: point[name] for name in given.metrics} == pytest.approx(dict(given.metrics))
        assert entry["artifacts"][run.run_id] == {"type": "sayso-run", "files": FILES}
        [table] = entry["tables"]
        assert table["columns"] == list(given.table.columns)
        assert outputs(table["data"], table["columns"]) == expected_outputs(run)
        assert (entry["exit_code"], entry["host"], entry["git"]) == (0, "", "")
        assert not {"stats", "output", "output_raw"} & set(entry["kinds"])


def test_comet_writes_the_experiment_with_its_figures_table_and_files_and_nothing_of_this_machine(
    tracker: Callable[..., Apart], given: Logged, run: Run, asked: Ask, tmp_path: Path
) -> None:
    home = tmp_path / "written"
    comet = tracker("comet", COMET_START_ONLINE="false", COMET_OFFLINE_DIRECTORY=str(home))
    seen = [comet.log(given) for _ in range(2)]
    assert sorted(seen) == sorted(map(str, home.glob("*.zip")))
    saw = asked("comet", home)["experiments"]
    assert len(saw) == 2
    for entry in saw:
        assert (entry["experiment"]["offline_id"], entry["experiment"]["project_name"]) == (
            given.key, "sayso-numbers",
        )  # fmt: skip
        assert entry["experiment"]["resume_strategy"] == "get_or_create"
        assert entry["others"]["Name"] == entry["others"]["sayso.run_id"] == run.run_id
        assert set(entry["parameters"]) == {*given.parameters, "curr_step"}
        assert {name: entry["parameters"][name] for name in given.parameters} == given.parameters
        assert set(entry["metrics"]) == {*given.metrics, "process duration"}
        for name, value in given.metrics.items():
            assert entry["metrics"][name] == [pytest.approx(value)]
        assert sorted(entry["files"]) == [*FILES, "results_table.csv"]
        assert all(file["overwrite"] for file in entry["files"].values())
        header, *rows = csv.reader(io.StringIO(entry["files"]["results_table.csv"]["text"]))
        assert header == list(given.table.columns)
        assert outputs(rows, header) == expected_outputs(run)


@pytest.mark.parametrize(
    ("name", "settings"),
    [
        ("mlflow", {"MLFLOW_TRACKING_URI": "http://me:secret@127.0.0.1:{port}"}),
        ("wandb", {"WANDB_BASE_URL": "http://127.0.0.1:{port}", "WANDB_API_KEY": "secret" * 7}),
        ("comet", {"COMET_URL_OVERRIDE": "http://127.0.0.1:{port}/", "COMET_API_KEY": "secret" * 5}),
    ],
)
def test_a_tracker_that_is_away_is_told_of_without_a_secret_and_with_the_command_for_later(
    name: str,
    settings: dict[str, str],
    tracker: Callable[..., Apart],
    given: Logged,
    capfd: pytest.CaptureFixture[str],
) -> None:
    [port] = free_ports(1)
    away = {setting: value.format(port=port) for setting, value in settings.items()}
    with pytest.raises(SaysoError) as raised:
        tracker(name, **away).log(given)
    said = str(raised.value)
    assert f"has not taken {given.run_id}: " in said
    assert said.endswith(
        f"The run is kept. Once that is put right: sayso eval track {given.run_id} --with {name}"
    )
    assert "secret" not in said
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("name", "settings", "said"),
    [
        ("mlflow", {}, "MLFLOW_TRACKING_URI is not set"),
        ("wandb", {"WANDB_MODE": "disabled"}, "WANDB_MODE says that nothing is logged"),
        ("wandb", {}, "wandb login"),
        ("comet", {}, "COMET_API_KEY is not set"),
    ],
)
def test_a_tracker_that_nobody_has_set_up_says_what_to_set(
    name: str,
    settings: dict[str, str],
    said: str,
    tracker: Callable[..., Apart],
    given: Logged,
) -> None:
    with pytest.raises(SaysoError, match=said):
        tracker(name, **settings).log(given)
