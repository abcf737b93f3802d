"""`sayso prompts`: versions in production beside the files and commits that they come from, and their texts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from ran import a_run, a_version
from sayso import Prompt
from sayso_ingest.cli import run
from shop import FIRST, SECOND, Shop


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop.opened(tmp_path)


def rows(capsys: pytest.CaptureFixture[str]) -> dict[str, dict[str, Any]]:
    return {row["version"]: row for row in json.loads(capsys.readouterr().out)}


def test_each_version_stands_beside_its_file_its_commit_its_verdicts_and_its_runs(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    first = shop.write(FIRST)
    second = shop.write(SECOND)
    shop.answer(first.named(), clicks="+---")
    shop.answer(second.named(), clicks="++")
    a_run(shop.data / "default", a_version(shop.data / "default"), prompt=second)
    assert shop.prompts("list", "--format", "json") == 0
    found = rows(capsys)
    old, new = found[first.version], found[second.version]
    assert (old["where"], old["path"], old["commit"]) == (
        "an earlier commit",
        "prompts/answer.md",
        first.commit,
    )
    assert (old["interactions"], old["thumbs"], old["up_rate"], old["runs"]) == (4, 4, 0.25, [])
    assert (new["where"], new["current"], new["commit"]) == ("the file now", True, second.commit)
    [ran] = new["runs"]
    assert (ran["set"]["name"], ran["score"]["value"], ran["score"]["count"]) == ("numbers", 1.0, 6)


def test_the_command_without_a_word_lists_them_as_a_table(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    first = shop.write(FIRST)
    shop.answer(first.named(), clicks="+---")
    assert shop.prompts() == 0
    out = capsys.readouterr().out
    assert first.version in out
    assert "25% (" in out


def test_what_is_in_no_commit_here_is_said_and_so_is_a_file_that_production_never_saw(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    first = shop.write(FIRST)
    (shop.repo / "prompts" / "tone.md").write_text("Be kind.\n")
    (shop.repo / "prompts" / "README.md").write_text("Our prompts.\n")
    shop.answer(first.named())
    shop.answer(
        {"name": "answer", "version": "0123456789ab", "commit": "f" * 40, "path": "prompts/answer.md"}
    )
    assert shop.prompts("--format", "json") == 0
    captured = capsys.readouterr()
    found = {row["version"]: row for row in json.loads(captured.out)}
    assert found["0123456789ab"]["where"] == "in no commit here"
    assert {one["where"] for one in found.values() if one["prompt"] == "tone"} == {"not committed"}
    assert (
        "1 version answered in production and is in no commit of this repository: answer@0123456789ab"
        in captured.err
    )
    assert "1 file with a text that was never in production: prompts/tone.md." in captured.err


def test_a_text_on_another_branch_and_one_that_was_never_committed_are_found(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    shop.write(FIRST)
    shop.git("checkout", "-qb", "try")
    tried = shop.write("Answer {{ input }} in rhyme.\n")
    shop.git("checkout", "-q", "main")
    changed = shop.write(SECOND, commit=False)
    shop.answer(tried.named())
    shop.answer(changed.named())
    assert shop.prompts("--format", "json") == 0
    found = rows(capsys)
    assert found[tried.version]["where"] == "an earlier commit"
    assert (found[changed.version]["where"], found[changed.version]["commit"]) == ("not committed", None)


def test_a_version_that_people_named_themselves_is_found_by_its_commit(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    first = shop.write(FIRST)
    shop.write(SECOND)
    shop.answer({**first.named(), "version": "v1"})
    assert shop.prompts("show", "answer", "v1") == 0
    assert FIRST.strip() in capsys.readouterr().out


def test_two_texts_are_shown_as_a_diff_of_what_answers_and_what_the_file_has(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    first = shop.write(FIRST)
    shop.answer(first.named())
    second = shop.write(SECOND)
    assert shop.prompts("diff", "answer") == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith(
        f"--- answer@{first.version}  prompts/answer.md, commit {(first.commit or '')[:10]}"
    )
    assert lines[1].startswith(f"+++ answer@{second.version}")
    assert lines[3:] == [f"-{FIRST.strip()}", *(f"+{line}" for line in SECOND.splitlines())]
    assert shop.prompts("diff", "answer", second.version[:6], "HEAD~1") == 0
    assert capsys.readouterr().out.splitlines()[-1] == f"+{FIRST.strip()}"
    assert shop.prompts("diff", "answer", "now", "main") == 0
    assert "are the same text" in capsys.readouterr().err


def test_a_text_that_no_commit_has_is_read_beside_its_run(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    shop.write(FIRST)
    gone = Prompt(name="answer", text="Gone.\n", version="aaaaaaaaaaaa")
    found = a_run(shop.data / "default", a_version(shop.data / "default"), prompt=gone)
    assert shop.prompts("show", "answer", "aaaa") == 0
    out = capsys.readouterr().out
    assert f"run {found.run_id}" in out
    assert out.rstrip().endswith("Gone.")


def test_a_version_is_shown_with_what_people_complain_of_in_it(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    first = shop.write(FIRST)
    shop.answer(first.named(), clicks="+---")
    assert shop.prompts("show", "answer", "--format", "json") == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["text"], found["version"]) == (FIRST, first.version)
    assert [theme["quote"] for theme in found["themes"]] == ["It does not say how many days."]
    assert found["production"]["down"] == 3


@pytest.mark.parametrize(
    ("words", "code", "hint"),
    [
        (("show", "anser"), 1, "There is no prompt 'anser'"),
        (("show", "answer", "v9"), 1, "There is no version 'v9' of answer"),
        (("show", "answer", "0123456789ab"), 0, "The text of answer@0123456789ab is nowhere here"),
        (("diff", "answer", "0123456789ab"), 1, "--repo DIR"),
        (("show", "answer", ""), 2, "may be any of these versions"),
    ],
)
def test_what_is_not_there_is_named(
    shop: Shop, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], code: int, hint: str
) -> None:
    shop.answer(shop.write(FIRST).named())
    shop.answer({"name": "answer", "version": "0123456789ab"})
    assert shop.prompts(*words) == code
    assert hint in capsys.readouterr().err


def test_without_a_repository_production_is_listed_and_that_is_said(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shop.answer({"name": "answer", "version": "v1"})
    outside = tmp_path / "outside"
    outside.mkdir()
    monkeypatch.chdir(outside)
    assert run(["prompts", "--data", str(shop.data), "--format", "json"]) == 0
    captured = capsys.readouterr()
    assert json.loads(captured.out)[0]["where"] == "not looked for"
    assert "--repo DIR" in captured.err
    assert run(["prompts", "--data", str(shop.data), "--repo", str(outside)]) == 2
    assert "git init" in capsys.readouterr().err


def test_a_repository_is_read_where_nothing_was_published_yet(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    shop.write(FIRST)
    (shop.data / "default").mkdir(parents=True)
    assert shop.prompts("--format", "csv") == 0
    captured = capsys.readouterr()
    assert captured.out.splitlines()[1].startswith("answer,")
    assert "Production is not known" in captured.err
