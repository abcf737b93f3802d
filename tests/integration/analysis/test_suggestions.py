"""Suggestions: what becomes of them, how people change them, and how long they last."""

from __future__ import annotations

from pathlib import Path

import pytest
from integration.analysis.history import History

PROPOSED = "Please open the settings and press save."


@pytest.fixture
def history(tmp_path: Path) -> History:
    return History(tmp_path)


def _decide(history: History, target: str, by: str, outcome: str, final: str | None = None) -> str:
    body = {"outcome": outcome, "proposed": PROPOSED, "decided_in_ms": 2000}
    return history.add("suggestion", target, body | ({"final": final} if final else {}), by=by)


def test_what_becomes_of_suggestions_is_told_with_how_many_were_seen(history: History) -> None:
    history.answer("m1")
    for who, outcome in (("ann", "accepted"), ("bob", "edited"), ("cyn", "rejected"), ("dan", "undone")):
        history.see("m1", who, surface="suggestion")
        _decide(history, "m1", who, outcome, final="Open the settings." if outcome == "edited" else None)
    history.see("m1", "eve", surface="suggestion")
    history.see("m1", "fay", surface="thumbs")
    columns = (
        "prompt_version",
        "exposed",
        "answered",
        "response_rate",
        "decided",
        "people",
        "accepted",
        "edited",
    )
    rest = (
        "rejected",
        "undone",
        "accept_rate",
        "accept_low",
        "accept_high",
        "take_rate",
        "median_decision_ms",
    )
    assert history.ask("suggestion_outcomes", *columns, *rest) == [
        ("v1", 5, 4, 0.8, 4, 4, 1, 1, 1, 1, 0.25, 0.037, 0.744, 0.5, 2000.0)
    ]


def test_somebody_who_takes_a_hundred_suggestions_counts_for_five(history: History) -> None:
    for number in range(100):
        _decide(history, f"m{number}", "loud", "accepted")
    for number in range(15):
        _decide(history, "m0", f"quiet {number}", "rejected")
    assert history.ask("suggestion_outcomes", "decided", "people", "accept_rate") == [(115, 16, 0.25)]


def test_an_outcome_that_was_taken_back_does_not_count(history: History) -> None:
    history.take_back(_decide(history, "m1", "ann", "accepted"), "ann")
    assert history.ask("suggestion_outcomes") == []


def test_edits_are_told_apart_by_what_was_changed(history: History) -> None:
    history.answer("m1")
    edits = {
        "ann": "please open the settings, and press save",
        "bob": "Open the settings.",
        "cyn": PROPOSED + " Then wait for a minute or two.",
        "dan": "Please open the menu and press save.",
        "eve": "Call our help desk tomorrow in the morning.",
    }
    for who, final in edits.items():
        _decide(history, "m1", who, "edited", final)
    columns = ("change", "n", "edited", "people", "share", "words_kept")
    assert history.ask("suggestion_edits", *columns) == [
        ("cosmetic", 1, 5, 1, 0.2, 1.0),
        ("lengthened", 1, 5, 1, 0.2, 1.0),
        ("reworded", 1, 5, 1, 0.2, 0.857),
        ("rewritten", 1, 5, 1, 0.2, 0.143),
        ("shortened", 1, 5, 1, 0.2, 0.429),
    ]


def test_the_words_that_people_take_out_and_put_in_are_counted_once_a_suggestion(history: History) -> None:
    history.answer("m1")
    _decide(history, "m1", "ann", "edited", "Open the settings and press save save.")
    _decide(history, "m1", "bob", "edited", "Kindly open the settings and press save.")
    _decide(history, "m1", "cyn", "edited", "Please open the settings and press save!")
    columns = ("change", "word", "n", "people", "edited", "share")
    assert history.ask("suggestion_words", *columns) == [
        ("added", "kindly", 1, 1, 3, 0.333),
        ("removed", "please", 2, 2, 3, 0.667),
    ]


def test_what_is_left_later_is_told_by_how_much_later(history: History) -> None:
    history.answer("m1")
    for who, after, kept in (("ann", 600, 1.0), ("bob", 600, 0.5), ("cyn", 90_000, 0.2)):
        _decide(history, "m1", who, "accepted")
        history.add("suggestion", "m1", {"survival": {"after_s": after, "kept": kept}}, by=who)
    columns = ("prompt_version", "after", "measured", "people", "kept", "whole_rate")
    assert history.ask("suggestion_survival", *columns) == [
        ("v1", "minutes", 2, 2, 0.75, 0.5),
        ("v1", "days", 1, 1, 0.2, 0.0),
    ]
