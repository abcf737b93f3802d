"""What goes wrong: ranked, by where it was said, with its trend."""

from __future__ import annotations

from pathlib import Path

import pytest
from integration.analysis.history import History


@pytest.fixture
def history(tmp_path: Path) -> History:
    return History(tmp_path)


def test_each_place_where_people_complain_is_told_apart(history: History) -> None:
    history.thumb("m1", "ann", "down", why=["wrong", "rude"])
    history.thumb("m2", "bob", "down", why=["wrong"])
    history.thumb("m3", "cyn", "down")
    history.thumb("m4", "cyn", "up")
    history.add("comment", "m1", {"text": "No!", "category": "bug"}, by="ann")
    said = history.add("suggestion", "m5", {"outcome": "rejected"}, by="ann")
    history.add("detail", "m5", {"about": said, "reasons": ["wrong"]}, by="ann")
    history.add("suggestion", "m6", {"outcome": "accepted"}, by="ann")
    history.add("judgement", "m1", {"label": "fail", "judge": "reed"})
    history.add("judgement", "m2", {"label": "pass", "judge": "reed"})
    history.add("annotation", "m1", {"label": "bad"}, by="ann")
    assert history.ask("what_goes_wrong", "source", "what", "n", "people", "targets", "share") == [
        ("thumb", "wrong", 2, 2, 2, 0.667),
        ("comment", "bug", 1, 1, 1, 1.0),
        ("suggestion", "wrong", 1, 1, 1, 1.0),
        ("thumb", "rude", 1, 1, 1, 0.333),
        ("judge", "fail", 1, 1, 1, 1.0),
        ("thumb", "(no reason given)", 1, 1, 1, 0.333),
    ]


def test_somebody_with_a_hundred_complaints_counts_for_five(history: History) -> None:
    for number in range(100):
        history.thumb(f"m{number}", "loud", "down", why=["rude"])
    for number in range(15):
        history.thumb("m0", f"quiet {number}", "down", why=["wrong"])
    assert history.ask("what_goes_wrong", "what", "n", "people", "share") == [
        ("rude", 100, 1, 0.25),
        ("wrong", 15, 15, 0.75),
    ]


def test_a_complaint_that_was_taken_back_does_not_count(history: History) -> None:
    history.take_back(history.thumb("m1", "ann", "down", why=["rude"]), "ann")
    history.thumb("m2", "bob", "down", why=["rude"])
    history.thumb("m2", "bob", "up")
    assert history.ask("what_goes_wrong") == []


def test_what_more_people_complain_about_this_week_is_rising(history: History) -> None:
    """Of forty thumbs a week, good ones too: rude 2 before and 20 now, wrong 10 before and none now, slow 5 and 5."""
    before = ["rude"] * 2 + ["wrong"] * 10 + ["slow"] * 5
    now = ["rude"] * 20 + ["slow"] * 5
    for day, reasons in ((0, before), (8, now)):
        for number in range(40):
            why = reasons[number] if number < len(reasons) else None
            history.thumb(
                f"m{day} {number}",
                f"u{day} {number}",
                "down" if why else "up",
                why=[why] if why else None,
                day=day,
            )
    columns = ("what", "before", "recent", "before_rate", "recent_rate", "change", "trend")
    assert history.ask("what_goes_wrong", *columns) == [
        ("rude", 2, 20, 0.05, 0.5, 0.45, "rising"),
        ("slow", 5, 5, 0.125, 0.125, 0.0, "steady"),
        ("wrong", 10, 0, 0.25, 0.0, -0.25, "falling"),
    ]


def test_weeks_end_with_the_newest_verdict_and_not_today(history: History) -> None:
    history.thumb("m1", "ann", "down", why=["rude"], day=-300)
    history.thumb("m2", "bob", "up", day=-292)
    assert history.ask("what_goes_wrong", "recent", "before", "trend") == [(0, 1, "steady")]


def test_without_a_week_before_there_is_no_trend(history: History) -> None:
    history.thumb("m1", "ann", "down", why=["rude"])
    assert history.ask("what_goes_wrong", "recent", "before", "before_rate", "trend") == [(1, 0, None, None)]


def test_the_example_is_what_it_was_said_about_last(history: History) -> None:
    history.thumb("m1", "ann", "down", why=["rude"], day=1)
    history.thumb("m2", "bob", "down", why=["rude"], day=3)
    history.thumb("m3", "cyn", "down", why=["rude"], day=2)
    assert history.ask("what_goes_wrong", "example") == [("m2",)]
