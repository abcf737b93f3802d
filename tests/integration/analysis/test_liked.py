"""Questions of what people like: by version, model, release, topic, arm and day."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from integration.analysis.history import History

RATES = ("interactions", "exposed", "answered", "response_rate", "thumbs", "up", "down", "people", "up_rate")


@pytest.fixture
def history(tmp_path: Path) -> History:
    return History(tmp_path)


def test_a_version_has_its_thumbs_with_people_interval_and_response_rate(history: History) -> None:
    history.answer("m1", version="v1")
    history.answer("m2", version="v2")
    for who in ("ann", "bob", "cyn"):
        history.see("m1", who)
    history.thumb("m1", "ann", "up")
    history.thumb("m1", "bob", "down")
    assert history.ask("prompt_versions") == [
        ("reply", "v1", "", 1, 3, 2, 0.667, 2, 1, 1, 2, 0.5, 0.055, 0.945),
        ("reply", "v2", "", 1, 0, 0, None, 0, 0, 0, 0, None, None, None),
    ]


@pytest.mark.parametrize(
    ("question", "column", "told", "value"),
    [
        ("by_model", "model", {"model": "reed"}, "reed"),
        ("by_release", "release", {"release": "1.4"}, "1.4"),
        ("by_topic", "topic", {"tags": ["billing"]}, "billing"),
        ("by_variant", "arm", {"variant": {"experiment": "tone", "arm": "b"}}, "b"),
    ],
)
def test_thumbs_are_told_by_what_is_known_of_the_answer(
    history: History, question: str, column: str, told: dict[str, object], value: str
) -> None:
    history.answer("m1", **told)
    history.see("m1", "ann")
    history.see("m1", "bob")
    history.thumb("m1", "ann", "up")
    assert history.ask(question, column, *RATES) == [(value, 1, 2, 1, 0.5, 1, 1, 0, 1, 1.0)]


def test_an_answer_with_two_tags_is_in_both_topics_and_one_without_in_none(history: History) -> None:
    history.answer("m1", tags=["billing", "login"])
    history.answer("m2", tags=["login"])
    history.answer("m3")
    history.thumb("m1", "ann", "up")
    history.thumb("m2", "ann", "down")
    history.thumb("m3", "ann", "down")
    assert history.ask("by_topic", "topic", "interactions", "up", "down") == [
        ("login", 2, 1, 1),
        ("billing", 1, 1, 0),
    ]


def test_answers_outside_an_experiment_are_in_no_arm(history: History) -> None:
    history.answer("m1", variant={"experiment": "tone", "arm": "a"})
    history.answer("m2")
    assert history.ask("by_variant", "experiment", "arm", "interactions") == [("tone", "a", 1)]


def test_each_day_has_what_was_asked_seen_and_said_on_it(history: History) -> None:
    history.answer("m1", day=0)
    history.see("m1", "ann", day=1)
    history.thumb("m1", "ann", "down", day=2)
    assert history.ask("by_day", "day", "interactions", "exposed", "thumbs", "down") == [
        (date(2026, 3, 1), 1, 0, 0, 0),
        (date(2026, 3, 2), 0, 1, 0, 0),
        (date(2026, 3, 3), 0, 0, 1, 1),
    ]


def test_somebody_with_a_hundred_thumbs_counts_for_five(history: History) -> None:
    for number in range(100):
        history.answer(f"m{number}")
        history.thumb(f"m{number}", "loud", "down")
    for number in range(20):
        history.thumb("m0", f"quiet {number}", "up")
    assert history.ask("prompt_versions", "thumbs", "down", "people", "up_rate") == [(120, 100, 21, 0.8)]


def test_what_was_taken_back_does_not_count(history: History) -> None:
    history.answer("m1")
    history.take_back(history.thumb("m1", "ann", "up"), "ann")
    history.thumb("m1", "bob", "up")
    history.thumb("m1", "bob", None)
    history.thumb("m1", "cyn", "up")
    assert history.ask("prompt_versions", "thumbs", "people") == [(1, 1)]


def test_a_change_of_mind_counts_once_as_what_was_said_last(history: History) -> None:
    history.answer("m1")
    history.thumb("m1", "ann", "up")
    history.thumb("m1", "ann", "down")
    assert history.ask("prompt_versions", "up", "down") == [(0, 1)]


def test_each_dimension_that_is_asked_about_is_told_apart(history: History) -> None:
    history.answer("m1")
    history.thumb("m1", "ann", "up")
    history.add("thumb", "m1", {"value": "down", "name": "tone"}, by="ann")
    assert history.ask("prompt_versions", "name", "up", "down") == [("", 1, 0), ("tone", 0, 1)]


def test_other_kinds_of_feedback_are_not_thumbs(history: History) -> None:
    history.answer("m1")
    history.add("rating", "m1", {"value": 5, "min": 1, "max": 5}, by="ann")
    history.add("annotation", "m1", {"label": "up"}, by="ann")
    history.add("judgement", "m1", {"label": "up", "judge": "reed"})
    history.add("signal", "m1", {"name": "copied"}, by="ann")
    history.add("comment", "m1", {"text": "up"}, by="ann")
    assert history.ask("prompt_versions", "thumbs") == [(0,)]


def test_thumbs_without_an_interaction_are_of_no_version(history: History) -> None:
    history.answer("m1", session="visit")
    history.thumb("lost", "ann", "up")
    history.thumb("visit", "ann", "up")
    assert history.ask("prompt_versions", "prompt_version", "thumbs") == [("v1", 0)]


def test_anything_that_is_known_of_an_answer_can_be_asked_by(history: History) -> None:
    history.answer("m1", latency_ms=900)
    history.answer("m2", latency_ms=2100)
    history.thumb("m2", "ann", "up")
    with history.publish() as copy:
        rows = copy.query("FROM thumbs_by(latency_ms > 1000) ORDER BY value")
    assert [(row["value"], row["interactions"], row["up"]) for row in rows] == [(False, 1, 0), (True, 1, 1)]


def test_ratings_stay_on_their_scale_and_visits_apart(history: History) -> None:
    history.answer("m1", session="visit")
    for who, value in (("ann", 5), ("bob", 3)):
        history.add("rating", "m1", {"value": value, "min": 1, "max": 5}, by=who)
    history.add("rating", "visit", {"value": 1, "min": 1, "max": 5}, by="ann")
    columns = ("about", "prompt_version", "ratings", "people", "mean", "mean_low", "mean_high")
    assert history.ask("ratings", *columns) == [
        ("session", None, 1, 1, 1.0, None, None),
        ("target", "v1", 2, 2, 4.0, 2.04, 5.96),
    ]


def test_somebody_who_rates_a_hundred_times_counts_for_five(history: History) -> None:
    for number in range(100):
        history.answer(f"m{number}")
        history.add("rating", f"m{number}", {"value": 1}, by="loud")
    for number in range(5):
        history.add("rating", "m0", {"value": 5}, by=f"quiet {number}")
    assert history.ask("ratings", "ratings", "mean") == [(105, 3.0)]
