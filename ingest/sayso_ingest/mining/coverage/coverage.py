"""The share of traffic that an eval set represents: test coverage for what users ask.

An interaction is covered when its topic has at least m cases. The level depends on the number of topics K and
on the embedder, so both belong to the number: never compare coverage across them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from sayso_ingest.analysis import wilson
from sayso_ingest.errors import NotFound, UsageError
from sayso_ingest.event import JSON
from sayso_ingest.mining import rows
from sayso_ingest.mining.arrays import Floats, Integers, Vectors
from sayso_ingest.mining.coverage.measured import MappedTopic, Measured, MeasuredGap, MeasuredLevel
from sayso_ingest.mining.coverage.topic_map import draw_map
from sayso_ingest.mining.embed import Centring, EmbedderChoice, automatic
from sayso_ingest.mining.hardness.hard import weigh
from sayso_ingest.mining.rows import Interaction
from sayso_ingest.mining.similarity.topics import Topics, find_topics, name_topics

AT_LEAST = (1, 3)
"""Cases a topic needs to count as covered."""
CLUSTERINGS = 3
RESAMPLES = 500
EXAMPLES = 3
GAPS = 10


@dataclass(frozen=True, slots=True)
class Level:
    """The share of traffic in topics with at least `at_least` cases, with its 95 % interval.

    `spread` is the standard deviation between clusterings, which the interval does not include.
    """

    at_least: int
    share: float
    low: float
    high: float
    spread: float


@dataclass(frozen=True, slots=True)
class Gap:
    """A topic with too few cases: its words, its traffic, and interactions to look at."""

    topic: str
    interactions: int
    share: float
    cases: int
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """Coverage of `interactions` by `cases` at `topics` (K) topics of `embedder`; gaps, the largest first."""

    levels: tuple[Level, ...]
    gaps: tuple[Gap, ...]
    interactions: int
    cases: int
    topics: int
    embedder: str
    interval: str
    map: tuple[MappedTopic, ...] = ()

    def measured(self, *, at: datetime, version: int | None) -> Measured:
        """What is kept of it: of which version of the set, and when."""
        return Measured(
            at=at,
            version=version,
            embedder=self.embedder,
            topics=self.topics,
            interactions=self.interactions,
            cases=self.cases,
            levels=tuple(MeasuredLevel(one.at_least, one.share, one.low, one.high) for one in self.levels),
            gaps=tuple(
                MeasuredGap(one.topic, one.interactions, one.share, one.cases, one.examples)
                for one in self.gaps
            ),
            map=self.map,
        )

    def rows(self) -> list[dict[str, JSON]]:
        """One row a level, for a table: every one names K and the embedder."""
        return [
            {
                "at_least": level.at_least,
                "coverage": level.share,
                "low": level.low,
                "high": level.high,
                "spread": level.spread,
                "topics": self.topics,
                "embedder": self.embedder,
                "interactions": self.interactions,
                "cases": self.cases,
                "interval": self.interval,
            }
            for level in self.levels
        ]

    def gap_rows(self) -> list[dict[str, JSON]]:
        """One row a gap, for a table."""
        return [
            {
                "topic": gap.topic,
                "interactions": gap.interactions,
                "share": gap.share,
                "cases": gap.cases,
                "examples": list(gap.examples),
            }
            for gap in self.gaps
        ]


def measure_coverage(
    query: rows.Query,
    *,
    cases: Sequence[Mapping[str, JSON]],
    topics: int | None = None,
    seed: int = 0,
    choose: EmbedderChoice = automatic,
) -> Coverage:
    """Measure how much of the traffic the cases (rows with `input`) represent, at K = `topics`.

    Raises:
        NotFound: there is no interaction with an input.
        UsageError: K is not positive.
    """
    if topics is not None and topics < 1:
        raise UsageError(f"Coverage needs at least 1 topic, not {topics}.")
    traffic = [interaction for interaction in rows.read_interactions(query, seed=seed) if interaction.sampled]
    if not traffic:
        raise NotFound(
            "There is no interaction with an input, so there is no traffic to cover. Send some first."
        )
    texts = [interaction.input for interaction in traffic]
    embedder = choose(texts)
    raw = embedder.embed(texts)
    centring = Centring.fit(raw, most=embedder.shared)
    return measure(
        traffic,
        centring.apply(raw),
        centring.apply(embedder.embed([case["input"] for case in cases])),
        dislike=weigh([one.target for one in traffic], rows.read_verdicts(query)).rate,
        topics=topics,
        seed=seed,
        embedder_id=embedder.id,
    )


def measure(
    traffic: Sequence[Interaction],
    vectors: Vectors,
    cases: Vectors,
    *,
    dislike: Floats | None = None,
    topics: int | None = None,
    seed: int = 0,
    embedder_id: str,
) -> Coverage:
    """Coverage of traffic with vectors (n, d) by cases (m, d), averaged over three clusterings.

    `dislike` (n,) is the share of those who spoke against each interaction, NaN where nobody spoke.
    """
    clusterings = [find_topics(vectors, count=topics, seed=seed + number) for number in range(CLUSTERINGS)]
    counts = [one.counts_of(cases) for one in clusterings]
    # Numbered as they come: what has no person is named by its event's id, which must not decide anything.
    number: dict[str, int] = {}
    people = np.array([number.setdefault(interaction.who, len(number)) for interaction in traffic])
    levels = []
    for at_least in AT_LEAST:
        hits = [
            covered(one.members, of, at_least=at_least) for one, of in zip(clusterings, counts, strict=True)
        ]
        levels.append(_level(at_least, np.array(hits), people, seed=seed))
    names = name_topics([one.input for one in traffic], clusterings[0], tags=[one.tags for one in traffic])
    heard = np.full(len(traffic), np.nan) if dislike is None else dislike
    return Coverage(
        levels=tuple(levels),
        gaps=tuple(find_gaps(traffic, vectors, clusterings[0], counts[0], names)),
        map=draw_map(clusterings[0], names, counts[0], heard),
        interactions=len(traffic),
        cases=len(cases),
        topics=clusterings[0].count,
        embedder=embedder_id,
        interval="Wilson" if people.max() + 1 == len(people) else "bootstrap by person",
    )


def _level(at_least: int, hits: Floats, people: Integers, *, seed: int) -> Level:
    """A level from the hits (clusterings, n), 1 for each interaction that is covered."""
    low, high = interval(hits.mean(axis=0), people, seed=seed)
    return Level(
        at_least, share=float(hits.mean()), low=low, high=high, spread=float(hits.mean(axis=1).std())
    )


def covered(members: Integers, case_counts: Integers, *, at_least: int) -> Floats:
    """1 for each interaction (n,) whose topic has at least so many cases (k,), else 0."""
    return (case_counts[members] >= at_least).astype(np.float64)


def interval(hits: Floats, people: Integers, *, seed: int = 0) -> tuple[float, float]:
    """A 95 % interval for the mean of hits (n,) in [0, 1].

    Wilson's where each interaction has a person of its own, else from people drawn with replacement: what one
    person asks is alike, so a hundred interactions of one are not a hundred observations.
    """
    sizes = np.bincount(people)
    if len(sizes) == len(hits) or hits.min() == hits.max():
        return wilson(float(hits.mean()), len(sizes))
    sums = np.bincount(people, weights=hits)
    draws = np.random.default_rng(seed).integers(len(sizes), size=(RESAMPLES, len(sizes)))
    shares = sums[draws].sum(axis=1) / sizes[draws].sum(axis=1)
    low, high = np.quantile(shares, [0.025, 0.975])
    return float(low), float(high)


def find_gaps(
    traffic: Sequence[Interaction],
    vectors: Vectors,
    topics: Topics,
    case_counts: Integers,
    names: Sequence[str],
    *,
    most: int = GAPS,
) -> list[Gap]:
    """Topics with fewer than three cases, by the share of traffic that waits for them."""
    wanted = max(AT_LEAST)
    waiting = topics.sizes * np.maximum(0, 1 - case_counts / wanted)
    order = [int(topic) for topic in np.argsort(-waiting, kind="stable") if waiting[topic] > 0]
    return [
        Gap(
            topic=names[topic],
            interactions=int(topics.sizes[topic]),
            share=float(topics.sizes[topic] / len(traffic)),
            cases=int(case_counts[topic]),
            examples=_typical(traffic, vectors, topics, topic),
        )
        for topic in order[:most]
    ]


def _typical(traffic: Sequence[Interaction], vectors: Vectors, topics: Topics, topic: int) -> tuple[str, ...]:
    """The targets nearest to the middle of the topic."""
    inside = np.flatnonzero(topics.members == topic)
    nearest = inside[np.argsort(-(vectors[inside] @ topics.centres[topic]), kind="stable")]
    return tuple(traffic[row].target for row in nearest[:EXAMPLES])
