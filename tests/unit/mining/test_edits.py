"""How much of a text was changed."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sayso_ingest.mining.edits import LONG, similarity

WORDS = st.lists(st.sampled_from(["the", "parcel", "is", "late", ",", "again", "."]), max_size=12).map(
    " ".join
)


@settings(deadline=None)
@given(WORDS, WORDS)
def test_similarity_lies_between_0_and_1_and_equal_texts_have_1(one: str, other: str) -> None:
    assert 0 <= similarity(one, other) <= 1
    assert similarity(one, one) == 1


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("a b c d", "a b x d", 0.75),
        ("a b", "c d", 0.0),
        ("", "", 1.0),
        ("a", "", 0.0),
        ("a b c", "a b c d", 6 / 7),
    ],
)
def test_similarity_is_the_share_of_tokens_in_common(before: str, after: str, expected: float) -> None:
    assert similarity(before, after) == pytest.approx(expected)


def test_very_long_texts_are_compared_without_order() -> None:
    words = [f"w{number}" for number in range(LONG)]
    assert similarity(" ".join(words), " ".join(reversed(words))) == 1
