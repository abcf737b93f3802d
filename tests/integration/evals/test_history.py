"""A prompt as real commits of a real repository have it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import sayso
from conftest import Require
from integration.sdk.test_prompt import commit, git
from sayso_ingest.errors import NotFound, SaysoError, UsageError
from sayso_ingest.evals.prompts import predecessor, prompt_at, versions_of


@pytest.fixture
def file(tmp_path: Path, require: Require) -> Path:
    """A prompt that was committed once."""
    require("git", shutil.which("git"), "apt-get install git")
    path = tmp_path / "product" / "my prompts" / "answer é.md"
    path.parent.mkdir(parents=True)
    git(tmp_path / "product", "init", "--quiet")
    return path


def write(file: Path, text: str) -> str:
    """Commit this text, and return the commit."""
    file.write_bytes(text.encode())
    return commit(file.parent.parent)


def test_a_text_of_a_commit_is_the_prompt_that_the_file_was_then(file: Path) -> None:
    write(file, "One.\r\n")
    then = sayso.Prompt.from_file(file)
    write(file, "Two.")
    write(file.parent / "other.md", "Another file.")
    assert prompt_at(file, "HEAD~2") == then
    assert prompt_at(file, "HEAD") == sayso.Prompt.from_file(file)


def test_the_text_before_a_changed_one_is_that_of_head_and_of_one_that_is_committed_the_one_before(
    file: Path,
) -> None:
    write(file, "One.")
    second = write(file, "Two.")
    assert predecessor(file).text == "One."
    file.write_text("Three, not committed.")
    assert (predecessor(file).text, predecessor(file).commit) == ("Two.", second)
    file.write_text("One.")  # taken back, and not committed
    assert predecessor(file).text == "Two."


def test_commits_that_leave_the_text_as_it_is_do_not_count_as_a_change(file: Path) -> None:
    write(file, "One.")
    write(file, "Two.")
    file.chmod(0o755)
    commit(file.parent.parent)
    write(file.parent / "other.md", "Another file.")
    assert predecessor(file).text == "One."


def test_all_texts_are_listed_newest_first_with_their_commits(file: Path) -> None:
    commits = [write(file, "One."), write(file, "Two.")]
    file.unlink()
    commit(file.parent.parent)
    commits.append(write(file, "Three."))
    found = versions_of(file)
    assert [(one.prompt.text, one.prompt.commit) for one in found] == list(
        zip(["Three.", "Two.", "One."], commits[::-1], strict=True)
    )
    assert found[0].prompt == sayso.Prompt.from_file(file)
    assert found[0].subject == "x"
    assert found[0].written_at.tzinfo is not None


def test_a_renamed_file_has_the_texts_of_its_earlier_name(file: Path) -> None:
    first = write(file, "Answer the question in one word.\n")
    moved = file.with_name("short.md")
    file.rename(moved)
    second = commit(file.parent.parent)
    found = [(one.prompt.commit, one.prompt.path) for one in versions_of(moved)]
    assert found == [(second, "my prompts/short.md"), (first, "my prompts/answer é.md")]


def test_a_link_has_the_history_of_the_text_it_leads_to(file: Path, tmp_path: Path) -> None:
    write(file, "One.")
    write(file, "Two.")
    link = tmp_path / "current.md"
    link.symlink_to(file)
    assert predecessor(link).text == "One."
    assert predecessor(link).name == "current"


def test_where_there_is_no_earlier_text_that_is_said(file: Path, tmp_path: Path) -> None:
    file.write_text("One.")
    assert versions_of(file) == []
    with pytest.raises(NotFound, match=r"No commit has an earlier text of .*answer é\.md\. Commit it before"):
        predecessor(file)
    write(file, "One.")
    with pytest.raises(NotFound, match="No commit has an earlier text"):
        predecessor(file)
    with pytest.raises(NotFound, match="cannot be read"):
        predecessor(tmp_path / "none.md")


def test_a_clone_that_lacks_earlier_commits_says_how_to_get_them(file: Path, tmp_path: Path) -> None:
    write(file, "One.")
    write(file, "Two.")
    git(tmp_path, "clone", "--quiet", "--depth", "1", (tmp_path / "product").as_uri(), "clone")
    cloned = tmp_path / "clone" / "my prompts" / file.name
    with pytest.raises(NotFound, match="git fetch --unshallow"):
        predecessor(cloned)
    with pytest.raises(UsageError, match="git fetch --unshallow"):
        prompt_at(cloned, "HEAD~1")


def test_a_commit_or_a_file_that_is_not_there_is_named(file: Path) -> None:
    write(file, "One.")
    for ref in ("v9", "--all", "", "HEAD:x", "a\nb"):
        with pytest.raises(UsageError, match="names no commit, branch or tag"):
            prompt_at(file, ref)
    with pytest.raises(NotFound, match=r"There is no my prompts/none\.md at HEAD"):
        prompt_at(file.with_name("none.md"), "HEAD")
    with pytest.raises(NotFound, match="There is no my prompts at HEAD"):
        prompt_at(file.parent, "HEAD")


def test_a_text_that_is_not_utf_8_is_named(file: Path) -> None:
    write(file, "One.")
    file.write_bytes(b"\xff")
    commit(file.parent.parent)
    with pytest.raises(SaysoError, match="is not UTF-8"):
        prompt_at(file, "HEAD")


def test_outside_a_repository_or_without_git_that_is_said(
    tmp_path: Path, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = tmp_path / "alone.md"
    alone.write_text("One.")
    with pytest.raises(UsageError, match="cannot be used as a git repository"):
        predecessor(alone)
    with pytest.raises(NotFound, match="There is no folder"):
        prompt_at(tmp_path / "none" / "a.md", "HEAD")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NotFound, match="git is not installed"):
        versions_of(file)


def test_settings_about_how_a_log_is_shown_change_nothing(file: Path) -> None:
    write(file, "One.")
    write(file, "Two.")
    for name, value in {
        "log.showSignature": "true",
        "diff.relative": "true",
        "diff.renames": "false",
        "color.ui": "always",
    }.items():
        git(file.parent, "config", name, value)
    assert [one.prompt.text for one in versions_of(file)] == ["Two.", "One."]
