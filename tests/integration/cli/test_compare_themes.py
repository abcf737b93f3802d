"""`sayso compare` and `sayso themes` as people type them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from landed import append, event, land
from sayso_ingest.analysis.choices import BY, KINDS, STRATIFY
from sayso_ingest.cli import run


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project in which v2 is liked more, and some write why they did not."""
    data = tmp_path_factory.mktemp("compare")
    sent = []
    for number in range(120):
        version, target, who = f"v{1 + number % 2}", f"t{number}", f"u{number}"
        liked = number % 2 or number % 3 == 0
        click = event(target=target, actor=who, body={"value": "up" if liked else "down"})
        body = {"input": "?", "output": "!", "prompt": {"name": "answer", "version": version}}
        sent += [event("interaction", target=target, actor=who, body=body), click]
        sent += [] if liked else [why(click, f"too \x1b[31mlong {number}")]
    append(data / "default", *sent)
    land(data / "default")
    return data


def why(click: dict[str, Any], comment: str) -> dict[str, Any]:
    """What somebody writes after a click."""
    about = {"about": click["id"], "comment": comment}
    return event("detail", target=click["target"], actor=click["actor"], body=about)


def asked(data: Path, *words: str) -> int:
    return run([*words, "--data", str(data)])


def test_compare_prints_the_figures_and_ends_with_one_sentence(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert asked(data, "compare", "v1", "v2") == 0
    out = capsys.readouterr().out
    assert [line.split()[:3] for line in out.splitlines()[2:4]] == [["v1", "60", "60"], ["v2", "60", "60"]]
    assert out.splitlines()[-1].startswith("v2 is better than v1: liked ")
    assert "Smallest difference" in out


def test_compare_says_where_nobody_was_asked_about_what_is_named(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert asked(data, "compare", "v1", "v2", "--name", "tone") == 1
    assert "There is no name 'tone': no verdict has a name." in capsys.readouterr().err


def test_a_seed_that_no_source_of_chance_takes_is_wrong_usage(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert asked(data, "themes", "--seed", "-1") == 2
    assert "not in the range" in capsys.readouterr().err


def test_compare_as_json_has_everything(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert asked(data, "compare", "v2", "v1", "--stratify", "none", "--margin", "3", "--format", "json") == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert (found["outcome"], found["margin"], found["stratified"]) == ("worse", 0.03, False)
    assert found["a"]["share"]["people"] == 60
    assert found["a"]["response_rate"] is None
    assert found["sentence"].startswith("v1 is worse than v2")


@pytest.mark.parametrize(
    ("words", "code", "hint"),
    [
        (("v1", "v3"), 1, "Did you mean"),
        (("v1", "v1"), 2, "Name two"),
        (("v1", "v2", "--split", "half"), 2, "50:50, 9:1"),
        (("v1", "v2", "--by", "moon"), 2, "'moon' is none of: version, prompt, model, release, variant"),
        (("v1", "v2", "--prompt", "anser"), 1, "Did you mean answer"),
    ],
)
def test_compare_says_what_was_wrong(
    data: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], code: int, hint: str
) -> None:
    assert asked(data, "compare", *words) == code
    assert hint in capsys.readouterr().err


def test_the_help_of_compare_names_all_that_can_be_asked(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["compare", "--help"]) == 0
    said = capsys.readouterr().out
    assert [word for word in (*BY, *KINDS, *STRATIFY) if word not in said] == []


def test_themes_prints_them_and_keeps_their_ids(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert asked(data, "themes", "--format", "json") == 0
    first = json.loads(capsys.readouterr().out)
    assert sum(theme["comments"] for theme in first["themes"]) == first["comments"] == 40
    assert (data / "default" / "mining" / "themes.json").is_file()
    assert asked(data, "themes", "--format", "json") == 0
    assert json.loads(capsys.readouterr().out) == first
    assert asked(data, "themes", "--limit", "1") == 0
    out = capsys.readouterr().out
    assert first["themes"][0]["id"] in out
    assert "\x1b" not in out


def test_themes_of_nothing_say_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    append(tmp_path / "default", event())
    land(tmp_path / "default")
    assert asked(tmp_path, "themes") == 0
    assert "No themes" in capsys.readouterr().err
    assert not (tmp_path / "default" / "mining").exists()
