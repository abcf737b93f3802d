"""Which questions are nearly the same, held to every pair compared."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sayso_ingest.mining.question import normalise
from sayso_ingest.mining.similarity import duplicates
from sayso_ingest.mining.similarity.duplicates import groups, near_any

words = st.lists(st.sampled_from("abcdefghijkl"), max_size=40)


@st.composite
def edited(draw: st.DrawFn) -> list[str]:
    """Texts and edits of them: some are nearly the same, many just fail to be."""
    texts = draw(st.lists(words, min_size=1, max_size=8))
    for _ in range(draw(st.integers(0, 8))):
        copy = list(draw(st.sampled_from(texts)))
        place = draw(st.integers(0, len(copy)))
        copy[place : place + draw(st.integers(0, 2))] = draw(st.lists(st.sampled_from("xyz"), max_size=2))
        texts.append(copy)
    return [" ".join(text) for text in texts]


def similarity(one: str, other: str) -> float:
    """The Jaccard similarity of two texts, as it is defined."""
    left, right = ({*zip(*(text.split()[at:] for at in range(3)), strict=False)} for text in (one, other))
    if not left or not right:
        return float(one.split() == other.split())
    return len(left & right) / len(left | right)


def every_pair(texts: list[str]) -> list[int]:
    """Groups by comparing each text with each other."""
    group = list(range(len(texts)))
    for one, other in combinations(range(len(texts)), 2):
        if similarity(texts[one], texts[other]) >= 0.8:
            old, new = group[other], group[one]
            group = [new if number == old else number for number in group]
    numbers: dict[int, int] = {}
    return [numbers.setdefault(number, len(numbers)) for number in group]


@settings(deadline=None)
@given(edited())
def test_groups_are_those_of_every_pair_compared(texts: list[str]) -> None:
    assert groups(texts).tolist() == every_pair(texts)


@settings(deadline=None)
@given(edited(), edited())
def test_what_is_near_any_other_is_found_without_exception(texts: list[str], others: list[str]) -> None:
    expected = [any(similarity(one, other) >= 0.8 for other in others) for one in texts]
    assert near_any(texts, others).tolist() == expected


@settings(deadline=None)
@given(edited(), st.randoms(use_true_random=False))
def test_the_order_of_texts_does_not_matter(texts: list[str], random: Any) -> None:
    order = list(range(len(texts)))
    random.shuffle(order)
    alike, turned = groups(texts), groups([texts[place] for place in order])
    assert np.array_equal(alike[order][:, None] == alike[order], turned[:, None] == turned)


@pytest.mark.parametrize("limit", ["CHARACTERS", "PAIRS", "WORDS_KEPT"])
def test_texts_are_the_same_groups_however_few_are_looked_at_at_a_time(
    monkeypatch: pytest.MonkeyPatch, limit: str
) -> None:
    begins = [" ".join(f"w{number % 17}p{place}" for place in range(30)) for number in range(50)]
    texts = [f"{text} v{number % 3}" for number, text in enumerate(begins)]
    whole, near = groups(texts), near_any(texts[:10], texts[20:30])
    assert 1 < whole.max() + 1 < len(set(texts))
    monkeypatch.setattr(duplicates, limit, 1)
    assert np.array_equal(groups(texts), whole)
    assert np.array_equal(near_any(texts[:10], texts[20:30]), near)


def test_a_text_of_fewer_than_three_words_is_only_like_itself() -> None:
    assert groups(["reset password", "reset", "password reset", "reset password", ""]).tolist() == [
        0, 1, 2, 0, 3,
    ]  # fmt: skip


def test_a_script_without_spaces_is_cut_by_its_letters() -> None:
    asked = "请问我应该怎么样才能够重新设置我自己的登录密码呢谢谢你们"
    assert groups([asked, asked + "啊", "我的包裹在哪里呢请告诉我"]).tolist() == [0, 0, 1]


def test_one_word_more_in_a_long_question_is_nearly_the_same_and_in_a_short_one_is_not() -> None:
    long, short = " ".join(f"word{n}" for n in range(30)), "where is my new card"
    texts = [long, f"please {long}", short, f"please {short}"]
    assert groups([normalise(text) for text in texts]).tolist() == [0, 0, 1, 2]


def test_texts_that_are_made_by_a_pattern_are_grouped_as_far_as_they_are_the_same() -> None:
    begins = [" ".join(f"b{number}w{place}" for place in range(30)) for number in range(3)]
    texts = [f"{begins[number % 3]} number{number}" for number in range(900)]
    assert groups(texts).tolist() == [number % 3 for number in range(900)]


def test_of_nothing_there_are_no_groups_and_to_nothing_nothing_is_near() -> None:
    assert groups([]).tolist() == []
    assert near_any([], ["a"]).tolist() == []
    assert near_any(["a", ""], []).tolist() == [False, False]
