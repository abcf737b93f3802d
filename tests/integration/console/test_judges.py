"""Judges: rates that people corrected; where too few labelled, how many are missing, and never the judge alone."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from integration.console.people import NASTY, console, project, words
from judged import FEW, LABELLED, THINGS, graded
from landed import append, event, land
from made import made_once
from sayso_ingest.warehouse import Published


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "shop"
    made_once(folder, graded)
    return folder


def cards(client: FlaskClient) -> list[str]:
    """What each card says, in words."""
    found = re.findall(r'<li class="card">(.*?)</li>', client.get("/judges").text, flags=re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", card).split()) for card in found]


def test_a_rate_that_people_corrected_stands_with_its_interval_labels_and_agreement(folder: Path) -> None:
    with Published.open(folder) as published:
        [row] = published.query("FROM judge_rates WHERE judge = 'large' AND name = ''")
    assert row["good_low"] < 0.7 < row["good_high"] < row["raw_rate"]
    card = cards(console(folder))[0]
    assert card.startswith(f"large by helpful@1 {100 * row['good_rate']:.1f} % good, people would say")
    assert f"{100 * row['good_low']:.0f}–{100 * row['good_high']:.0f} %, of {THINGS} answers" in card
    assert f"{LABELLED} annotated, by 10 people" in card
    assert f"80 % 68–88 % , kappa {row['kappa']:.2f}" in card
    assert card.endswith("By itself it says 90.0 %, which is not what people think.")


def test_where_too_few_labelled_it_says_how_many_are_missing_and_nothing_of_what_the_judge_says(
    folder: Path,
) -> None:
    client = console(folder)
    [few] = [card for card in cards(client) if card.startswith("small")]
    assert (
        f"Not enough labels People annotated {FEW} of its 72 answers; 50 are needed, so {50 - FEW} are missing."
        in few
    )
    assert f"{FEW} annotated, by 2 people" in few
    assert "By itself" not in few
    for path in ("/judges?format=csv", "/questions/judge_rates?format=csv"):
        [line] = [line for line in client.get(path).text.splitlines() if line.startswith("small")]
        assert line.endswith(",")  # there is no raw rate


def test_it_leads_to_an_answer_that_the_judge_graded_and_nobody_labelled(folder: Path) -> None:
    client = console(folder)
    [target] = re.findall(r'href="(/annotate\?target=[^"]+)"', client.get("/judges").text)
    number = int(target.removeprefix("/annotate?target=t"))
    assert LABELLED <= number < THINGS
    assert "So." in words(client.get(target))


def test_it_leads_to_no_answer_of_which_the_judge_said_neither_good_nor_bad(tmp_path: Path) -> None:
    folder = tmp_path / "shop"
    for number in range(12):
        target, label = f"t{number}", "unclear" if number else "good"
        append(folder, event("interaction", target=target, body={"output": "So."}))
        append(folder, event("judgement", target=target, body={"judge": "large", "label": label}))
    land(folder)
    assert re.findall(r'href="/annotate\?target=([^"]+)"', console(folder).get("/judges").text) == ["t0"]


def test_labels_of_one_person_are_said_to_be_that(folder: Path) -> None:
    [tone] = [card for card in cards(console(folder)) if "asked about tone" in card]
    assert "60 annotated, by 1 person" in tone
    assert "One person's labels: others may not agree." in tone


def test_where_nothing_was_judged_it_says_what_to_do(tmp_path: Path) -> None:
    folder = tmp_path / "shop"
    project(folder, event())
    page = words(console(folder).get("/judges"))
    assert "No judge has judged anything yet." in page
    assert "sayso judge --rubric FILE --model openai:URL#MODEL" in page
    assert "label 50 of the same answers" in page


@pytest.mark.parametrize(("thumbs", "needed"), [(47, "3 more are needed"), (49, "1 more is needed")])
def test_few_thumbs_are_not_made_enough_by_annotations_that_are_few_as_well(
    tmp_path: Path, thumbs: int, needed: str
) -> None:
    folder = tmp_path / "shop"
    said = [event("annotation", target=f"t{n}", body={"label": "good"}) for n in range(5)]
    for number in range(thumbs):
        target = f"t{number}"
        said += [
            event("interaction", target=target, body={"output": "So."}),
            event("judgement", target=target, body={"judge": "large", "label": "good"}),
            event(target=target, actor=f"u{number}"),
        ]
    append(folder, *said)
    land(folder)
    [card] = cards(console(folder))
    assert f"People gave {thumbs} of its {thumbs} answers a thumb: {needed}, or 50 annotations" in card
    assert f"{thumbs} thumbs, by {thumbs} people" in card


def test_a_judge_that_nobody_checked_at_all_is_no_rate(tmp_path: Path) -> None:
    folder = tmp_path / "shop"
    append(folder, event("interaction", body={"output": "So."}))
    append(folder, event("judgement", body={"judge": "large", "label": "good"}))
    land(folder)
    [card] = cards(console(folder))
    assert "large by no rubric Not enough labels People annotated 0 of its 1 answer; 50 are needed" in card
    assert "Labels by people none" in card
    assert "100" not in card


def test_names_of_strangers_stay_text(tmp_path: Path) -> None:
    folder = tmp_path / "shop"
    graded(folder, NASTY)
    page = console(folder).get("/judges").text
    assert "<script>document" not in page
    assert "&lt;script&gt;document" in page
