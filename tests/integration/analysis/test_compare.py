"""Comparing two sides from a published copy: what is counted, what is found, and what is said where little is known."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from landed import append, event, land
from sayso_ingest.analysis import Comparison, Contrast, Outcome, compare, sentence
from sayso_ingest.errors import NotFound, UsageError
from sayso_ingest.warehouse import Published

Compare = Callable[..., Comparison]


def asked(target: str, who: str, version: str, **body: Any) -> dict[str, Any]:
    prompt = {"name": "answer", "version": version}
    return event(
        "interaction", target=target, actor=who, body={"input": "?", "output": "!", "prompt": prompt} | body
    )


def traffic() -> Iterator[dict[str, Any]]:
    """v2 is liked by 70 of 80, v1 by 40 of 80; experiment `tone` gave each person one of them."""
    for number in range(160):
        version, target, who = f"v{1 + number % 2}", f"t{number}", f"u{number}"
        yield asked(
            target,
            who,
            version,
            tags=["sync" if number % 4 < 2 else "export"],
            model="small" if number < 80 else "large",
            variant={"experiment": "tone", "arm": "plain" if version == "v1" else "warm"},
        )
        yield event("exposure", target=target, actor=who, body={"surface": "thumbs"})
        liked = number // 2 < (40 if version == "v1" else 70)
        yield event(target=target, actor=who, body={"value": "up" if liked else "down"})
    yield event("exposure", target="t0", actor="looker", body={"surface": "thumbs"})
    yield event(target="t0", actor="asked", name="accuracy", body={"value": "down", "name": "accuracy"})
    # What must not count: taken back, about nothing, of a prompt that only one version has.
    yield event(target="t0", actor="fickle", body={"value": None})
    yield event(target="elsewhere", actor="lost", body={"value": "down"})
    yield asked("d1", "writer", "v3", prompt={"name": "draft", "version": "v1"}, release="r1")
    yield event(
        "suggestion", target="d1", actor="writer", body={"outcome": "accepted", "proposed": "a", "final": "a"}
    )


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Published]:
    folder = tmp_path_factory.mktemp("compare") / "default"
    append(folder, *traffic())
    land(folder)
    with Published.open(folder) as copy:
        yield copy


@pytest.fixture
def compared(copy: Published) -> Compare:
    return lambda *sides, **options: compare(copy, Contrast(*sides, **options))


def test_two_versions_are_compared_by_what_people_said(compared: Compare) -> None:
    found = compared("v1", "v2")
    assert found.a.share
    assert found.b.share
    assert (found.a.verdicts, found.b.verdicts) == (80, 80)
    assert (found.a.share.rate, found.b.share.rate) == (0.5, 0.875)
    assert (found.a.interactions, found.a.exposed, found.a.answered) == (80, 81, 80)
    assert found.difference == pytest.approx(0.375)
    assert found.outcome is Outcome.BETTER
    assert {topic.label for topic in found.topics} == {"sync", "export"}


def test_where_each_side_is_an_arm_it_is_an_experiment_and_its_ratio_is_checked(compared: Compare) -> None:
    assignment = compared("v1", "v2").assignment
    assert assignment
    assert (assignment.experiment, assignment.unit, assignment.people_in_both) == ("tone", "people", 0)
    assert (assignment.ratio.a, assignment.ratio.b) == (80, 80)
    assert compared("v1", "v2", planned=0.9).assignment.ratio.mismatch  # type: ignore[union-attr]
    by_arm = compared("plain", "warm", by="variant")
    assert by_arm.assignment
    assert by_arm.outcome is Outcome.BETTER


def test_where_many_met_both_arms_interactions_were_assigned_and_are_counted(tmp_path: Path) -> None:
    arms = [(f"t{number}", f"u{number // 4}", number % 4 == 0) for number in range(200)]
    sent = [
        asked(target, who, "v1", variant={"experiment": "tone", "arm": "warm" if warm else "plain"})
        for target, who, warm in arms
    ]
    append(tmp_path / "default", *sent)
    land(tmp_path / "default")
    with Published.open(tmp_path / "default") as copy:
        found = compare(copy, Contrast("plain", "warm", by="variant", planned=0.75)).assignment
    assert found
    assert (found.unit, found.ratio.a, found.ratio.b, found.people_in_both) == ("interactions", 150, 50, 50)
    assert not found.ratio.mismatch


def test_where_nothing_assigned_anybody_it_is_observed(compared: Compare) -> None:
    found = compared("small", "large", by="model")
    assert found.assignment is None
    assert "Observed, not an experiment" in sentence(found)


def test_a_dimension_that_was_asked_about_is_compared_by_itself(compared: Compare) -> None:
    found = compared("v1", "v2", name="accuracy")
    assert (found.a.verdicts, found.b.verdicts, found.outcome) == (1, 0, Outcome.UNKNOWN)
    assert "nobody has said anything about v2" in sentence(found)


def test_suggestions_are_compared_by_how_often_they_are_taken_as_they_are(compared: Compare) -> None:
    found = compared("draft", "answer", by="prompt", kind="suggestion")
    assert (found.a.verdicts, found.b.verdicts) == (1, 0)


def test_a_prompt_that_has_both_versions_is_found_by_itself(compared: Compare) -> None:
    assert compared("v1", "v2").a.interactions == 80  # and not the one of the other prompt that has a v1


@pytest.mark.parametrize(
    ("sides", "options", "hint"),
    [
        (("v1", "v22"), {}, "no version 'v22'. Did you mean v2"),
        (("v1", "v2"), {"prompt": "anwser"}, "no prompt 'anwser'. Did you mean answer"),
        (("plian", "warm"), {"by": "variant"}, "no variant 'plian'. Did you mean plain"),
        (("small", "zzz"), {"by": "model"}, "Did you mean large or small"),
        (("r1", "r2"), {"by": "release"}, "Did you mean r1"),
        (
            ("plain", "warm"),
            {"by": "variant", "experiment": "tune"},
            "no experiment 'tune'. Did you mean tone",
        ),
    ],
)
def test_a_wrong_name_gets_the_near_ones(compared: Compare, sides: Any, options: Any, hint: str) -> None:
    with pytest.raises(NotFound, match=hint):
        compared(*sides, **options)


def test_what_cannot_be_compared_says_what_can(compared: Compare) -> None:
    with pytest.raises(UsageError, match="'moon' is none of: version, prompt, model, release, variant"):
        compared("v1", "v2", by="moon")


def test_exposures_are_counted_by_release_and_arm_too(compared: Compare) -> None:
    found = compared("plain", "warm", by="variant")
    assert (found.a.exposed, found.a.answered, found.b.exposed) == (81, 80, 80)


def test_a_side_is_not_compared_with_itself(compared: Compare) -> None:
    with pytest.raises(UsageError, match="Name two"):
        compared("v1", "v1")


def test_several_prompts_with_the_same_versions_have_to_be_told_apart(tmp_path: Path) -> None:
    both = [
        asked(f"{name}{version}", "u", version, prompt={"name": name, "version": version})
        for name in ("answer", "draft")
        for version in ("v1", "v2")
    ]
    append(tmp_path / "default", *both)
    land(tmp_path / "default")
    with Published.open(tmp_path / "default") as copy:
        with pytest.raises(UsageError, match=r"answer, draft\. Say which with --prompt"):
            compare(copy, Contrast("v1", "v2"))
        assert compare(copy, Contrast("v1", "v2", prompt="draft")).a.interactions == 1


def test_a_project_without_interactions_has_nothing_to_compare(tmp_path: Path) -> None:
    append(tmp_path / "default", event())
    land(tmp_path / "default")
    with (
        Published.open(tmp_path / "default") as copy,
        pytest.raises(NotFound, match="no interaction has a version"),
    ):
        compare(copy, Contrast("v1", "v2"))


def test_one_person_who_clicks_all_day_does_not_decide(tmp_path: Path) -> None:
    said = [
        thing
        for number in range(300)
        for thing in (
            asked(f"t{number}", f"u{number}", f"v{1 + number % 2}"),
            event(target=f"t{number}", actor=f"u{number}", body={"value": "up" if number % 3 else "down"}),
        )
    ]
    loud = [
        thing
        for number in range(400)
        for thing in (
            asked(f"l{number}", "loud", "v2"),
            event(target=f"l{number}", actor="loud", body={"value": "down"}),
        )
    ]
    append(tmp_path / "default", *said[:300])
    append(tmp_path / "default", *said[300:])
    for start in range(0, len(loud), 200):
        append(tmp_path / "default", *loud[start : start + 200])
    land(tmp_path / "default")
    with Published.open(tmp_path / "default") as copy:
        found = compare(copy, Contrast("v1", "v2"))
    assert found.b.verdicts == 550
    assert found.b.share
    assert found.b.share.rate > 0.6
    assert found.outcome is Outcome.UNKNOWN
