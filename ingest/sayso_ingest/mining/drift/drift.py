"""Whether what people ask has changed since the weeks before, how sure that is, and in what."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from math import ceil, erfc, sqrt
from typing import cast

import numpy as np

from sayso_ingest.analysis.stats.arrays import sums
from sayso_ingest.analysis.stats.difference import newcombe
from sayso_ingest.analysis.stats.several import false_discovery
from sayso_ingest.analysis.stats.share import Share, clustered_share
from sayso_ingest.errors import NotFound
from sayso_ingest.mining import rows
from sayso_ingest.mining.arrays import Booleans, Floats, Integers, Vectors
from sayso_ingest.mining.drift.shift import as_cells, deal, excess, find_shift
from sayso_ingest.mining.embed import Centring, EmbedderChoice, automatic
from sayso_ingest.mining.rows import Asked
from sayso_ingest.mining.similarity.topics import Topics, find_topics, name_topics

ENOUGH = 500
"""Interactions that each window needs: of fewer, a change of some percent looks like chance."""
SURE = 0.05
NEW = "there are questions that were not asked before"
MIX = "the mix of what is asked is another"
EXAMPLES = 2
LOOK_AT = 5


@dataclass(frozen=True, slots=True)
class Window:
    """The traffic of some days: all of its interactions, and those of the sample that were looked at."""

    days: int
    interactions: int
    looked_at: int
    people: int


@dataclass(frozen=True, slots=True)
class Answer:
    """One of the two questions that are asked of the traffic, with its p-value after Holm's correction."""

    question: str
    p: float


@dataclass(frozen=True, slots=True)
class TopicChange:
    """A topic's share of traffic before and now, the difference with its 95 % interval, and interactions to look at.

    `p` is corrected for how many topics there are (Benjamini and Hochberg).
    """

    topic: str
    before: float
    now: float
    difference: float
    low: float
    high: float
    p: float
    people: int
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Newest:
    """An interaction that is unlike what was asked before."""

    target: str
    input: str


@dataclass(frozen=True, slots=True)
class Drift:
    """What became of the traffic; without `answers` there was not enough of it to say."""

    before: Window
    now: Window
    until: datetime
    embedder: str | None = None
    answers: tuple[Answer, ...] = ()
    topics: tuple[TopicChange, ...] = ()
    look_at: tuple[Newest, ...] = ()

    @property
    def changed(self) -> bool | None:
        """Whether chance is an unlikely reason for what differs; None where there is not enough to say."""
        return any(one.p <= SURE for one in self.answers) if self.answers else None

    @property
    def sentence(self) -> str:
        """What changed and how sure that is, in plain words."""
        now, before = self.now, self.before
        against = (
            f"{now.interactions:,} interactions of the {_days(now.days)} to {self.until:%Y-%m-%d %H:%M} against "
            f"{before.interactions:,} of the {_days(before.days)} before"
        )
        if not self.answers:
            return f"Not enough yet, because each window needs {ENOUGH} interactions: {against}."
        if not self.changed:
            return f"No sign that what people ask has changed: {against}. A change of a few percent may be missed."
        found = " and ".join(f"{one.question} (p = {_p(one.p)})" for one in self.answers if one.p <= SURE)
        return f"What people ask has changed: {found}; {against}."

    @property
    def next(self) -> str:
        """What to do now; an empty text where there is nothing."""
        if not self.answers:
            return self._longer()
        if not self.changed:
            return ""
        return "sayso mine --set NAME --strategy different"

    def _longer(self) -> str:
        """The windows that would have enough at this pace, which may reach back further than the traffic does."""
        if not self.now.interactions or not self.before.interactions:
            return (
                "look again when there is traffic in both windows, or choose other windows (--days, --before)"
            )
        now = max(self.now.days, ceil(self.now.days * ENOUGH / self.now.interactions))
        before = max(self.before.days, ceil(self.before.days * ENOUGH / self.before.interactions))
        return f"look again later, or at longer windows: sayso drift --days {now} --before {before}"


def measure_drift(
    query: rows.Query,
    *,
    until: datetime,
    days: int = 7,
    before: int = 28,
    seed: int = 0,
    choose: EmbedderChoice = automatic,
) -> Drift:
    """Hold the last days of traffic up to a time against those before.

    What is fitted is fitted on both windows together: on one alone it would tell them apart by itself.

    Raises:
        NotFound: there is no interaction with an input up to that time.
    """
    asked = rows.read_windows(query, until=until, days=days, before=before, seed=seed)
    if not asked:
        raise NotFound(
            "There is no interaction with an input, so there is no traffic that could change. Send some first."
        )
    present = np.array([one.present for one in asked])
    found = Drift(
        before=_window(asked, before, present=False),
        now=_window(asked, days, present=True),
        until=asked[0].until,
    )
    if min(found.before.interactions, found.now.interactions) < ENOUGH:
        return found
    texts = [one.input for one in asked]
    embedder = choose(texts)
    raw = embedder.embed(texts)
    vectors = Centring.fit(raw, most=embedder.shared).apply(raw)
    dealt = deal(present, together(asked), seed=seed)
    shift = find_shift(vectors, dealt)
    topics = find_topics(vectors, seed=seed)
    return replace(
        found,
        embedder=embedder.id,
        answers=(Answer(NEW, shift.new), Answer(MIX, shift.mix)),
        topics=tuple(topic_changes(asked, vectors, topics, dealt)),
        look_at=tuple(_newest(asked, shift.newness, topics)),
    )


def _window(asked: Sequence[Asked], days: int, *, present: bool) -> Window:
    inside = [one for one in asked if one.present == present]
    return Window(
        days=days,
        interactions=inside[0].total if inside else 0,
        looked_at=len(inside),
        people=len({one.who for one in inside}),
    )


def together(asked: Sequence[Asked]) -> Integers:
    """A number (n,) for each person's day in a window: what one person asks in a day is alike."""
    number: dict[tuple[str, object, bool], int] = {}
    days = ((one.who, one.occurred_at.date(), one.present) for one in asked)
    return np.array([number.setdefault(day, len(number)) for day in days])


def topic_changes(
    asked: Sequence[Asked], vectors: Vectors, topics: Topics, dealt: Booleans
) -> Iterator[TopicChange]:
    """Each topic before and now, the surest change first; how sure is asked of the ways to deal the traffic out."""
    present = dealt[:, 0]
    people = np.unique([one.who for one in asked], return_inverse=True)[1].ravel()
    names = name_topics([one.input for one in asked], topics, tags=[one.tags for one in asked])
    beyond = excess(as_cells(topics.members), dealt)
    away = (beyond[:, 0] - beyond.mean(axis=1)) / np.maximum(beyond.std(axis=1), 1e-9)
    sure = false_discovery([erfc(abs(z) / sqrt(2)) for z in away])
    for topic in map(int, np.lexsort((-np.abs(away), sure))):
        inside = topics.members == topic
        before, now = _share(inside[~present], people[~present]), _share(inside[present], people[present])
        apart = newcombe(before, now)
        typical = np.flatnonzero(inside & present)
        typical = typical[np.argsort(-(vectors[typical] @ topics.centres[topic]), kind="stable")]
        yield TopicChange(
            topic=names[topic],
            before=before.rate,
            now=now.rate,
            difference=now.rate - before.rate,
            low=apart.low,
            high=apart.high,
            p=sure[topic],
            people=len(np.unique(people[inside & present])),
            examples=tuple(asked[row].target for row in typical[:EXAMPLES]),
        )


def _share(inside: Booleans, people: Integers) -> Share:
    """The share of interactions (n,) that are inside; what one person asks is alike, and the interval knows it."""
    size = int(people.max()) + 1
    counted = sums(people, inside.astype(np.float64), size), sums(people, np.ones(len(people)), size)
    return cast(Share, clustered_share(*counted))


def _newest(asked: Sequence[Asked], newness: Floats, topics: Topics) -> Iterator[Newest]:
    """The later window's most unlike the earlier one, one a topic."""
    seen: set[int] = set()
    for row in map(int, np.argsort(-newness, kind="stable")):
        topic = int(topics.members[row])
        if len(seen) < LOOK_AT and asked[row].present and topic not in seen:
            seen.add(topic)
            yield Newest(asked[row].target, asked[row].input)


def _days(count: int) -> str:
    return "day" if count == 1 else f"{count} days"


def _p(value: float) -> str:
    return f"{value:.3f}"
