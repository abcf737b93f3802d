"""What is said of a change of traffic, and in what it lies."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from sayso_ingest.mining.drift.drift import MIX, NEW, Answer, Drift, Window, together, topic_changes
from sayso_ingest.mining.drift.shift import deal
from sayso_ingest.mining.rows import Asked
from sayso_ingest.mining.similarity.topics import Topics
from unit.mining.builders import START

NONE = Drift(before=Window(28, 2000, 2000, 900), now=Window(7, 600, 600, 300), until=START)
BEFORE, NOW = 400, 200
SUBJECTS = ("parcel late", "invoice wrong", "voucher gone")


def found(new: float, mix: float) -> Drift:
    return replace(NONE, answers=(Answer(NEW, new), Answer(MIX, mix)))


def asked(number: int, *, who: str | None = None, subject: int = 0) -> Asked:
    return Asked(
        target=f"t{number:03}",
        who=who or f"actor:{number}",
        occurred_at=START + timedelta(minutes=number),
        input=f"my {SUBJECTS[subject]}",
        tags=(),
        until=START,
        present=number >= BEFORE,
        total=0,
    )


@pytest.mark.parametrize(
    ("new", "mix", "changed", "said"),
    [
        (
            0.5,
            0.5,
            False,
            "No sign that what people ask has changed: 600 interactions of the 7 days to 2026-01-01",
        ),
        (0.004, 0.5, True, f"What people ask has changed: {NEW} (p = 0.004); 600 interactions"),
        (0.5, 0.05, True, f"What people ask has changed: {MIX} (p = 0.050); 600 interactions"),
        (0.004, 0.004, True, f"What people ask has changed: {NEW} (p = 0.004) and {MIX} (p = 0.004); 600"),
    ],
)
def test_the_sentence_says_what_is_sure_enough(new: float, mix: float, changed: bool, said: str) -> None:
    drift = found(new, mix)
    assert drift.changed is changed
    assert drift.sentence.startswith(said)
    assert drift.next == ("sayso mine --set NAME --strategy different" if changed else "")


def test_without_enough_it_says_which_windows_would_have_enough() -> None:
    little = replace(NONE, now=Window(1, 200, 200, 20))
    assert little.changed is None
    assert little.sentence.startswith(
        "Not enough yet, because each window needs 500 interactions: 200 interactions of the day to"
    )
    assert little.next.endswith("sayso drift --days 3 --before 28")
    assert "traffic in both windows" in replace(NONE, before=Window(28, 0, 0, 0)).next


def test_what_one_person_asks_in_a_day_of_one_window_belongs_together() -> None:
    rows = [asked(number, who=who) for number, who in ((0, "a"), (1, "b"), (2, "a"), (BEFORE, "a"))]
    assert together([*rows, replace(rows[0], occurred_at=START + timedelta(days=1))]).tolist() == [
        0,
        1,
        0,
        2,
        3,
    ]


def test_the_topic_that_came_is_named_first_with_its_shares_and_how_sure_that_is() -> None:
    subject = [
        2 if number >= BEFORE and number % 20 in (0, 5) else number % 2 for number in range(BEFORE + NOW)
    ]
    rows = [asked(number, subject=of) for number, of in enumerate(subject)]
    vectors = np.eye(3, dtype=np.float32)[subject]
    topics = Topics(np.eye(3, dtype=np.float32), np.array(subject))
    dealt = deal(np.arange(BEFORE + NOW) >= BEFORE, together(rows), times=199, seed=0)
    first, *others = topic_changes(rows, vectors, topics, dealt)
    assert (first.before, first.now, first.difference, first.people) == (0, 0.1, 0.1, 20)
    assert 0 < first.low < 0.1 < first.high
    assert first.p < 0.001
    assert min(one.p for one in others) > 0.05
    assert "voucher" in first.topic
    assert first.examples == ("t400", "t405")


def test_a_topic_of_one_busy_person_is_not_sure_to_have_come() -> None:
    busy = [number >= BEFORE and number % 10 == 0 for number in range(BEFORE + NOW)]
    rows = [
        asked(number, who="actor:busy" if one else None, subject=2 * one) for number, one in enumerate(busy)
    ]
    members = np.array(busy, dtype=np.int64)
    vectors = np.eye(2, dtype=np.float32)[members]
    dealt = deal(np.arange(BEFORE + NOW) >= BEFORE, together(rows), times=199, seed=0)
    (topic,) = [
        one for one in topic_changes(rows, vectors, Topics(np.eye(2, dtype=np.float32), members), dealt)
        if "voucher" in one.topic
    ]  # fmt: skip
    assert topic.people == 1
    assert topic.p > 0.05
