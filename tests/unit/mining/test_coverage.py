"""The share of traffic a set represents."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from typing import Any

import pytest
from sayso_ingest.mining.coverage.coverage import Coverage, distinct, measure
from sayso_ingest.mining.coverage.measured import Measured, opened
from sayso_ingest.mining.embed import HashEmbedder
from unit.mining.builders import interaction, vectors, verdict

TRAFFIC = [interaction(f"t{n}", input=f"where is my parcel {n}") for n in range(30)] + [
    interaction(f"i{n}", input=f"send the invoice {n}") for n in range(10)
]
AGAINST = tuple(verdict("down", target=f"i{n}", who=f"actor:{n}") for n in range(10))


@cache
def measured(*cases: str, **options: Any) -> Coverage:
    """Coverage of three parcels for each invoice, in two topics."""
    embedder = HashEmbedder()
    rows = embedder.embed([one.input for one in TRAFFIC])
    return measure(TRAFFIC, rows, embedder.embed(cases), topics=2, embedder_id=embedder.id, **options)


def test_a_case_that_is_there_twice_changes_nothing() -> None:
    cases = ("my parcel is late", "the invoice please")
    assert measured(*cases, *cases) == measured(*cases)


def test_of_cases_that_ask_nearly_the_same_only_the_first_counts() -> None:
    asked = "where is the parcel that i ordered from you three weeks ago and paid for"
    cases = [{"input": asked}, {"input": "send the invoice"}, {"input": f"{asked.upper()} today!"}]
    assert distinct(cases) == cases[:2]
    assert distinct([]) == []


def test_beside_what_is_counted_stands_an_estimate_of_the_share_whose_like_the_set_has() -> None:
    found = measured("where is my parcel 3").estimate
    assert found.share == pytest.approx(0.75, abs=0.12)
    assert found.low < 0.75 < found.high


def test_coverage_is_the_share_of_traffic_in_topics_with_cases() -> None:
    once, thrice = measured("where is my parcel 3").levels
    assert (once.share, thrice.share) == (0.75, 0)
    assert 0.55 < once.low < 0.75 < once.high < 0.9


def test_an_empty_set_covers_nothing_and_every_topic_is_a_gap() -> None:
    found = measured()
    assert (found.estimate.share, found.estimate.high) == (0, 0)
    assert [level.share for level in found.levels] == [0, 0]
    assert [gap.interactions for gap in found.gaps] == [30, 10]
    assert found.gaps[0].topic.startswith("parcel")
    assert set(found.gaps[1].examples) <= {one.target for one in TRAFFIC[30:]}


def test_closing_the_gaps_raises_coverage_to_what_was_promised() -> None:
    before = measured("my parcel is late")
    (*_, last) = before.gaps
    asked = {one.target: one.input for one in TRAFFIC}
    added = [asked[target] for gap in before.gaps for target in gap.examples]
    assert last.adds == len(added)
    after = measured("my parcel is late", *added)
    gaps = before.measured(at=datetime(2026, 3, 1, tzinfo=UTC), version=1).gaps
    assert after.levels[0].share == before.levels[0].share + opened(gaps) == 1
    assert after.levels[1].share == last.rises_to == 1


def test_what_people_spoke_against_has_a_coverage_of_its_own() -> None:
    parcels, invoices = (
        measured(case, verdicts=AGAINST) for case in ("where is my parcel 3", "send the invoice 3")
    )
    assert parcels.disliked is not None
    assert invoices.disliked is not None
    assert (parcels.disliked.share, invoices.disliked.share) == (0, 1)
    assert parcels.disliked.high > 0.2
    assert measured("where is my parcel 3").disliked is None


def test_what_a_gap_says_to_add_asks_nothing_that_the_set_nearly_has_nor_twice_nearly_the_same() -> None:
    long = "where is the parcel that i ordered from you three weeks ago and paid for"
    traffic = [
        *(interaction(f"long{n}", input=f"{long} {end}") for n, end in enumerate(("", "today", "now"))),
        *(interaction(f"t{n}", input=f"{n} parcels of mine are late") for n in range(9)),
    ]
    embedder = HashEmbedder()
    rows = embedder.embed([one.input for one in traffic])

    def told(*cases: str) -> list[str]:
        found = measure(traffic, rows, embedder.embed(cases), asked=cases, topics=1, embedder_id=embedder.id)
        return [target for gap in found.gaps for target in gap.examples]

    assert len(told()) == 3
    assert sum(target.startswith("long") for target in told()) <= 1
    assert not any(target.startswith("long") for target in told(f"{long} please"))


def test_gaps_are_ranked_by_the_traffic_or_by_what_people_spoke_against() -> None:
    for ranked_by, first in (("traffic", "parcel"), ("disliked", "invoice")):
        gaps = measured(verdicts=AGAINST, gaps_by=ranked_by).gaps
        assert gaps[0].topic.startswith(first)
        assert gaps[0].disliked == (first == "invoice")


def test_every_row_names_how_it_was_found_the_topics_and_the_embedder() -> None:
    rows = measured("a parcel", verdicts=AGAINST).rows()
    assert [(row["how"], row["of"], row["at_least"]) for row in rows] == [
        ("counted", "traffic", 1),
        ("counted", "traffic", 3),
        ("counted", "disliked", 1),
        ("estimated", "traffic", 1),
    ]
    assert {(row["topics"], row["embedder"]) for row in rows} == {(2, "hash-256")}


def test_a_measurement_is_kept_with_its_gaps_and_with_every_topic_on_the_map() -> None:
    found = measured("send the invoice", verdicts=AGAINST)
    kept = found.measured(at=datetime(2026, 3, 1, tzinfo=UTC), version=2)
    assert (kept.version, kept.cases, kept.interactions) == (2, 1, len(TRAFFIC))
    assert [(one.at_least, one.share) for one in found.levels] == [
        (one.at_least, one.share) for one in kept.levels
    ]
    assert kept.estimate is not None
    assert kept.disliked is not None
    assert [(one.topic, one.adds) for one in kept.gaps] == [(one.topic, one.adds) for one in found.gaps]
    assert sorted(topic.interactions for topic in kept.map) == [10, 30]
    assert Measured.from_row(kept.row()) == kept


def test_a_topic_with_three_cases_is_no_gap() -> None:
    found = measured("parcel one", "my parcel two", "where is the parcel")
    assert [gap.topic.split(" / ")[0] for gap in found.gaps] == ["invoice"]


def test_few_people_who_ask_much_make_the_intervals_wider() -> None:
    embedder = HashEmbedder()
    rows = embedder.embed([one.input for one in TRAFFIC])
    few = [
        interaction(one.target, input=one.input, who=f"actor:{row // 8}") for row, one in enumerate(TRAFFIC)
    ]
    of_few = measure(few, rows, rows[:1], topics=2, embedder_id="any")
    alone = measure(TRAFFIC, rows, rows[:1], topics=2, embedder_id="any")
    for wide, narrow in ((of_few.levels[0], alone.levels[0]), (of_few.estimate, alone.estimate)):
        assert wide.share == narrow.share
        assert wide.high - wide.low > narrow.high - narrow.low


@pytest.mark.parametrize("count", [1, 10])
def test_traffic_that_is_all_the_same_is_one_topic(count: int) -> None:
    same = vectors(1, seed=0).repeat(count, axis=0)
    found = measure(TRAFFIC[:count], same, same[:1], embedder_id="any")
    assert found.topics == 1
    assert [found.levels[0].share, found.estimate.share] == [1, 1]
    assert found.levels[0].low < 1


def test_the_same_seed_measures_the_same() -> None:
    assert measured("a parcel", seed=3) == measured.__wrapped__("a parcel", seed=3)
