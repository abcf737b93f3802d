"""`sayso eval compare`, `gate` and `standing` as people type them."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree as ET

import pytest
from landed import append, event, land
from ran import PROMPT, a_run, a_version, wrong_for
from sayso_ingest import evalsets
from sayso_ingest.cli import run
from sayso_ingest.evals.runs import Run

NOW = datetime(2026, 3, 1, tzinfo=UTC)


class Ran(NamedTuple):
    data: Path
    before: Run
    after: Run

    def asked(self, *words: str) -> int:
        return run(["eval", *words, "--data", str(self.data)])


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """A set of 60 cases: the prompt in use answers half of them, a changed one all but three."""
    data = tmp_path_factory.mktemp("compare")
    folder = data / "default"
    folder.mkdir()
    version = a_version(folder, 60)
    before = a_run(folder, version, wrong_for(version.cases[:30]), now=NOW)
    changed = replace(PROMPT, version="91bc00000000", text="Answer with a number.")
    later = NOW + timedelta(days=1)
    after = a_run(folder, version, wrong_for(version.cases[29:32]), prompt=changed, now=later)
    return Ran(data, before, after)


def test_a_plain_sentence_comes_first_then_figures_then_what_changed(
    ran: Ran, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ran.asked("compare", ran.before.run_id, ran.after.run_id, "--changes", "2") == 0
    out = capsys.readouterr().out
    assert out.startswith(
        "answer@91bc00000000 is better than answer@3f2a9c1b77aa on numbers v1: 95% of 60 cases passed instead of 50%, "
        "+45 points (95 % interval "
    )
    assert "It won 29 cases and lost 2." in out
    assert all(
        word in out for word in ("held_out", "topic 1", "manual", "2 got worse", "29 got better, 2 of them")
    )


def test_json_has_everything(ran: Ran, capsys: pytest.CaptureFixture[str]) -> None:
    assert ran.asked("compare", ran.after.run_id, ran.before.run_id, "--format", "json") == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["outcome"], found["cases"], len(found["changes"])) == ("worse", 60, 31)
    assert found["paired"]["difference"] == pytest.approx(-0.45)
    assert found["sentence"].startswith("answer@3f2a9c1b77aa is worse than")


def test_three_are_a_table_with_the_best(ran: Ran, capsys: pytest.CaptureFixture[str]) -> None:
    version = evalsets.read(ran.data / "default", "numbers", 1)
    third = a_run(
        ran.data / "default",
        version,
        wrong_for(version.cases[:28]),
        prompt=replace(PROMPT, version="77ab00000000", text="Numbers, please."),
        now=NOW + timedelta(hours=1),
    )
    names = [ran.before.run_id, ran.after.run_id, third.run_id]
    assert ran.asked("compare", *names, "--format", "json") == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["best"], found["like_best"]) == ("answer@91bc00000000", [])
    assert [entry["outcome"] for entry in found["entries"]] == [None, "better", "not enough data"]
    for format in ("table", "markdown"):
        assert ran.asked("compare", *names, "--format", format) == 0
        assert "answer@91bc00000000 is the best of 3 on numbers v1" in capsys.readouterr().out


def test_the_gate_passes_what_is_better_and_fails_what_is_worse(
    ran: Ran, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    junit, markdown = tmp_path / "gate.xml", tmp_path / "gate.md"
    files = ["--junit", str(junit), "--markdown", str(markdown)]
    assert ran.asked("gate", ran.after.run_id, "--against", ran.before.run_id, *files) == 0
    assert capsys.readouterr().out.startswith("pass: answer@91bc00000000 is better")
    assert ET.parse(junit).getroot()[0].get("failures") == "0"
    assert ran.asked("gate", ran.before.run_id, "--against", ran.after.run_id, *files) == 1
    assert capsys.readouterr().out.startswith("fail: answer@3f2a9c1b77aa is worse")
    assert ET.parse(junit).getroot()[0].get("failures") == "30"
    assert markdown.read_text().startswith("### ❌ sayso eval gate: fail\n")
    allowed = ["gate", ran.before.run_id, "--against", ran.after.run_id, "--allow", "60"]
    assert ran.asked(*allowed) == 0


def test_a_file_that_cannot_be_written_is_said(ran: Ran, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["gate", ran.after.run_id, "--against", ran.before.run_id, "--junit", "/nowhere/gate.xml"]
    assert ran.asked(*words) == 1
    assert "/nowhere/gate.xml cannot be written" in capsys.readouterr().err


def test_what_cannot_be_compared_is_wrong_usage(ran: Ran, capsys: pytest.CaptureFixture[str]) -> None:
    assert ran.asked("compare", ran.after.run_id, ran.after.run_id) == 2
    assert "with itself" in capsys.readouterr().err
    assert ran.asked("compare", ran.after.run_id, "other") == 1
    assert "no run 'other'" in capsys.readouterr().err


def test_standing_says_how_often_a_set_was_chosen_by_and_that_nobody_knows_yet_what_it_foretells(
    ran: Ran, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ran.asked("standing", "--format", "json") == 0
    [found] = json.loads(capsys.readouterr().out)
    assert (found["set_name"], found["set_version"], found["foresight"]) == ("numbers", 1, None)
    assert found["candidates"] >= 2
    assert found["luck"] > 0
    assert ran.asked("standing") == 0
    assert "numbers v1" in capsys.readouterr().out


@pytest.fixture(scope="module")
def met(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """Traffic with tags, people who like later prompt versions more, and runs in which these score higher."""
    data = tmp_path_factory.mktemp("met")
    folder = data / "default"
    versions = [f"{number}" * 12 for number in range(1, 5)]
    sent = []
    for number in range(160):
        place, target, who = number % 4, f"t{number}", f"u{number}"
        body = {"input": "?", "output": "!", "prompt": {"name": "answer", "version": versions[place]}}
        body["tags"] = ["common" if number % 8 else "rare"]
        value = "up" if number // 4 % 5 <= place else "down"
        sent += [event("interaction", target=target, actor=who, body=body)]
        sent += [event(target=target, actor=who, body={"value": value})]
    append(folder, *sent)
    land(folder)
    cases = [
        replace(case, tags=("rare" if number < 20 else "common",))
        for number, case in enumerate(a_version(folder, 40, name="drafts").cases)
    ]
    version = evalsets.promote(folder, "numbers", cases, note="with tags")
    runs = [
        a_run(
            folder,
            version,
            wrong_for(version.cases[: 30 - 10 * place]),
            prompt=replace(PROMPT, version=name, text=name),
            now=NOW + timedelta(hours=place),
        )
        for place, name in enumerate(versions)
    ]
    return Ran(data, runs[0], runs[-1])


def test_scores_are_reweighted_by_the_tags_of_traffic(met: Ran, capsys: pytest.CaptureFixture[str]) -> None:
    assert met.asked("compare", met.before.run_id, met.after.run_id, "--format", "json") == 0
    traffic = json.loads(capsys.readouterr().out)["traffic"]
    assert traffic["how"] == "by the first tag of interactions"
    assert traffic["covered"] == pytest.approx(1)


def test_standing_says_how_well_scores_foretold_what_people_said(
    met: Ran, capsys: pytest.CaptureFixture[str]
) -> None:
    assert met.asked("standing") == 0
    assert (
        "Of 6 pairs of prompt versions the one that scored higher was liked more in 6"
        in capsys.readouterr().out
    )
