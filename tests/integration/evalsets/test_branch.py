"""Candidates become a branch of a real git repository, and nothing else in it changes."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from conftest import Require
from sayso_ingest import evalsets
from sayso_ingest.errors import NotFound, SaysoError, UsageError
from sayso_ingest.evalsets import Repository
from unit.evalsets.test_case import case

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
BRANCH = "sayso/help-2026-03-01"
ONE, TWO = case("Where is my parcel?"), case("I lost my password")
SOMEBODY = {f"GIT_{who}_{what}": "ann" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}


def git(folder: Path, *words: str) -> str:
    alone = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull, **SOMEBODY}
    ran = subprocess.run(
        ["git", *words], cwd=folder, env={**os.environ, **alone}, capture_output=True, check=True
    )
    return ran.stdout.decode()


@pytest.fixture
def tree(tmp_path: Path, require: Require) -> Path:
    """A work tree with one commit."""
    require("git", shutil.which("git"), "apt-get install git")
    place = tmp_path / "product"
    (place / "evals").mkdir(parents=True)
    git(place, "init", "--quiet", "--initial-branch", "main")
    (place / "evals" / "README").write_text("Eval sets.\n")
    git(place, "add", "--all")
    git(place, "commit", "--quiet", "--message", "first")
    return place


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "data" / "default"
    evalsets.propose(folder, "help", [ONE, TWO])
    return folder


def deliver(project: Path, tree: Path, *cases: evalsets.EvalCase) -> str:
    return evalsets.deliver(project, "help", cases, into=Repository.at(tree), page="Why.\n", now=NOW)


def test_a_branch_has_the_candidates_and_the_page_in_one_commit_on_top_of_what_is_checked_out(
    project: Path, tree: Path
) -> None:
    assert deliver(project, tree / "evals", ONE, TWO) == BRANCH
    changed = git(tree, "diff", "--name-status", "main", BRANCH).splitlines()
    assert changed == [
        "A\tevals/help/candidates/2026-03-01.jsonl",
        "A\tevals/help/candidates/2026-03-01.md",
    ]
    assert git(tree, "rev-list", "--count", f"main..{BRANCH}").strip() == "1"
    rows = git(tree, "show", f"{BRANCH}:evals/help/candidates/2026-03-01.jsonl").splitlines()
    assert [json.loads(row)["input"] for row in rows] == [ONE.input, TWO.input]
    assert git(tree, "show", f"{BRANCH}:evals/help/candidates/2026-03-01.md") == "Why.\n"
    assert (
        git(tree, "log", "-1", "--format=%s %ct", BRANCH)
        == f"Propose 2 cases for help {NOW.timestamp():.0f}\n"
    )


def test_what_is_checked_out_staged_or_not_committed_stays_as_it_is(project: Path, tree: Path) -> None:
    (tree / "evals" / "README").write_text("Half an edit.\n")
    (tree / "staged").write_text("staged\n")
    git(tree, "add", "staged")
    (tree / "untracked").write_text("untracked\n")
    seen = ("status", "--porcelain=v2", "--branch"), ("diff",), ("diff", "--cached"), ("stash", "list")
    before = [git(tree, *words) for words in seen]
    deliver(project, tree, ONE)
    assert [git(tree, *words) for words in seen] == before


def test_a_detached_head_and_a_bare_repository_get_their_branch_too(
    project: Path, tree: Path, tmp_path: Path
) -> None:
    git(tree, "checkout", "--quiet", "--detach")
    git(tree, "clone", "--quiet", "--bare", str(tree), str(tmp_path / "bare.git"))
    assert deliver(project, tree, ONE) == BRANCH
    assert deliver(project, tmp_path / "bare.git", TWO) == BRANCH
    for place in (tree, tmp_path / "bare.git"):
        assert "help/candidates/2026-03-01.md" in git(place, "ls-tree", "-r", "--name-only", BRANCH)


def test_a_repository_without_a_commit_gets_one_branch_of_one_commit(project: Path, tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet", "empty")
    deliver(project, tmp_path / "empty", ONE)
    assert git(tmp_path / "empty", "rev-list", "--count", BRANCH).strip() == "1"


def test_a_clone_s_branch_begins_at_the_remote_s_main_branch_and_not_at_half_done_work(
    project: Path, tree: Path, tmp_path: Path
) -> None:
    git(tmp_path, "clone", "--quiet", str(tree), "clone")
    clone = tmp_path / "clone"
    git(clone, "checkout", "--quiet", "-b", "half-done")
    git(clone, "commit", "--quiet", "--allow-empty", "--message", "half done")
    deliver(project, clone, ONE)
    assert git(clone, "merge-base", BRANCH, "half-done") == git(clone, "rev-parse", "origin/main")


def test_a_candidate_is_in_one_branch_only_also_when_that_was_thrown_away(project: Path, tree: Path) -> None:
    assert evalsets.undelivered(project, "help", [TWO, ONE]) == [TWO, ONE]
    deliver(project, tree, ONE)
    git(tree, "branch", "--quiet", "--delete", "--force", BRANCH)
    assert evalsets.undelivered(project, "help", [TWO, ONE]) == [TWO]


def test_what_was_declined_is_not_delivered(project: Path) -> None:
    evalsets.decline_candidates(project, "help", [ONE.case_id])
    assert evalsets.undelivered(project, "help", [ONE, TWO]) == [TWO]


def test_a_second_delivery_of_a_day_has_a_branch_of_its_own(project: Path, tree: Path) -> None:
    deliver(project, tree, ONE)
    assert deliver(project, tree, TWO) == f"{BRANCH}-2"
    assert "help/candidates/2026-03-01-2.jsonl" in git(tree, "ls-tree", "-r", "--name-only", f"{BRANCH}-2")


def test_a_run_that_died_before_it_could_keep_what_it_did_makes_no_second_branch(
    project: Path, tree: Path
) -> None:
    deliver(project, tree, ONE)
    (project / "mining" / "help" / "delivered.jsonl").unlink()
    assert deliver(project, tree, ONE) == BRANCH
    assert git(tree, "branch", "--list", "sayso/*", "--format", "%(refname:short)") == f"{BRANCH}\n"


def test_hooks_for_commits_made_by_hand_are_not_run(project: Path, tree: Path) -> None:
    hook(tree, "pre-commit")
    hook(tree, "commit-msg")
    assert deliver(project, tree, ONE) == BRANCH


def test_a_hook_that_refuses_the_branch_is_told_and_the_candidates_wait_for_the_next_run(
    project: Path, tree: Path
) -> None:
    hook(tree, "reference-transaction")
    with pytest.raises(SaysoError, match=f"could not make the branch {BRANCH}"):
        deliver(project, tree, ONE)
    assert evalsets.undelivered(project, "help", [ONE]) == [ONE]
    assert git(tree, "branch", "--list", "sayso/*") == ""


def test_a_branch_in_the_way_is_told(project: Path, tree: Path) -> None:
    git(tree, "branch", "sayso")
    with pytest.raises(SaysoError, match="could not make the branch"):
        deliver(project, tree, ONE)


def test_a_folder_that_is_no_repository_is_refused_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="git init"):
        Repository.at(tmp_path)
    with pytest.raises(NotFound, match="Clone the repository"):
        Repository.at(tmp_path / "nowhere")


def test_without_git_it_says_so(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tree))
    with pytest.raises(NotFound, match="git is not installed"):
        Repository.at(tree)


def test_names_that_git_takes_for_something_else_are_spelled_so_that_it_does_not(
    project: Path, tmp_path: Path
) -> None:
    odd = tmp_path / 'a "quoted" folder\\'
    odd.mkdir()
    git(tmp_path, "init", "--quiet")
    evalsets.propose(project, "a..b", [ONE])
    branch = evalsets.deliver(project, "a..b", [ONE], into=Repository.at(odd), page="Why.\n", now=NOW)
    assert branch == "sayso/a.b-2026-03-01"
    names = git(tmp_path, "ls-tree", "-r", "-z", "--name-only", branch).split("\0")
    assert 'a "quoted" folder\\/a..b/candidates/2026-03-01.md' in names


def hook(tree: Path, name: str) -> None:
    """A hook that refuses."""
    file = tree / ".git" / "hooks" / name
    file.parent.mkdir(exist_ok=True)
    file.write_text("#!/bin/sh\nexit 1\n")
    file.chmod(0o755)
