"""What may foretell a verdict, or be foretold by one: length, cost, refusals, signals, outcomes, choices."""

from __future__ import annotations

from pathlib import Path

import pytest
from integration.analysis.history import History


@pytest.fixture
def history(tmp_path: Path) -> History:
    return History(tmp_path)


def test_verdicts_are_told_by_fifths_of_the_length_of_the_answer(history: History) -> None:
    for number in range(1, 11):
        history.answer(f"m{number}", output="w" * number)
        history.thumb(f"m{number}", f"u{number}", "up" if number <= 4 else "down")
    rows = history.ask("proxies", "metric", "bin", "lowest", "highest", "thumbs", "up_rate")
    assert [row[1:] for row in rows if row[0] == "output_chars"] == [
        (1, 1.0, 2.0, 2, 1.0),
        (2, 3.0, 4.0, 2, 1.0),
        (3, 5.0, 6.0, 2, 0.0),
        (4, 7.0, 8.0, 2, 0.0),
        (5, 9.0, 10.0, 2, 0.0),
    ]


def test_answers_of_the_same_cost_are_in_one_bin(history: History) -> None:
    for number in range(6):
        history.answer(f"m{number}", cost=0.5 if number else 2.0)
        history.thumb(f"m{number}", f"u{number}", "up")
    rows = history.ask("proxies", "metric", "lowest", "highest", "thumbs")
    assert [row[1:] for row in rows if row[0] == "cost"] == [(0.5, 0.5, 5), (2.0, 2.0, 1)]


def test_refusals_and_repeated_questions_are_yes_or_no(history: History) -> None:
    history.answer("m1", session="s", input="How?", output="I'm sorry, I cannot help.")
    history.answer("m2", session="s", input="how? ", output="Like this.")
    history.answer("m3", session="other", input="How?", output="Like this.")
    for number, value in ((1, "down"), (2, "up"), (3, "up")):
        history.thumb(f"m{number}", f"u{number}", value)
    rows = history.ask("proxies", "metric", "bin", "thumbs", "up_rate")
    assert [row for row in rows if row[0] in ("refusal", "asked_again")] == [
        ("refusal", 1, 2, 1.0),
        ("refusal", 2, 1, 0.0),
        ("asked_again", 1, 2, 1.0),
        ("asked_again", 2, 1, 0.0),
    ]


def test_somebody_with_a_hundred_thumbs_counts_for_five_in_each_bin(history: History) -> None:
    for number in range(100):
        history.answer(f"m{number}")
        history.thumb(f"m{number}", "loud", "down")
    for number in range(15):
        history.thumb("m0", f"quiet {number}", "up")
    rows = history.ask("proxies", "metric", "thumbs", "people", "up_rate")
    assert [row[1:] for row in rows if row[0] == "output_chars"] == [(115, 16, 0.75)]


def test_outcomes_are_told_by_the_thumb_that_came_before(history: History) -> None:
    said = {"m1": "up", "m2": "down", "m3": "down", "m4": None, "m5": None, "m6": None}
    for target, value in said.items():
        history.answer(target)
        if value:
            history.thumb(target, f"of {target}", value)
    for target, reopened in (("m1", False), ("m2", True), ("m3", True), ("m4", True), ("m5", False)):
        history.add("outcome", target, {"name": "reopened", "value": reopened}, by=f"of {target}")
    columns = ("outcome", "after", "interactions", "reported", "people", "happened", "rate")
    assert history.ask("later_outcomes", *columns) == [
        ("reopened", "up", 1, 1, 1, 0, 0.0),
        ("reopened", "down", 2, 2, 2, 2, 1.0),
        ("reopened", "none", 3, 2, 2, 1, 0.5),
    ]


def test_of_an_outcome_the_last_report_counts_and_what_was_taken_back_does_not(history: History) -> None:
    history.answer("m1")
    history.answer("m2")
    history.add("outcome", "m1", {"name": "won", "value": 10}, by="ann")
    history.add("outcome", "m1", {"name": "won", "value": 30}, by="ann")
    history.take_back(history.add("outcome", "m2", {"name": "won", "value": 1}, by="bob"), "bob")
    assert history.ask("later_outcomes", "after", "reported", "rate", "mean_value") == [
        ("none", 1, 1.0, 30.0)
    ]


def test_signals_are_told_once_an_answer_and_by_people_whose_answers_these_are(history: History) -> None:
    for number in range(100):
        history.answer(f"m{number}", by="loud")
        history.add("signal", f"m{number}", {"name": "copied"}, by="loud")
        history.add("signal", f"m{number}", {"name": "copied"}, by="loud")
    for number in range(15):
        history.answer(f"q{number}", by=f"quiet {number}")
    columns = ("prompt_version", "signal", "interactions", "people", "n", "rate")
    assert history.ask("signals", *columns) == [("v1", "copied", 115, 16, 100, 0.25)]


def test_answers_that_were_chosen_or_criticised_are_compared_with_single_ones(history: History) -> None:
    two = [{"id": "a", "output": "x"}, {"id": "b", "output": "y"}]
    criticised = [{"id": "a", "output": "x", "critique": "Too long"}, {"id": "b", "output": "y"}]
    history.answer("m1", cost=1.0, latency_ms=100)
    history.answer("m2", cost=2.0, latency_ms=300, candidates=two, chosen={"id": "a", "by": "judge"})
    history.answer("m3", cost=4.0, latency_ms=500, candidates=criticised, chosen={"id": "a", "by": "model"})
    history.answer("m4", cost=3.0, latency_ms=200, candidates=two[:1])
    for target, value in (("m1", "down"), ("m2", "up"), ("m3", "up"), ("m4", "up")):
        history.thumb(target, "ann", value)
    columns = (
        "choice",
        "chosen_by",
        "interactions",
        "candidates",
        "mean_cost",
        "median_latency_ms",
        "thumbs",
        "up_rate",
    )
    assert history.ask("sampling", *columns) == [
        ("chosen", "judge", 1, 2.0, 2.0, 300.0, 1, 1.0),
        ("criticised", "model", 1, 2.0, 4.0, 500.0, 1, 1.0),
        ("single", None, 2, 1.0, 2.0, 150.0, 2, 0.5),
    ]
