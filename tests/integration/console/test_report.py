"""What `sayso report` writes: one file, with everything in it, in which strangers' text stays text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from click.testing import CliRunner
from crowd import HOSTILE, speak
from landed import NOW, append, event, land
from sayso_ingest.analysis import Contrast
from sayso_ingest.cli import sayso
from sayso_ingest.console.report import Subject, write_report
from sayso_ingest.errors import NotFound

VOID = {"meta", "link", "br", "img", "input", "hr"}


@pytest.fixture(scope="module")
def spoken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("spoken") / "shop"
    speak(folder)
    return folder


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hostile") / "shop"
    speak(folder, HOSTILE, days=3)
    return folder


class Strict(HTMLParser):
    """Collects tags and attributes, and sees that every tag is closed in its order."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.opened: list[str] = []
        self.feed(page)
        assert self.opened == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        if tag not in VOID:
            self.opened.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.opened.pop() == tag


def test_it_makes_no_file_where_the_data_is(spoken: Path) -> None:
    """Whoever reads a copy may have a folder that only others write to."""
    before = sorted(spoken.parent.rglob("*"))
    for subject in subjects():
        write_report(spoken, subject)
    assert sorted(spoken.parent.rglob("*")) == before


def subjects(words: str = "") -> Iterator[Subject]:
    yield Subject()
    yield Subject(prompt=f"desk{words}")
    yield Subject(contrast=Contrast(f"v1{words}", f"v2{words}"))


def text(page: str) -> str:
    return " ".join(re.sub(r"<style>.*?</style>|<[^>]+>", " ", page, flags=re.DOTALL).split())


def test_the_week_is_told_against_the_usual_with_complaints_and_disliked_answers(spoken: Path) -> None:
    page = write_report(spoken, Subject(), now=lambda: NOW)
    told = text(page)
    assert "shop: the last seven days" in told
    assert re.search(r"Thumbs up, of thumbs [\d.]+ %", told)
    assert "thumb wrong" in told
    assert "Not that menu." in told
    assert 'role="img"' in page


def test_a_prompt_is_told_with_its_newest_version_against_the_one_before(spoken: Path) -> None:
    told = text(write_report(spoken, Subject(prompt="desk"), now=lambda: NOW))
    assert "The prompt desk" in told
    assert "The newest against the one before" in told
    assert "Length of the answer: nothing to compare" in told
    assert "Not enough data" in told


def test_a_comparison_is_told_in_a_sentence_with_what_it_rests_on(spoken: Path) -> None:
    told = text(write_report(spoken, Subject(contrast=Contrast("v1", "v2")), now=lambda: NOW))
    assert "Is v2 better than v1?" in told
    assert "Not enough data" in told
    assert "Smallest difference" in told


@pytest.mark.parametrize("number", range(3))
def test_a_report_needs_no_network_has_no_script_and_its_policy_allows_neither(
    spoken: Path, number: int
) -> None:
    page = write_report(spoken, list(subjects())[number], now=lambda: NOW)
    found = Strict(page).found
    assert not {"script", "link", "img", "iframe", "object", "base", "form"} & {tag for tag, _ in found}
    assert not {"href", "src", "srcset", "action", "style"} & {name for _, a in found for name in a}
    assert "url(" not in page
    assert "@import" not in page
    [policy] = [a["content"] or "" for tag, a in found if a.get("http-equiv") == "Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")


@pytest.mark.parametrize("number", range(3))
def test_what_strangers_wrote_is_text_in_every_report(hostile: Path, number: int) -> None:
    page = write_report(hostile, list(subjects(HOSTILE))[number], now=lambda: NOW)
    found = Strict(page).found
    assert not {"script", "img", "iframe", "textarea"} & {tag for tag, _ in found}
    assert not [name for _, attributes in found for name in attributes if name.startswith("on")]
    assert "&lt;script&gt;" in page
    assert "{{ 7 * 7 }}" in page


def test_what_is_not_there_is_named_with_what_there_is(spoken: Path, tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="Did you mean desk"):
        write_report(spoken, Subject(prompt="deks"))
    with pytest.raises(NotFound):
        write_report(spoken, Subject(contrast=Contrast("v1", "v9")))
    with pytest.raises(NotFound):
        write_report(tmp_path / "nothing", Subject())


def test_without_events_the_report_says_so(tmp_path: Path) -> None:
    folder = tmp_path / "shop"
    append(folder, rejects=[])
    land(folder)
    assert "No event has landed yet" in write_report(folder, Subject())


def test_the_command_names_the_file_and_replaces_it_whole(spoken: Path, tmp_path: Path) -> None:
    file = tmp_path / "week.html"
    file.write_text("older")
    given = ["report", "--data", str(spoken.parent), "--project", "shop", "--out", str(file)]
    answer = CliRunner().invoke(sayso, given)
    assert answer.output == f"{file}\n"
    assert file.read_text().startswith("<!doctype html>")
    assert list(tmp_path.iterdir()) == [file]


def test_the_default_name_has_nothing_of_a_path_in_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "data" / "shop"
    name = "../../a b"
    append(folder, event("interaction", body={"output": "x", "prompt": {"name": name, "version": "1"}}))
    land(folder)
    monkeypatch.chdir(tmp_path)
    given = ["report", "--data", str(folder.parent), "--project", "shop", "--prompt", name]
    answer = CliRunner().invoke(sayso, given)
    assert re.fullmatch(r"sayso-shop-a-b-\d{4}-\d\d-\d\d\.html\n", answer.output)
    assert (tmp_path / answer.output.strip()).exists()


def test_what_cannot_be_written_and_what_says_nothing_are_refused_in_a_sentence(spoken: Path) -> None:
    base = ["--data", str(spoken.parent), "--project", "shop"]
    refused = CliRunner().invoke(sayso, ["report", *base, "--out", "/nowhere/week.html"])
    assert refused.exit_code != 0
    idle = CliRunner().invoke(sayso, ["report", *base, "--by", "model"])
    assert idle.exit_code != 0
