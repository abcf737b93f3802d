"""Coverage: the level with its interval, the map, gaps that lead to answers, and how it went."""

from __future__ import annotations

import dataclasses
from datetime import timedelta
from pathlib import Path

import pytest
from integration.console.mined import case, measured, mined
from integration.console.people import NOW, console, project, words
from landed import event
from sayso_ingest import evalsets
from sayso_ingest.console import charts
from sayso_ingest.console.pages.coverage import comparable
from sayso_ingest.mining import Measured, MeasuredGap, keep_measurement
from sayso_ingest.places import coverage_file


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "default"


def keep(folder: Path, *measurements: Measured) -> None:
    for one in measurements:
        keep_measurement(coverage_file(folder, "helpdesk"), one)


def test_where_nothing_was_measured_the_page_says_what_to_type(folder: Path) -> None:
    project(folder, event())
    assert "sayso coverage --set NAME" in words(console(folder).get("/coverage"))
    evalsets.propose(folder, "helpdesk", [case("refund")])
    page = words(console(folder).get("/coverage"))
    assert "Type sayso coverage --set helpdesk ; it has no version yet" in page


def test_the_level_has_its_interval_and_its_granularity(folder: Path) -> None:
    mined(folder)
    keep(folder, measured())
    page = words(console(folder).get("/coverage"))
    assert "In a topic with a case 60.0 % of traffic 55–65 %, counted" in page
    assert "In a topic with 3 cases 40.0 % of traffic" in page
    assert "Measured 2 hours ago , of v1: 5 cases against 100 interactions in 3 topics, by hash-256" in page


def test_dislike_has_a_level_of_its_own_and_an_estimate_says_how_far_off_counting_may_be(
    folder: Path,
) -> None:
    mined(folder)
    keep(folder, measured())
    page = words(console(folder).get("/coverage"))
    assert "between 46 % and 94 % of traffic has its like in the set, 19 times in 20" in page
    assert "In a topic with a case 30.0 % of what was disliked 20–42 %, counted" in page


def test_the_map_has_a_circle_a_topic_and_the_words_and_the_table_say_the_same(folder: Path) -> None:
    mined(folder)
    keep(folder, measured())
    client = console(folder)
    page = client.get("/coverage").text
    drawn = page.split('<div class="map"')[1].split("</svg>")[0]
    assert drawn.count("<circle") == 3
    assert drawn.count('class="none"') == drawn.count('class="some"') == drawn.count('class="full"') == 1
    says = (
        "Of 3 topics: 1 with no case (40 % of traffic), 1 with 1 to 2 cases (20 % of traffic), "
        "1 with 3 or more (40 % of traffic)."
    )
    assert says in page.replace("\n", " ")
    assert "refund / money 40 40.0 % 0 50.0 %" in words(client.get("/coverage"))
    rows = client.get("/coverage?table=topics&format=json").json
    assert [(row["topic"], row["cases"], row["disliked"]) for row in rows] == [
        ("refund / money", 0, 0.5),
        ("export / file", 1, None),
        ("invite / link", 4, 0.1),
    ]


def test_gaps_are_ranked_say_what_closing_them_brings_and_lead_to_answers(folder: Path) -> None:
    mined(folder)
    keep(folder, measured())
    page = console(folder).get("/coverage")
    told = words(page)
    assert (
        "refund / money 40.0 % of traffic, 70.0 % of what people spoke against, 0 cases; "
        "3 more close it and those above"
    ) in told
    assert "export / file 20.0 % of traffic, 1 case" in told
    assert '<a href="/interaction?target=refund"><bdi>How do I refund?</bdi></a>' in page.text
    assert '<a href="/interaction?target=gone"><bdi>gone</bdi></a>' in page.text


def test_where_every_topic_has_a_case_only_what_more_cases_bring_is_said(folder: Path) -> None:
    mined(folder)
    gaps = (MeasuredGap("export / file", 20, 0.2, 1, ("export",), 0.6, adds=2),)
    keep(folder, dataclasses.replace(measured(share=0.95), gaps=gaps))
    page = words(console(folder).get("/coverage"))
    assert "With all 2 of these, 60.0 % of traffic is in a topic with 3 cases (now 40.0 %)" in page
    assert "with a case (now" not in page


def test_what_the_application_says_of_its_traffic_has_levels_and_a_table(folder: Path) -> None:
    mined(folder)
    keep(folder, measured())
    client = console(folder)
    page = words(client.get("/coverage"))
    assert "50.0 % of traffic has a value with a case (41–59 %) , 25.0 %" in page
    assert "20 interactions have no value, and are in no share. 7 more values are not kept here" in page
    assert "terms of 2024 40 50.0 % 0" in page
    rows = client.get("/coverage?table=axis0&format=json").json
    assert [(row["value"], row["cases"]) for row in rows] == [("terms of 2024", 0), ("price list", 2)]


def test_where_no_axis_was_measured_the_page_says_how(folder: Path) -> None:
    mined(folder)
    keep(folder, dataclasses.replace(measured(), axes=()))
    assert "sayso coverage --set helpdesk --by tag" in words(console(folder).get("/coverage"))


def test_a_version_that_was_not_measured_yet_is_named(folder: Path) -> None:
    [one, two, _] = mined(folder)
    evalsets.promote_candidates(folder, "helpdesk", [one.case_id], now=NOW)
    keep(folder, measured(version=1))
    assert "was made and not measured" not in words(console(folder).get("/coverage"))
    evalsets.promote_candidates(folder, "helpdesk", [two.case_id], now=NOW)
    assert "v2 was made and not measured: this is of v1" in words(console(folder).get("/coverage"))


def test_the_line_is_of_measurements_by_the_same_embedder_and_the_table_has_all(folder: Path) -> None:
    mined(folder)
    keep(folder, measured(hours=72, share=0.3, embedder="old"))
    keep(folder, measured(hours=2, share=0.6))
    client = console(folder)
    assert "a line is drawn from the second time on" in words(client.get("/coverage"))
    keep(folder, measured(hours=1, share=0.8))
    page = client.get("/coverage").text
    assert "Coverage from 60.0 % to 80.0 % over 2 measurements" in page
    rows = client.get("/coverage?table=times&format=json").json
    assert [(row["embedder"], row["coverage"]) for row in rows] == [
        ("hash-256", 0.8),
        ("hash-256", 0.6),
        ("old", 0.3),
    ]


@pytest.mark.parametrize(("days", "days_alone"), [(1, False), (60, True)])
def test_the_line_over_hours_is_labelled_with_hours_and_over_weeks_with_days(
    days: int, days_alone: bool
) -> None:
    rows = [{"at": NOW + timedelta(days=day), "v": 0.5, "low": 0.4, "high": 0.6} for day in (0, days)]
    drawn = charts.trend(rows, at="at", value="v", low="low", high="high")().to_dict()
    axes = [layer["encoding"]["x"]["axis"] for layer in drawn["layer"]]
    assert [axis.get("format") for axis in axes] == ["%b %d" if days_alone else None] * 2


def test_without_levels_a_measurement_is_not_part_of_the_line() -> None:
    none = dataclasses.replace(measured(), levels=())
    assert comparable([none, measured()]) == [measured()]


def test_a_measurement_of_nothing_is_shown(folder: Path) -> None:
    mined(folder)
    nothing = {"topics": 0, "interactions": 0, "cases": 0, "levels": (), "gaps": (), "map": ()}
    keep(folder, dataclasses.replace(measured(version=None), **nothing))
    page = words(console(folder).get("/coverage"))
    assert "without a version: 0 cases against 0 interactions" in page
    assert "No topic was found in the traffic." in page
