"""Themes of comments: gathered, quoted, named by ids that stay, and not ruled by who is loud."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sayso_ingest.mining import Comment, find_themes, recall, remember
from sayso_ingest.mining.themes.phrases import Phrase, distinct, telling_phrases
from sayso_ingest.mining.themes.themes import theme_count

NEWEST = datetime(2026, 3, 1, 12)  # noqa: DTZ001 (the warehouse's times are UTC without a zone)
SUBJECTS = (
    "the invoice shows a wrong amount",
    "the parcel came too late again",
    "my password was never reset",
    "this is not what I asked about",
    "the link leads to an old page",
    "it is far too long to read",
)


def comment(number: int, text: str, *, value: str | None = "down", who: str = "", days: float = 0) -> Comment:
    return Comment(
        event_id=f"e{number}",
        who=who or f"actor:{number}",
        target=f"t{number}",
        text=text,
        occurred_at=NEWEST - timedelta(days=days),
        value=value,
        prompt_name="answer",
        prompt_version="v2" if number % 3 else "v1",
    )


def comments(count: int, *, first: int = 0, days: float = 0) -> list[Comment]:
    return [
        comment(number, f"{SUBJECTS[number % 6]}, for order {number * 37 % 1000}", days=days + number % 20)
        for number in range(first, first + count)
    ]


def subjects(texts: list[str]) -> set[str]:
    return {text.partition(",")[0] for text in texts}


def test_comments_that_say_alike_are_one_theme() -> None:
    found = find_themes(comments(360))
    assert sum(theme.comments for theme in found.themes) == found.comments == 360
    assert {len(subjects([one.text for one in theme.examples])) for theme in found.themes} == {1}
    assert subjects([theme.quote for theme in found.themes]) == set(SUBJECTS)


def test_a_theme_has_a_share_with_an_interval_and_the_versions_it_is_about() -> None:
    theme = find_themes(comments(360)).themes[0]
    assert theme.share.low < theme.share.rate < theme.share.high
    assert dict(theme.versions).keys() <= {"answer v1", "answer v2"}
    assert theme.last_at <= NEWEST


def test_who_liked_the_answer_is_left_out_and_who_said_neither_is_not() -> None:
    liked = [comment(number, "exactly what I wanted, thank you", value="up") for number in range(40)]
    silent = [comment(number, "the invoice is wrong", value=None) for number in range(40, 80)]
    found = find_themes(liked + silent)
    assert found.comments == 40
    assert {theme.quote for theme in found.themes} == {"the invoice is wrong"}


def test_ids_stay_when_comments_come_on_top_and_new_themes_get_new_ones() -> None:
    first = find_themes(comments(360))
    shouted = [comment(1000 + n, f"crashed on my phone, model {n}") for n in range(90)]
    second = find_themes(comments(420) + shouted, remembered=first.remembered)
    ids = {theme.id: subjects([theme.quote]) for theme in first.themes}
    later = {theme.id: subjects([theme.quote]) for theme in second.themes}
    assert all(later[name] == subject for name, subject in ids.items())
    fresh = later.keys() - ids.keys()
    assert {"crashed on my phone"} in [later[name] for name in fresh]


def test_the_same_comments_have_the_same_themes_each_time() -> None:
    first = find_themes(comments(360))
    again = find_themes(comments(360), remembered=first.remembered)
    assert [(theme.id, theme.comments) for theme in again.themes] == [
        (theme.id, theme.comments) for theme in first.themes
    ]


@pytest.mark.parametrize("seed", range(12))
def test_the_same_comments_have_the_same_themes_also_where_hardly_anything_sets_them_apart(seed: int) -> None:
    alike = [comment(number, f"too long {number}") for number in range(40)]
    random.Random(seed).shuffle(alike)
    first = find_themes(alike)
    assert find_themes(alike, remembered=first.remembered).themes == first.themes


def test_a_theme_that_was_gone_comes_back_under_its_id() -> None:
    first = find_themes(comments(360))
    [parcel] = [theme.id for theme in first.themes if "parcel" in theme.quote]
    without = [one for one in comments(360) if "parcel" not in one.text]
    second = find_themes(without, remembered=first.remembered)
    assert parcel not in {theme.id for theme in second.themes}
    third = find_themes(comments(360), remembered=second.remembered)
    assert [theme.id for theme in third.themes if "parcel" in theme.quote] == [parcel]


def test_what_is_remembered_is_read_back_as_it_was(tmp_path: Path) -> None:
    kept = find_themes(comments(120)).remembered
    remember(tmp_path / "mining" / "themes.json", kept)
    read = recall(tmp_path / "mining" / "themes.json")
    assert read
    assert (read.embedder, read.ids, read.issued) == (kept.embedder, kept.ids, kept.issued)
    assert read.middles == pytest.approx(kept.middles, abs=1e-5)


@pytest.mark.parametrize("content", ["", "{", "[]", '{"ids": ["theme-1"], "middles": [], "issued": 1}'])
def test_a_file_that_cannot_be_read_is_as_good_as_none(tmp_path: Path, content: str) -> None:
    (tmp_path / "themes.json").write_text(content)
    assert recall(tmp_path / "themes.json") is None
    assert recall(tmp_path / "missing.json") is None


def test_one_person_who_writes_all_day_makes_no_theme_large() -> None:
    loud = [comment(1000 + n, f"the font is ugly, really, number {n}", who="actor:loud") for n in range(300)]
    found = find_themes(comments(360) + loud)
    ugly = [theme for theme in found.themes if "font" in theme.quote]
    assert sum(theme.comments for theme in ugly) == 300
    assert {theme.people for theme in ugly} == {1}
    assert sum(theme.share.rate for theme in ugly) < 0.05


def test_a_theme_of_which_there_is_more_this_week_is_rising() -> None:
    before = comments(120, days=8)
    now = [comment(1000 + n, f"{SUBJECTS[0]}, for order {n}", days=n % 6) for n in range(80)]
    aged = [comment(2000 + n, f"{SUBJECTS[1 + n % 5]}, for order {n}", days=7.5 + n % 6) for n in range(80)]
    themes = find_themes(before + now + aged).themes
    assert {theme.trend for theme in themes if theme.quote.startswith(SUBJECTS[0])} == {"rising"}


def test_nothing_written_is_no_theme() -> None:
    assert find_themes([]).themes == ()
    assert find_themes([comment(1, "!!!")]).themes[0].comments == 1


def test_themes_are_as_fine_as_there_are_comments() -> None:
    assert [theme_count(count) for count in (1, 40, 1000, 50_000)] == [1, 2, 10, 30]


def test_phrases_tell_dislikes_from_likes() -> None:
    against = [comment(n, f"it does not answer the question {n}") for n in range(60)]
    liked = [comment(n, f"a direct answer to the question {n}", value="up") for n in range(60, 120)]
    worse, better = telling_phrases(against + liked)
    assert "does not" in {phrase.text for phrase in worse}
    assert "direct answer" in {phrase.text for phrase in better}
    assert all(phrase.z > 1.96 for phrase in worse)
    assert all(phrase.z < -1.96 for phrase in better)
    assert "the question" not in {phrase.text for phrase in worse + better}


def test_phrases_that_say_the_same_are_told_once() -> None:
    said = [
        Phrase(text, 9, 1, 5.0) for text in ("does not", "does not answer", "not", "the link", "not answered")
    ]
    assert [phrase.text for phrase in distinct(said)] == ["does not", "the link", "not answered"]


def test_a_phrase_of_one_loud_person_tells_nothing() -> None:
    others = [comment(n, "short and right", value="up" if n % 2 else "down") for n in range(60)]
    loud = [comment(100 + n, "utter rubbish", who="actor:loud") for n in range(60)]
    assert [
        phrase for phrase in telling_phrases(others + loud)[0] if "rubbish" in phrase.text and phrase.z > 3
    ] == []


def test_without_both_sides_there_are_no_phrases() -> None:
    assert telling_phrases(comments(50)) == ([], [])
    assert telling_phrases([comment(1, "?"), comment(2, "!", value="up")]) == ([], [])
