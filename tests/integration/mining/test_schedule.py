"""`sayso mine --schedule`, as a timer runs it: a branch when there is something new, else silence."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from conftest import Require
from integration.mining.project import Events, publish
from service import run_here as run


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A project with traffic, and something that people dislike."""
    events = Events()
    events.traffic(40)
    events.add("thumb", "t007", {"value": "down"}, actor="ann")
    publish(tmp_path / "data" / "default", events.sent).close()
    return tmp_path / "data"


@pytest.fixture
def tree(tmp_path: Path, require: Require) -> Path:
    require("git", shutil.which("git"), "apt-get install git")
    git(tmp_path, "init", "--quiet", "evals")
    return tmp_path / "evals"


def git(folder: Path, *words: str) -> str:
    return subprocess.run(["git", *words], cwd=folder, capture_output=True, check=True, text=True).stdout


def mine(data: Path, *words: str | Path) -> subprocess.CompletedProcess[str]:
    return run("mine", "--set", "help", "--budget", "5", *words, "--data", data)


def inputs(done: subprocess.CompletedProcess[str]) -> set[str]:
    return {row["input"] for row in json.loads(done.stdout)}


@pytest.mark.slow
def test_what_is_new_becomes_a_branch_once_and_nothing_new_is_silence(data: Path, tree: Path) -> None:
    first = mine(data, "--schedule", "--out", tree)
    assert first.returncode == 0, first.stderr
    branch = first.stdout.strip()
    assert branch.startswith("sayso/help-")
    page, _ = sorted(git(tree, "ls-tree", "-r", "--name-only", branch).splitlines(), reverse=True)
    shown = git(tree, "show", f"{branch}:{page}")
    assert "1 of 1 people disliked it" in shown
    assert "| 1 case | 0%" in shown
    again = mine(data, "--schedule", "--out", tree)
    assert (again.returncode, again.stdout, again.stderr) == (0, "", "")
    assert git(tree, "branch", "--list", "--format", "%(refname:short)").split() == [branch]


@pytest.mark.slow
def test_no_budget_is_spent_on_what_was_declined(data: Path) -> None:
    first = mine(data, "--format", "json")
    ids = [row["case"] for row in json.loads(first.stdout)]
    assert run("evalset", "decline", "help", *ids, "--data", data).returncode == 0
    second = mine(data, "--format", "json")
    assert len(inputs(second)) == 5
    assert not inputs(first) & inputs(second)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--schedule"], "--out"),
        (["--out", "."], "--schedule"),
        (["--schedule", "--out", "data"], "git init"),
    ],
)
def test_what_cannot_be_delivered_is_refused_before_anything_is_mined(
    data: Path, words: list[str], told: str
) -> None:
    done = mine(data, *[data if word == "data" else word for word in words])
    assert done.returncode == 2
    assert told in done.stderr
    assert not (data / "default" / "mining").exists()
