"""On real ratings, the questions of the catalog answer as plain counting of the files does."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from integration.analysis.history import History

pytestmark = pytest.mark.realdata

DISLIKED = {"Bad", "Could be Improved"}


@pytest.fixture(scope="module")
def rows(shared_data: Path) -> list[dict]:
    files = sorted((shared_data / "feedbackqa").glob("*.json"))
    return [row for file in files for row in json.loads(file.read_text(encoding="utf-8"))]


@pytest.fixture(scope="module")
def history(rows: list[dict], tmp_path_factory: pytest.TempPathFactory) -> History:
    """The first rating as a thumb of somebody; where there are two, both as labels of two annotators."""
    history = History(tmp_path_factory.mktemp("feedbackqa"))
    for number, row in enumerate(rows):
        target, rated = f"m{number}", row["rating"]
        history.answer(
            target, input=row["question"], output=row["passage"]["reference"]["section_content"] or ""
        )
        history.thumb(target, f"u{number}", "down" if rated[0] in DISLIKED else "up")
        for annotator, label in zip(("one", "two"), rated if len(rated) == 2 else (), strict=False):
            history.add("annotation", target, {"label": label}, by=annotator)
    return history


def test_short_answers_are_disliked_more_as_much_as_is_known(history: History, rows: list[dict]) -> None:
    told = history.ask("proxies", "metric", "bin", "thumbs", "up_rate", "up_low", "up_high")
    fifths = [row[1:] for row in told if row[0] == "output_chars"]
    assert [row[0] for row in fifths] == [1, 2, 3, 4, 5]
    assert sum(row[1] for row in fifths) == len(rows)
    shortest, longest = fifths[0], fifths[-1]
    assert shortest[4] < longest[3], "the intervals of the shortest and of the longest do not meet"
    liked = np.array([thumbs * rate for _, thumbs, rate, *_ in fifths])
    disliked = np.array([thumbs for _, thumbs, *_ in fifths]) - liked
    longer_liked = disliked[:, None] * liked
    area = (np.triu(longer_liked, 1).sum() + np.trace(longer_liked) / 2) / longer_liked.sum()
    assert area == pytest.approx(0.61, abs=0.02)


def test_two_annotators_gave_half_of_the_answers_the_same_label(history: History, rows: list[dict]) -> None:
    pairs = [row["rating"] for row in rows if len(row["rating"]) == 2]
    agreed = sum(one == other for one, other in pairs)
    told = history.ask("annotator_agreement", "both", "agreed", "agree_rate")
    assert told == [(len(pairs), agreed, round(agreed / len(pairs), 3))]
    assert agreed / len(pairs) == pytest.approx(0.50, abs=0.01)
