"""Praise without a click is told from complaints by how those write whose click says which."""

from __future__ import annotations

from datetime import datetime, timedelta

from sayso_ingest.mining import Comment, find_themes
from sayso_ingest.mining.themes.tone import hear

START = datetime(2026, 1, 1)  # noqa: DTZ001 (the warehouse's times are UTC without a zone)
GOOD = ("thanks, that helped", "great and short, thanks", "this helped a lot")
BAD = ("wrong menu, it is gone", "that does not work for me", "not what was asked")


def said(texts: tuple[str, ...], value: str | None, count: int, *, first: int = 0) -> list[Comment]:
    return [
        Comment(
            event_id=f"{value}-{number}",
            who=f"actor:{value}-{number}",
            target=f"m{number}",
            text=f"{texts[number % len(texts)]} {number}",
            occurred_at=START + timedelta(minutes=number),
            value=value,
        )
        for number in range(first, first + count)
    ]


def with_clicks(count: int) -> list[Comment]:
    return said(GOOD, "up", count) + said(BAD, "down", count)


def test_praise_without_a_click_is_left_out_of_the_themes_and_counted() -> None:
    silent = said(GOOD, None, 9, first=100) + said(BAD, None, 6, first=200)
    found = find_themes(with_clicks(30) + silent)
    assert (found.praise, found.comments) == (9, 30 + 6)
    assert not any("helped" in example.text for theme in found.themes for example in theme.examples)


def test_a_click_is_believed_whatever_the_words() -> None:
    comments = [*with_clicks(30), *said(GOOD, "down", 3, first=300)]
    assert not hear(comments).praise.any()


def test_with_few_clicks_no_comment_is_taken_for_praise() -> None:
    found = hear(with_clicks(19) + said(GOOD, None, 5, first=100))
    assert (found.auc, found.praise.sum()) == (None, 0)


def test_where_words_do_not_tell_no_comment_is_taken_for_praise() -> None:
    mixed = said(GOOD + BAD, "up", 60) + said(GOOD + BAD, "down", 60)
    found = hear(mixed + said(GOOD, None, 5, first=100))
    assert found.auc is not None
    assert (found.auc < 0.7, found.praise.sum()) == (True, 0)


def test_comments_without_a_word_are_no_praise() -> None:
    signs = said(("!", "?", "..."), "up", 30), said(("!", "?", "..."), "down", 30)
    wordless = [
        Comment(c.event_id, c.who, c.target, c.text.split()[0], c.occurred_at, c.value)
        for side in signs
        for c in side
    ]
    assert not hear([*wordless, *said(GOOD, None, 2, first=100)]).praise.any()
