"""Prompts: which version should ship, with what people say and what runs of eval sets do side by side."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from integration.console.people import NOW, at, console, down, interaction, project, words
from integration.console.ran_sets import Ran, decided, keep_run, ran
from landed import thumb


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "default"


def verdicts(version: str, *, up: int, of: int, minutes: float) -> list[dict[str, Any]]:
    """So many people who met a version, and said what they think of it."""
    said: list[dict[str, Any]] = []
    for number in range(of):
        target = f"{version}-{number}"
        said.append(interaction(target, version=version, minutes=minutes))
        said.append(
            thumb("up" if number < up else "down", target=target, actor=target, occurred_at=at(minutes - 1))
        )
    return said


def verdict(folder: Path) -> str:
    return words(console(folder).get("/prompts")).split("help ", 1)[1].split("Version People")[0]


def test_a_version_that_does_better_in_a_run_should_ship(folder: Path) -> None:
    decided(folder, interaction("a"))
    said = verdict(folder)
    sentence = (
        "v2 should ship: it scores better on the eval set than v1, which answers now, and people have not met"
    )
    assert sentence in said
    assert (
        "Eval set: help@v2 is better than help@v1 on helpdesk v1: 98% of 40 cases passed instead of 50%"
        in said
    )


def test_versions_stand_with_production_and_runs_side_by_side(folder: Path) -> None:
    two = decided(folder, interaction("a"), down("a", minutes=9))
    page = console(folder).get("/prompts")
    told = words(page)
    assert "v1 answers now 0.0 %" in told
    assert "1 person 50.0 %" in told
    assert "v2 should ship not in production 97.5 %" in told
    assert f'href="/runs/{two.better.run_id}"' in page.text
    assert f"{two.better.manifest.prompt.commit[:10]} prompts/help.md" in told
    assert f"/runs/compare?a={two.worse.run_id}&amp;b={two.better.run_id}" in page.text


def test_few_cases_are_no_reason_to_ship(folder: Path) -> None:
    ran(folder)
    assert (
        "Keep v1, which answers now: there is not enough data yet to call another version better."
        in verdict(folder)
    )


def test_what_people_say_goes_before_what_a_run_says(folder: Path) -> None:
    liked = [*verdicts("v1", up=190, of=200, minutes=60), *verdicts("v2", up=60, of=200, minutes=600)]
    decided(folder, *liked)
    said = verdict(folder)
    assert "Keep v1, which answers now: v2 scores better on the eval set, but people like it less." in said
    assert "People: v2 is worse than v1" in said


def test_a_version_that_people_like_more_should_ship_without_a_run(folder: Path) -> None:
    project(folder, *verdicts("v1", up=60, of=200, minutes=60), *verdicts("v2", up=190, of=200, minutes=600))
    assert "v2 should ship: people like it more than v1, which answers now." in verdict(folder)


def test_runs_that_no_other_version_can_be_held_against_say_nothing(folder: Path) -> None:
    two = ran(folder)
    other = keep_run(folder, two.version, two.worse.results, version_of="v3", model="other", at=NOW)
    assert other.run_id in console(folder).get("/prompts").text
    assert "v3" not in verdict(folder)


def test_several_versions_are_compared_at_once(folder: Path) -> None:
    two = decided(folder, interaction("a"))
    keep_run(folder, two.version, two.worse.results, version_of="v3", at=NOW - timedelta(minutes=9))
    said = verdict(folder)
    assert "v2 should ship" in said
    assert "Eval set: help@v2 is the best of 3 on helpdesk v1" in said
    assert "Eval set: help@v3 against help@v1" in said


def test_without_production_versions_are_held_against_the_one_that_was_run_first(folder: Path) -> None:
    two = decided(folder)
    project(folder, interaction("a", prompt={"name": "other", "version": "x"}))
    assert two.worse.run_id in console(folder).get("/prompts").text
    assert "than v1, which was run first, and people have not met it yet." in words(
        console(folder).get("/prompts")
    )


def test_two_versions_are_shown_with_what_people_and_runs_say_and_how_the_texts_that_were_run_differ(
    folder: Path,
) -> None:
    two = decided(folder, interaction("a"))
    page = console(folder).get("/prompts?prompt=help&a=v1&b=v2")
    assert "Answer in a sentence<ins>, and name the menu</ins>." in page.text.replace("\n", "")
    told = words(page).split("What people say")[1]
    assert "v2 never answered in production: people have said nothing of it." in told
    assert "What runs say help@v2 is better than help@v1" in told
    assert "As they were run" in told
    assert f"/runs/compare?a={two.worse.run_id}&amp;b={two.better.run_id}" in page.text


def test_versions_without_runs_or_messages_say_that_their_texts_are_not_known(folder: Path) -> None:
    project(folder, *verdicts("v1", up=1, of=2, minutes=60), *verdicts("v2", up=1, of=2, minutes=600))
    told = words(console(folder).get("/prompts?prompt=help&a=v1&b=v2"))
    assert "No eval set was run with both" in told
    assert "Their texts are not known here" in told


def test_a_prompt_with_one_version_has_nothing_to_choose_from(folder: Path) -> None:
    project(folder, interaction("a"))
    assert "It has one version: there is nothing to choose from." in words(console(folder).get("/prompts"))


def test_what_a_run_that_was_changed_says_is_not_made_up(folder: Path) -> None:
    two: Ran = ran(folder)
    (two.better.path / "results.jsonl").write_bytes(b"")
    page = words(console(folder).get("/prompts"))
    assert "Nothing tells yet whether another version should ship than v1" in page
    assert "The runs cannot be compared: " in page
    assert "was changed after the run" in page
