"""Who was reached, what is known of an answer's feedback, and how far the data can be trusted."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from integration.analysis.history import NOW, History
from landed import append, event, land
from sayso_ingest.analysis import question
from sayso_ingest.event import Reason, Rejection
from sayso_ingest.warehouse import Published


@pytest.fixture
def history(tmp_path: Path) -> History:
    return History(tmp_path)


def test_the_funnel_goes_from_answers_over_exposures_to_feedback(history: History) -> None:
    history.answer("m1", version="v1")
    history.answer("m2", version="v1")
    for who in ("ann", "bob"):
        history.see("m1", who)
        history.see("m1", who, surface="comment")
    history.see("m2", "ann")
    history.thumb("m1", "ann", "up")
    history.add("comment", "m1", {"text": "Fine"}, by="ann")
    history.thumb("m2", "dan", "up")
    columns = (
        "prompt_version",
        "interactions",
        "exposed",
        "people",
        "answered",
        "response_rate",
        "feedback",
        "per_1000",
    )
    assert history.ask("funnel", *columns) == [("v1", 2, 3, 2, 1, 0.333, 3, 1000.0)]


def test_somebody_who_sees_a_hundred_answers_counts_for_five_in_the_response_rate(history: History) -> None:
    history.answer("m0")
    for number in range(100):
        history.see(f"m{number}", "loud")
    for number in range(100):
        history.answer(f"m{number}")
    for number in range(5):
        history.see("m0", f"quiet {number}")
        history.thumb("m0", f"quiet {number}", "up")
    assert history.ask("funnel", "exposed", "answered", "response_rate") == [(105, 5, 0.5)]


def test_what_was_seen_without_an_interaction_stands_by_itself(history: History) -> None:
    history.answer("m1")
    history.see("lost", "ann")
    assert history.ask("funnel", "prompt_version", "interactions", "exposed") == [("v1", 1, 0), (None, 0, 1)]


def test_labels_of_annotators_and_judges_are_no_feedback(history: History) -> None:
    history.answer("m1")
    history.see("m1", "ann")
    history.add("annotation", "m1", {"label": "good"}, by="ann")
    history.add("judgement", "m1", {"label": "good", "judge": "reed"})
    assert history.ask("funnel", "feedback", "per_1000") == [(0, None)]


def test_feedback_is_told_apart_by_what_it_finds(history: History) -> None:
    history.answer("m1", session="visit")
    history.thumb("m1", "ann", "up")
    history.thumb("visit", "ann", "up")
    history.thumb("lost", "bob", "down")
    history.thumb("m1", "cyn", None)
    history.see("m1", "ann")
    columns = ("kind", "n", "people", "by_target", "by_session", "orphans", "joined_share")
    assert history.ask("joined", *columns) == [
        ("exposure", 1, 1, 1, 0, 0, 1.0),
        ("thumb", 3, 2, 1, 1, 1, 0.667),
    ]


def test_the_first_of_what_people_wrote_are_its_newest(history: History) -> None:
    history.answer("m1")
    for day, text in enumerate(("slow", "wrong", "better", "good")):
        history.add("comment", "m1", {"text": text}, by="ann", day=day)
    with history.publish() as copy:
        rows = copy.query(question("inbox"))
        assert [row["text"] for row in rows] == ["good", "better", "wrong", "slow"]
        assert rows[0]["output"] == "say"
        assert copy.query(question("inbox", limit=2)) == rows[:2]
        slowly = copy.query(f"SELECT {', '.join(rows[0])} FROM comments ORDER BY occurred_at DESC, event_id")
        assert rows == slowly


def _asked(folder: Path, name: str, *columns: str) -> list[tuple[object, ...]]:
    land(folder)
    with Published.open(folder) as copy:
        return [tuple(row[column] for column in columns) for row in copy.query(question(name))]


def test_what_is_wrong_with_the_data_is_counted_with_its_share(tmp_path: Path) -> None:
    told, thumb = event("interaction", target="m1"), event(target="m1")
    slow_clock = event(target="m1", actor="bob", occurred_at=(NOW - timedelta(hours=2)).isoformat())
    append(tmp_path, told, thumb)
    append(tmp_path, thumb)
    append(tmp_path, event(target="lost", actor="dan"))
    append(tmp_path, slow_clock, sent_at=NOW - timedelta(hours=2))
    append(tmp_path, event(target="m1", actor="eve", occurred_at=(NOW - timedelta(hours=1)).isoformat()))
    bad = Rejection.of(b"{}", Reason.MISSING_FIELD, detail={"field": "target"})
    append(tmp_path, rejects=[bad], dropped={"queue_full": 3})
    assert _asked(tmp_path, "data_quality", "finding", "detail", "n", "out_of") == [
        ("dropped", "queue_full (client)", 3, 8),
        ("late", "thumb arrived more than ten minutes after it happened", 1, 4),
        ("orphan", "thumb without an interaction", 1, 4),
        ("refused", "missing_field (collector)", 1, 6),
        ("repeat", "repeat (lander)", 1, 6),
        ("wrong_clock", "a client's clock is off by ten minutes or more", 1, 5),
    ]


def test_a_client_that_sent_every_day_and_stopped_is_silent(tmp_path: Path) -> None:
    for day in range(12):
        moment = NOW + timedelta(days=day)
        append(tmp_path, event(source={"sdk": "web/1"}), key_id="page", received_at=moment)
        if day < 6:
            append(tmp_path, event(source={"sdk": "app/1"}), key_id="phone", received_at=moment)
        if day in (0, 6):
            append(tmp_path, event(source={"sdk": "batch/1"}), key_id="weekly", received_at=moment)
    columns = ("key_id", "sdk", "events", "active_days", "silent_hours", "longest_gap_hours", "silent")
    assert _asked(tmp_path, "silent_sources", *columns) == [
        ("phone", "app/1", 6, 6, 144.0, 24, True),
        ("weekly", "batch/1", 2, 2, 120.0, 144, False),
        ("page", "web/1", 12, 12, 0.0, 24, False),
    ]
