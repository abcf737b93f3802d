"""Topics and the words that name them."""

from __future__ import annotations

import numpy as np
import pytest
from sayso_ingest.mining.embed import HashEmbedder
from sayso_ingest.mining.similarity.topics import MOST, find_topics, name_topics, topic_count
from unit.mining.builders import vectors

PARCEL = [
    "where is my parcel",
    "the parcel is late",
    "parcel not here",
    "lost parcel",
    "a parcel came broken",
]
INVOICE = ["send the invoice", "wrong invoice amount", "invoice again", "pay an invoice", "invoice by mail"]


def test_topics_are_named_by_the_words_that_set_them_apart() -> None:
    texts = PARCEL + INVOICE
    topics = find_topics(HashEmbedder().embed(texts), count=2)
    names = name_topics(texts, topics)
    assert names[topics.members[0]].startswith("parcel")
    assert names[topics.members[-1]].startswith("invoice")


def test_a_tag_that_most_of_a_topic_share_comes_first_in_its_name() -> None:
    texts = PARCEL + INVOICE
    tags = [["help", "parcel"], ["help", "late"], ["help", "parcel"], ["help", "parcel"], ["parcel", " "]] + [
        ["help"]
    ] * 5
    topics = find_topics(HashEmbedder().embed(texts), count=2)
    names = name_topics(texts, topics, tags=tags)
    first, second = names[topics.members[0]], names[topics.members[-1]]
    assert first.startswith("parcel: ")
    assert "parcel" not in first.removeprefix("parcel: ")
    assert second.startswith("invoice")  # nearly everything is tagged help: that sets nothing apart


def test_texts_without_words_are_named_by_number() -> None:
    topics = find_topics(vectors(3, seed=0), count=1)
    assert name_topics(["1", "22", "?"], topics) == ["topic 1"]


def test_there_are_never_more_topics_than_distinct_vectors() -> None:
    same = np.repeat(vectors(2, seed=0), 50, axis=0)
    assert find_topics(same, count=10).count == 2


def test_members_are_where_assign_would_put_them() -> None:
    rows = vectors(200, seed=1)
    topics = find_topics(rows)
    assert np.array_equal(topics.assign(rows), topics.members)
    assert topics.sizes.sum() == 200


@pytest.mark.parametrize(
    ("interactions", "topics"), [(0, 1), (1, 1), (200, 10), (20_000, 100), (10**7, MOST)]
)
def test_the_number_of_topics_grows_with_the_root_of_traffic(interactions: int, topics: int) -> None:
    assert topic_count(interactions) == topics
