"""On real comments, themes and phrases say what people did not like, and cheap proxies foretell it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from sayso_ingest.analysis.stats.agreement import cohen
from sayso_ingest.mining import Comment, find_themes
from sayso_ingest.mining.hardness.fit import fit_of
from sayso_ingest.mining.themes.phrases import telling_phrases
from sayso_ingest.mining.themes.tone import hear
from sklearn.metrics import roc_auc_score

pytestmark = [pytest.mark.realdata, pytest.mark.slow]

DISLIKED = {"Bad", "Could be Improved"}
START = datetime(2026, 1, 1)  # noqa: DTZ001 (the warehouse's times are UTC without a zone)


@pytest.fixture(scope="module")
def rows(shared_data: Path) -> list[dict]:
    files = sorted((shared_data / "feedbackqa").glob("*.json"))
    return [row for file in files for row in json.loads(file.read_text(encoding="utf-8"))]


@pytest.fixture(scope="module")
def comments(rows: list[dict]) -> list[Comment]:
    """Each rater's comment, a minute apart, by a person of its own, with a thumb made of the rating."""
    said = [
        (item, rating, text)
        for item, row in enumerate(rows)
        for rating, text in zip(row["rating"], row["feedback"], strict=False)
        if text and text.strip()
    ]
    return [
        Comment(
            event_id=str(number),
            who=f"actor:{number}",
            target=str(item),
            text=text,
            occurred_at=START + timedelta(minutes=number),
            value="down" if rating in DISLIKED else "up",
        )
        for number, (item, rating, text) in enumerate(said)
    ]


def test_the_phrases_of_dislikes_and_of_likes_are_those_that_are_known(comments: list[Comment]) -> None:
    worse, better = telling_phrases(comments, most=300)
    z = {phrase.text: phrase.z for phrase in worse + better}
    for phrase in ("does not", "answer the question", "question is asking", "off topic", "not address"):
        assert z[phrase] > 5, phrase
    for phrase in ("directly", "direct answer", "detailed"):
        assert z[phrase] < -5, phrase
    assert z["does not"] > 10


def test_themes_gather_all_dislikes_and_stay_when_comments_come_on_top(comments: list[Comment]) -> None:
    first = find_themes(comments[:8000])
    second = find_themes(comments, remembered=first.remembered)
    assert sum(theme.comments for theme in second.themes) == second.comments
    assert max(theme.share.rate for theme in second.themes) < 0.35
    kept = {theme.id for theme in first.themes} & {theme.id for theme in second.themes}
    assert len(kept) >= 0.85 * len(first.themes)


def test_what_is_taken_for_praise_without_a_click_is_praise(comments: list[Comment]) -> None:
    drawn = np.random.default_rng(0).permutation(len(comments))
    clicked, silent = drawn[:300], drawn[300:2300]
    unknown = [replace(comments[row], value=None) for row in silent]
    found = hear([*(comments[row] for row in clicked), *unknown])
    taken = silent[found.praise[300:]]
    assert len(taken) > 0.1 * len(silent)
    assert np.mean([comments[row].value == "down" for row in taken]) < 0.1


def test_answers_unlike_their_question_and_short_ones_are_disliked_more(rows: list[dict]) -> None:
    answers = [row["passage"]["reference"]["section_content"] or "" for row in rows]
    disliked = [row["rating"][0] in DISLIKED for row in rows]
    similarity = fit_of([row["question"] for row in rows], answers).likeness
    known = ~np.isnan(similarity)
    assert roc_auc_score(np.array(disliked)[known], -similarity[known]) == pytest.approx(0.69, abs=0.03)
    second = np.array([row["rating"][1] in DISLIKED for row in rows])
    tenth = np.argsort(np.where(known, similarity, np.inf))[: len(rows) // 10]
    assert second[tenth].mean() / second.mean() == pytest.approx(1.58, abs=0.05)
    assert roc_auc_score(disliked, [-len(answer) for answer in answers]) == pytest.approx(0.61, abs=0.03)


def test_two_raters_agree_about_half_of_the_time(rows: list[dict]) -> None:
    pairs = [row["rating"] for row in rows if len(row["rating"]) == 2]
    found = cohen(*zip(*pairs, strict=True))
    assert found
    assert found.same == pytest.approx(0.50, abs=0.01)
    first, second = (np.array([row["rating"][rater] for row in rows]) for rater in (0, 1))
    disliked = np.isin(second, list(DISLIKED))
    assert disliked[first == "Bad"].mean() == pytest.approx(0.81, abs=0.01)
    assert disliked[first == "Excellent"].mean() == pytest.approx(0.23, abs=0.01)
