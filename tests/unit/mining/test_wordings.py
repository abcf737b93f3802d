"""Which texts are worded alike."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from sayso_ingest.mining import Wordings

TEXTS = [
    "How do I get my money back for an order?",
    "Where can I export all of my boards?",
    "The invitation link does not work",
    "発送はいつですか",
]


def test_the_text_that_shares_most_words_is_the_nearest() -> None:
    wordings = Wordings.of(TEXTS)
    assert wordings.nearest("how do i get the money back??")[0].place == 0
    assert wordings.nearest("invitation link is broken")[0].place == 2
    assert wordings.nearest("発送はいつ")[0].place == 3


def test_where_nothing_is_alike_there_is_no_neighbour() -> None:
    assert Wordings.of(TEXTS).nearest("zyxw vuts") == []
    assert Wordings.of([]).nearest("anything") == []


@given(st.lists(st.text(min_size=1, max_size=40), min_size=1, max_size=6))
def test_a_text_is_nearest_to_itself_and_no_likeness_is_beyond_one(texts: list[str]) -> None:
    wordings = Wordings.of(texts)
    for text in texts:
        found = wordings.nearest(text, most=len(texts))
        assert found
        assert abs(found[0].likeness - 1) < 1e-9
        assert all(near.likeness <= 1 + 1e-9 for near in found)


@given(st.text(max_size=40), st.text(max_size=40))
def test_likeness_is_the_same_from_either_side(one: str, other: str) -> None:
    wordings = Wordings.of([one, other])
    of_one = {near.place: near.likeness for near in wordings.nearest(one)}
    of_other = {near.place: near.likeness for near in wordings.nearest(other)}
    assert abs(of_one.get(1, 0) - of_other.get(0, 0)) < 1e-9
