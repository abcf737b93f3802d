"""The share of traffic that an eval set represents: test coverage for what users ask.

`levels` counts: what share of traffic is in one of K topics that has a case. That is sharp, and near the truth for sets
that were mined from the traffic or drawn from it. Of a set with many cases of few intents it says too much, and of one
with a single case of each too little. So `estimate` says how far off it may be: the share of traffic that has its like
in the set whatever its shape, read off a ruler made from the traffic (`ruler`), with an interval that is honest and
wide. Both depend on how finely topics are cut and on the embedder: never compare coverage across these.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime

import numpy as np

from sayso_ingest.analysis import wilson
from sayso_ingest.errors import NotFound, UsageError
from sayso_ingest.event import JSON
from sayso_ingest.mining import rows
from sayso_ingest.mining.arrays import Booleans, Floats, Integers, Vectors
from sayso_ingest.mining.coverage.axes import DOCUMENT, Axis, check_axis, measure_axis
from sayso_ingest.mining.coverage.covered import Covering
from sayso_ingest.mining.coverage.gaps import GAPS, Gap, find_gaps
from sayso_ingest.mining.coverage.level import AT_LEAST, Level, share_of
from sayso_ingest.mining.coverage.measured import MappedTopic, Measured, MeasuredGap, MeasuredLevel
from sayso_ingest.mining.coverage.ruler import Reading
from sayso_ingest.mining.coverage.topic_map import draw_map
from sayso_ingest.mining.embed import Centring, EmbedderChoice, automatic
from sayso_ingest.mining.hardness.hard import weigh
from sayso_ingest.mining.question import question_key
from sayso_ingest.mining.rows import Interaction, Verdict
from sayso_ingest.mining.similarity import duplicates
from sayso_ingest.mining.similarity.field import lay_out
from sayso_ingest.mining.similarity.topics import find_topics, name_topics, topic_count


@dataclass(frozen=True, slots=True)
class Coverage:
    """Coverage of `interactions` by `cases` (distinct ones) at `topics` (K) topics of `embedder`.

    `levels` is counted, `estimate` read off; `disliked` is the share of what people spoke against that is in a
    topic with a case, None where nobody did. Gaps, the largest first.
    """

    levels: tuple[Level, ...]
    estimate: Level
    disliked: Level | None
    gaps: tuple[Gap, ...]
    map: tuple[MappedTopic, ...]
    interactions: int
    cases: int
    topics: int
    embedder: str
    axes: tuple[Axis, ...] = ()

    def rows(self) -> list[dict[str, JSON]]:
        """One row a level, for a table: every one names K and the embedder."""
        found = [("counted", "traffic", level) for level in self.levels]
        if self.disliked:
            found.append(("counted", "disliked", self.disliked))
        found.append(("estimated", "traffic", self.estimate))
        return [
            {
                "of": of,
                "how": how,
                "at_least": level.at_least,
                "coverage": level.share,
                "low": level.low,
                "high": level.high,
                "topics": self.topics,
                "embedder": self.embedder,
                "interactions": self.interactions,
                "cases": self.cases,
            }
            for how, of, level in found
        ]

    def as_json(self, *, gaps: int) -> dict[str, JSON]:
        """The whole of it as plain values, with so many gaps."""
        return {
            "levels": self.rows(),
            "gaps": [asdict(gap) for gap in self.gaps[:gaps]],
            "axes": [asdict(axis) for axis in self.axes],
        }

    def measured(self, *, at: datetime, version: int | None) -> Measured:
        """What is kept of it for the trend and the console, measured at this time for a version of a set."""
        return Measured(
            at=at,
            version=version,
            embedder=self.embedder,
            topics=self.topics,
            interactions=self.interactions,
            cases=self.cases,
            levels=tuple(MeasuredLevel(**asdict(level)) for level in self.levels),
            gaps=tuple(MeasuredGap(**asdict(gap)) for gap in self.gaps),
            map=self.map,
            estimate=MeasuredLevel(**asdict(self.estimate)),
            disliked=MeasuredLevel(**asdict(self.disliked)) if self.disliked else None,
            axes=tuple(axis.measured() for axis in self.axes),
        )


def measure_coverage(
    query: rows.Query,
    *,
    cases: Sequence[Mapping[str, JSON]],
    topics: int | None = None,
    by: Sequence[str] = (),
    gaps: int = GAPS,
    gaps_by: str = "traffic",
    seed: int = 0,
    choose: EmbedderChoice = automatic,
) -> Coverage:
    """Measure how much of the traffic the cases (rows with `input`) represent, at K = `topics`, and along axes `by`.

    Gaps are ranked by the `traffic` that waits for cases, or by what is `disliked` of it, where anything is.

    Raises:
        NotFound: there is no interaction with an input, or none has a value on an axis.
        UsageError: K is not positive, or there is no such axis.
    """
    if topics is not None and topics < 1:
        raise UsageError(f"Coverage needs at least 1 topic, not {topics}.")
    for axis in by:
        check_axis(axis)
    pool = rows.read_interactions(query, seed=seed)
    traffic = [interaction for interaction in pool if interaction.sampled]
    if not traffic:
        raise NotFound(
            "There is no interaction with an input, so there is no traffic to cover. Send some first."
        )
    documents = _documents(query, traffic, cases) if DOCUMENT in by else None
    people = number_people(traffic)
    axes = tuple(measure_axis(axis, traffic, cases, people, documents=documents) for axis in by)
    embedder = choose([interaction.input for interaction in traffic])
    raw = embedder.embed([interaction.input for interaction in pool])
    centring = Centring.fit(raw[[interaction.sampled for interaction in pool]], most=embedder.shared)
    found = measure(
        pool,
        centring.apply(raw),
        centring.apply(embedder.embed([case["input"] for case in distinct(cases)])),
        asked=[question_key(case["input"], case.get("input_messages")) for case in cases],
        verdicts=rows.read_verdicts(query),
        topics=topics,
        gaps=max(gaps, GAPS),
        gaps_by=gaps_by,
        seed=seed,
        embedder_id=embedder.id,
    )
    return replace(found, axes=axes)


def distinct(cases: Sequence[Mapping[str, JSON]]) -> list[Mapping[str, JSON]]:
    """The first of those cases that ask nearly the same: what is there twice covers no more."""
    groups = duplicates.groups([question_key(case["input"], case.get("input_messages")) for case in cases])
    return [cases[row] for row in np.sort(np.unique(groups, return_index=True)[1])]


def measure(
    pool: Sequence[Interaction],
    vectors: Vectors,
    cases: Vectors,
    *,
    asked: Sequence[str] = (),
    verdicts: Sequence[Verdict] = (),
    topics: int | None = None,
    gaps: int = GAPS,
    gaps_by: str = "traffic",
    seed: int = 0,
    embedder_id: str,
) -> Coverage:
    """Coverage of the sample of traffic in a pool with vectors (n, d) by cases (m, d), which have `asked` these."""
    sampled = np.array([interaction.sampled for interaction in pool])
    sample = [interaction for interaction in pool if interaction.sampled]
    field = lay_out(vectors, cases, sampled)
    mass = np.bincount(field.place[sampled], minlength=len(field.vectors)) / len(sample)
    # By distinct questions: what recurs is asked more often, not about more things.
    found = find_topics(vectors[sampled], count=topics or topic_count(int(field.traffic.sum())), seed=seed)
    owned = np.flatnonzero(field.cases)
    has = found.counts_of(field.vectors[owned])
    covering = Covering.of(field, mass, topics=found.count, seed=seed)
    reading = covering.ruler(len(owned)).read(owned)
    evidence = weigh([interaction.target for interaction in pool], verdicts)
    members = found.assign(vectors)
    disliked = np.bincount(members, weights=evidence.disliked, minlength=found.count).astype(np.float64)
    names = name_topics([one.input for one in sample], found, tags=[one.tags for one in sample])
    people = number_people(sample)
    reached = [has[found.members] >= at_least for at_least in AT_LEAST]
    return Coverage(
        levels=tuple(_counted(reached, people)),
        estimate=_read_off(reading, reached[0], people),
        disliked=_of_disliked(has[members] >= AT_LEAST[0], evidence.disliked, number_people(pool)),
        gaps=find_gaps(
            sample,
            found,
            names,
            vectors=field.vectors[field.place[sampled]],
            owned=field.vectors[owned],
            asked=asked,
            disliked=disliked,
            by=gaps_by if disliked.any() else "traffic",
            most=gaps,
        ),
        map=draw_map(found, names, has, evidence.rate[sampled]),
        interactions=len(sample),
        cases=len(owned),
        topics=found.count,
        embedder=embedder_id,
    )


def _documents(
    query: rows.Query, traffic: Sequence[Interaction], cases: Sequence[Mapping[str, JSON]]
) -> dict[str, Sequence[str]]:
    """What was retrieved for the traffic, and for the interactions that the cases come from."""
    origins = {str((case.get("provenance") or {}).get("target") or "") for case in cases}
    return rows.read_documents(query, sorted(origins | {interaction.target for interaction in traffic}))


def number_people(traffic: Sequence[Interaction]) -> Integers:
    """Who asked each interaction (n,), numbered as they come: what has no person is named by its event's id,
    which must not decide anything.
    """
    number: dict[str, int] = {}
    return np.array([number.setdefault(interaction.who, len(number)) for interaction in traffic])


def _counted(reached: Sequence[Booleans], people: Integers) -> list[Level]:
    return [
        Level.counted(at_least, hits.astype(np.float64), people)
        for at_least, hits in zip(AT_LEAST, reached, strict=True)
    ]


def _read_off(reading: Reading, reached: Booleans, people: Integers) -> Level:
    """What a reading says of one case at least, as sure as it is and as the sample of interactions is (n,)."""
    fewest = AT_LEAST[0]
    if not reading.high.any():
        return Level(fewest, 0.0, 0.0, 0.0)
    counted = share_of(reached.astype(np.float64), people)
    share, low, high = (float(of[0]) for of in (reading.share, reading.low, reading.high))
    return _level(fewest, share, (low, high), wilson(share, counted.effective if counted else 0.0))


def _level(at_least: int, share: float, *intervals: tuple[float, float]) -> Level:
    """A level whose interval holds several independent reasons to be wrong: their reaches add up as squares do."""
    down = sum(max(0.0, share - low) ** 2 for low, _ in intervals) ** 0.5
    up = sum(max(0.0, high - share) ** 2 for _, high in intervals) ** 0.5
    return Level(at_least, share, max(0.0, share - down), min(1.0, share + up))


def _of_disliked(reached: Booleans, disliked: Floats, people: Integers) -> Level | None:
    """The share of what was spoken against that is reached (n,), by how much each interaction (n,) got of it."""
    found = share_of(reached.astype(np.float64), people, weights=disliked)
    return Level(AT_LEAST[0], found.rate, found.low, found.high) if found else None
