"""The share of traffic a set represents."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sayso_ingest.mining.coverage.coverage import Coverage, covered, interval, measure
from sayso_ingest.mining.coverage.measured import Measured
from sayso_ingest.mining.embed import HashEmbedder
from unit.mining.builders import interaction, vectors

TRAFFIC = [interaction(f"t{n}", input=f"where is my parcel {n}") for n in range(30)] + [
    interaction(f"i{n}", input=f"send the invoice {n}") for n in range(10)
]


def measured(cases: list[str], **options: int) -> Coverage:
    embedder = HashEmbedder()
    rows = embedder.embed([one.input for one in TRAFFIC])
    return measure(TRAFFIC, rows, embedder.embed(cases), embedder_id=embedder.id, **options)


@settings(deadline=None)
@given(
    st.lists(st.integers(0, 5), min_size=1, max_size=50),
    st.lists(st.integers(0, 4), min_size=6, max_size=6),
    st.integers(0, 5),
    st.integers(1, 4),
)
def test_another_case_never_lowers_coverage_and_a_higher_bar_never_raises_it(
    members: list[int], cases: list[int], topic: int, at_least: int
) -> None:
    rows, counts = np.array(members), np.array(cases)
    before = covered(rows, counts, at_least=at_least).mean()
    assert covered(rows, counts, at_least=at_least + 1).mean() <= before
    counts[topic] += 1
    assert covered(rows, counts, at_least=at_least).mean() >= before


def test_coverage_is_the_share_of_traffic_in_topics_with_cases() -> None:
    found = measured(["my parcel is late"], topics=2)
    once, thrice = found.levels
    assert once.share == pytest.approx(0.75)
    assert thrice.share == 0
    assert once.low < 0.75 < once.high


def test_an_empty_set_covers_nothing_and_every_topic_is_a_gap() -> None:
    found = measured([], topics=2)
    assert [level.share for level in found.levels] == [0, 0]
    assert [gap.interactions for gap in found.gaps] == [30, 10]
    assert found.gaps[0].topic.startswith("parcel")
    assert set(found.gaps[1].examples) <= {one.target for one in TRAFFIC[30:]}


def test_every_row_names_the_topics_and_the_embedder() -> None:
    for row in measured(["a parcel"]).rows():
        assert row["topics"] == 4
        assert row["embedder"] == "hash-256"


def test_a_topic_with_three_cases_is_no_gap() -> None:
    found = measured(["parcel one", "my parcel two", "where is the parcel"], topics=2)
    assert [gap.topic.split(" / ")[0] for gap in found.gaps] == ["invoice"]


def test_the_same_seed_measures_the_same() -> None:
    assert measured(["a parcel"], seed=3) == measured(["a parcel"], seed=3)


def test_few_people_who_ask_much_make_the_interval_wider() -> None:
    hits = np.repeat([1.0, 0.0, 1.0, 1.0, 0.0, 1.0], 50)
    low, high = interval(hits, np.repeat(np.arange(6), 50))
    alone_low, alone_high = interval(hits, np.arange(300))
    assert high - low > 2 * (alone_high - alone_low)


def test_an_interval_of_nothing_but_hits_counts_people_not_interactions() -> None:
    low, _ = interval(np.ones(300), np.repeat(np.arange(3), 100))
    assert low < 0.5


def test_vectors_that_are_all_the_same_are_one_topic() -> None:
    same = np.repeat(vectors(1, seed=0), len(TRAFFIC), axis=0)
    assert measure(TRAFFIC, same, same[:1], embedder_id="any").levels[0].share == 1


def test_a_measurement_is_kept_with_its_gaps_and_with_every_topic_on_the_map() -> None:
    found = measured(["send the invoice"])
    kept = found.measured(at=datetime(2026, 3, 1, tzinfo=UTC), version=2)
    assert (kept.version, kept.cases, kept.interactions) == (2, 1, len(TRAFFIC))
    assert [(one.at_least, one.share) for one in kept.levels] == [
        (one.at_least, one.share) for one in found.levels
    ]
    assert [one.topic for one in kept.gaps] == [one.topic for one in found.gaps]
    assert sum(topic.interactions for topic in kept.map) == len(TRAFFIC)
    assert Measured.from_row(kept.row()) == kept
