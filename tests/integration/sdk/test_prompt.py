"""A prompt in a file: its version, and where its text stands in git."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from pathlib import Path

import pytest
import sayso
from conftest import Require
from sayso.prompt import Prompt
from sayso.testing import MemoryTransport

SOMEBODY = {f"GIT_{who}_{what}": "x" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}


def git(folder: Path, *words: str) -> str:
    """Run git in a folder, without the settings of whoever runs the tests."""
    settings = ("-c", "protocol.file.allow=always", "-c", "init.defaultBranch=main")
    alone = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull, **SOMEBODY}
    ran = subprocess.run(
        ["git", *settings, *words], cwd=folder, env={**os.environ, **alone}, capture_output=True, check=True
    )
    return ran.stdout.decode().strip()


def commit(folder: Path) -> str:
    """Commit everything and return the commit."""
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "x")
    return git(folder, "rev-parse", "HEAD")


@pytest.fixture
def repository(tmp_path: Path, require: Require) -> Path:
    """A repository with prompts/help.md in it, committed."""
    require("git", shutil.which("git"), "apt-get install git")
    folder = tmp_path / "repository"
    (folder / "prompts").mkdir(parents=True)
    git(folder, "init", "--quiet")
    (folder / "prompts" / "help.md").write_text("Be short.\n")
    commit(folder)
    return folder


def place(prompt: Prompt) -> tuple[str | None, bool | None, str | None]:
    return prompt.commit, prompt.dirty, prompt.path


def test_a_prompt_is_named_after_its_file_and_versioned_by_its_content(tmp_path: Path) -> None:
    file = tmp_path / "help_desk.v2.md"
    file.write_bytes("Antworte höflich.\r\n".encode())
    prompt = sayso.Prompt.from_file(file)
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    assert prompt == sayso.Prompt("help_desk.v2", "Antworte höflich.\r\n", digest[:12])
    file.write_text("Antworte knapp.")
    assert sayso.Prompt.from_file(str(file)).version != prompt.version


def test_a_prompt_knows_the_commit_that_wrote_it_however_many_came_after(repository: Path) -> None:
    wrote = git(repository, "rev-parse", "HEAD")
    (repository / "other.txt").write_text("x")
    assert commit(repository) != wrote
    prompt = Prompt.from_file(repository / "prompts" / "help.md")
    assert place(prompt) == (wrote, False, "prompts/help.md")
    assert git(repository, "show", f"{prompt.commit}:{prompt.path}") == prompt.text.strip()


@pytest.mark.parametrize("staged", [False, True])
def test_a_prompt_that_was_changed_since_is_dirty(repository: Path, staged: bool) -> None:
    wrote, file = git(repository, "rev-parse", "HEAD"), repository / "prompts" / "help.md"
    file.write_text("Be long.\n")
    if staged:
        git(repository, "add", "--all")
    assert place(Prompt.from_file(file)) == (wrote, True, "prompts/help.md")


def test_a_prompt_that_was_never_committed_is_dirty_and_has_no_commit(repository: Path) -> None:
    file = repository / "new.md"
    file.write_text("New.")
    assert place(Prompt.from_file(file)) == (None, True, "new.md")
    git(repository, "add", "--all")
    assert place(Prompt.from_file(file)) == (None, True, "new.md")


def test_a_prompt_that_git_was_told_to_forget_has_no_commit(repository: Path) -> None:
    git(repository, "rm", "--quiet", "--cached", "prompts/help.md")
    git(repository, "commit", "--quiet", "--message", "x")
    assert place(Prompt.from_file(repository / "prompts" / "help.md")) == (None, True, "prompts/help.md")


def test_a_repository_without_commits_has_a_path_and_no_commit(repository: Path, tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet", "empty")
    file = tmp_path / "empty" / "help.md"
    file.write_text("x")
    assert place(Prompt.from_file(file)) == (None, True, "help.md")


def test_a_worktree_has_its_own_commit_and_a_submodule_its_own_path(repository: Path, tmp_path: Path) -> None:
    wrote = git(repository, "rev-parse", "HEAD")
    git(repository, "worktree", "add", "--quiet", "-b", "other", str(tmp_path / "tree"))
    file = tmp_path / "tree" / "prompts" / "help.md"
    file.write_text("Be kind.\n")
    rewrote = commit(tmp_path / "tree")
    assert place(Prompt.from_file(file)) == (rewrote, False, "prompts/help.md")
    assert place(Prompt.from_file(repository / "prompts" / "help.md")) == (wrote, False, "prompts/help.md")
    git(tmp_path, "init", "--quiet", "outer")
    git(tmp_path / "outer", "submodule", "--quiet", "add", str(repository), "inner")
    commit(tmp_path / "outer")
    inner = Prompt.from_file(tmp_path / "outer" / "inner" / "prompts" / "help.md")
    assert place(inner) == (wrote, False, "prompts/help.md")


def test_a_link_is_followed_to_where_the_text_stands(repository: Path, tmp_path: Path) -> None:
    (tmp_path / "linked.md").symlink_to(repository / "prompts" / "help.md")
    prompt = Prompt.from_file(tmp_path / "linked.md")
    assert (prompt.name, prompt.path, prompt.dirty) == ("linked", "prompts/help.md", False)


def test_odd_names_are_names_and_no_patterns(repository: Path) -> None:
    file = repository / "prompts" / "--all :(top)*é.md"
    file.write_text("x")
    wrote = commit(repository)
    assert place(Prompt.from_file(file)) == (wrote, False, f"prompts/{file.name}")


def test_what_a_hook_says_about_its_own_repository_does_not_mislead(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Git sets these for its hooks."""
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "index"))
    assert Prompt.from_file(repository / "prompts" / "help.md").dirty is False


def test_without_git_or_outside_a_repository_nothing_is_known_and_nothing_is_said(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "help.md").write_text("x")
    assert place(Prompt.from_file(tmp_path / "help.md")) == (None, None, None)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert place(Prompt.from_file(repository / "prompts" / "help.md")) == (None, None, None)
    assert capfd.readouterr() == ("", "")


def test_a_git_that_hangs_is_not_waited_for(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sayso.git.PATIENCE", 0.05)
    (tmp_path / "bin").mkdir()
    slow = tmp_path / "bin" / "git"
    slow.write_text("#!/bin/sh\nexec /bin/sleep 60\n")
    slow.chmod(0o755)
    monkeypatch.setenv("PATH", str(slow.parent))
    assert place(Prompt.from_file(repository / "prompts" / "help.md")) == (None, None, None)


def test_an_interaction_says_which_prompt_it_was_and_where_its_text_stands(repository: Path) -> None:
    committed, new, memory = repository / "prompts" / "help.md", repository / "new.md", MemoryTransport()
    new.write_text("New.")
    with sayso.Client(transport=memory) as client:
        client.interaction("msg_1", prompt=Prompt.from_file(committed))
        client.interaction("msg_2", prompt=Prompt.from_file(new))
        client.interaction("msg_3", prompt=Prompt("help", "Be short.", "7"))
        client.interaction("msg_4", prompt={"name": "other", "version": "7"})
    wrote = git(repository, "rev-parse", "HEAD")
    version = hashlib.sha256(b"Be short.\n").hexdigest()[:12]
    assert [event["body"]["prompt"] for event in memory.events] == [
        {"name": "help", "version": version, "commit": wrote, "dirty": False, "path": "prompts/help.md"},
        {"name": "new", "version": hashlib.sha256(b"New.").hexdigest()[:12], "dirty": True, "path": "new.md"},
        {"name": "help", "version": "7"},
        {"name": "other", "version": "7"},
    ]
