"""A repository as a whole: its files, and every text that one of them had."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from sayso import Prompt
from sayso_ingest.errors import NotFound, UsageError
from sayso_ingest.evals.prompts import Checkout

PATH = "prompts/an answer, größer.md"


def git(folder: Path, *words: str) -> None:
    who = ["-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *who, *words], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    """A repository in which a file had four contents, one of them no text, and was removed in between."""
    repo = tmp_path / "repo"
    (repo / "prompts").mkdir(parents=True)
    git(repo, "init", "-q", "-b", "main")
    for content in (b"one\n", b"two blob 3\n", b"\xff\xfe", None, b"one\n"):
        if content is None:
            (repo / PATH).unlink()
        else:
            (repo / PATH).write_bytes(content)
        git(repo, "add", "-A")
        git(repo, "commit", "-qm", "a change")
    return repo


def test_each_text_is_there_once_the_newest_first_as_the_sdk_would_have_named_it(repo: Path) -> None:
    found = Checkout(repo).versions(PATH)
    assert [prompt.text for prompt in found] == ["one\n", "two blob 3\n"]
    assert found[0] == Prompt.from_file(repo / PATH)


def test_a_repository_is_found_from_a_folder_within_it(repo: Path) -> None:
    checkout = Checkout(repo / "prompts")
    assert checkout.paths() == [PATH]
    assert checkout.now(PATH) == Prompt.from_file(repo / PATH)
    assert len(checkout.versions(PATH)) == 2


def test_a_text_is_read_as_of_a_commit_or_branch(repo: Path) -> None:
    checkout = Checkout(repo)
    before = checkout.as_of("HEAD~3", PATH)
    assert before
    assert (before.text, before.dirty, before.path, before.name) == (
        "two blob 3\n",
        False,
        PATH,
        "an answer, größer",
    )
    assert [checkout.as_of(ref, PATH) for ref in ("HEAD~1", "HEAD~2", "nowhere", "--all")] == [None] * 4


def test_of_a_bare_repository_the_history_is_read(repo: Path, tmp_path: Path) -> None:
    git(tmp_path, "clone", "-q", "--bare", "repo", "bare.git")
    checkout = Checkout(tmp_path / "bare.git")
    assert checkout.paths() == [PATH]
    assert checkout.now(PATH) is None
    assert [prompt.text for prompt in checkout.versions(PATH)] == ["one\n", "two blob 3\n"]


def test_a_repository_without_a_commit_has_no_history(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    (tmp_path / "a.md").write_text("A.")
    checkout = Checkout(tmp_path)
    assert (checkout.paths(), checkout.versions("a.md")) == (["a.md"], [])
    assert checkout.now("a.md") == Prompt.from_file(tmp_path / "a.md")


def test_a_folder_in_no_repository_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="git init"):
        Checkout(tmp_path)
    with pytest.raises(NotFound, match="clone of the repository"):
        Checkout(tmp_path / "nowhere")
