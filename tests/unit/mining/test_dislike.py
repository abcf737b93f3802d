"""What each kind of verdict says, as dislike."""

from __future__ import annotations

from typing import Any

import pytest
from sayso_ingest.mining.hardness.dislike import dislikes
from unit.mining.builders import verdict


@pytest.mark.parametrize(
    ("value", "fields", "expected"),
    [
        ("down", {}, 1),
        ("up", {}, 0),
        ("rejected", {"kind": "suggestion"}, 1),
        ("undone", {"kind": "suggestion"}, 1),
        ("accepted", {"kind": "suggestion"}, 0),
        ("edited", {"kind": "suggestion", "proposed": "a b c d", "final": "a b x d"}, 0.25),
        ("edited", {"kind": "suggestion", "output": "a b", "final": "c d"}, 1),
        ("edited", {"kind": "suggestion", "final": "c d"}, None),
        ("1", {"kind": "rating", "score": 1.0, "min": 1.0, "max": 5.0}, 1),
        ("4", {"kind": "rating", "score": 4.0, "min": 1.0, "max": 5.0}, 0.25),
        ("0.2", {"kind": "judgement", "score": 0.2}, 0.8),
        ("yes", {"kind": "judgement", "label": "yes", "score": 0.0, "rubric": "works@0123abcd"}, 1),
        ("no", {"kind": "judgement", "label": "no", "score": 1.0, "rubric": "works@0123abcd"}, 0),
        ("no", {"kind": "judgement", "label": "no", "rubric": "works@0123abcd"}, 1),
        ("bad", {"kind": "judgement", "label": "bad", "score": 2.0, "rubric": "works@0123abcd"}, 1),
        ("?", {"kind": "judgement", "label": "?", "score": 2.0, "rubric": "works@0123abcd"}, None),
        ("yes", {"kind": "judgement", "label": "yes", "score": 0.0, "rubric": "of others"}, 0),
        ("Wrong!", {"kind": "annotation", "label": "Wrong!"}, 1),
        ("correct", {"kind": "annotation", "label": "correct", "score": 0.0}, 0),
        ("billing", {"kind": "annotation", "label": "billing"}, None),
        ("No", {"kind": "annotation", "expected": "No", "output": "Yes"}, 1),
        ("yes", {"kind": "annotation", "expected": "yes", "output": "Yes."}, 0),
        ("it was slow", {"kind": "comment"}, None),
        ("see the FAQ", {"kind": "comment", "expected": "30 days", "output": "14 days"}, 1),
        ("b", {"kind": "preference"}, None),
    ],
)
def test_every_kind_is_read_as_dislike_or_as_neither(
    value: str, fields: dict[str, Any], expected: float | None
) -> None:
    assert dislikes([verdict(value, **fields)]) == [pytest.approx(expected)]


def test_scores_without_bounds_are_read_on_the_range_of_their_own_kind_and_name() -> None:
    stars = [verdict(str(score), kind="rating", name="stars", score=score) for score in (1.0, 3.0, 5.0)]
    ten = [verdict(str(score), kind="rating", name="of ten", score=score) for score in (0.0, 10.0)]
    assert dislikes([*stars, *ten]) == [1, 0.5, 0, 1, 0]


def test_a_range_of_one_score_says_nothing() -> None:
    assert dislikes([verdict("4", kind="rating", score=4.0)] * 3) == [None] * 3


def test_of_some_of_many_scores_the_range_of_all_is_what_counts() -> None:
    middle = verdict(None, kind="rating", score=3.0)
    assert dislikes([middle]) == [None]
    assert dislikes([middle], ranges={("rating", "", "", ""): (1.0, 5.0)}) == [0.5]
    assert dislikes(
        [verdict(None, kind="rating", score=0.4)], ranges={("rating", "", "", ""): (0.2, 0.9)}
    ) == [0.6]
