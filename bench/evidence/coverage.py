"""Whether coverage is the share of traffic whose intent the set has: banking77, sets of 1, 3 and 10 an intent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from joblib import Parallel, delayed
from sayso_ingest.mining.coverage.covered import Covering
from sayso_ingest.mining.similarity.field import lay_out
from sayso_ingest.mining.similarity.topics import find_topics, topic_count
from scipy.stats import spearmanr

from bench.evidence import banking77
from bench.evidence.embedders import STATELESS, Embedded, centred, embed_all, names
from bench.figure import Beside, Figure
from bench.run import Run

TRAFFIC = 2_500
SEEDS = 4
SHARES = (0.1, 0.25, 0.4, 0.55, 0.7, 0.85, 1.0)
"""Of the intents that a set has."""
WITHIN, OVER_ALL, ERROR = 0.95, 0.85, 0.10
HELD = 93, 97
PROTOTYPE = {"rank": 0.76, "error": 0.17}
"""With `hash`, over all sizes."""


@dataclass(frozen=True)
class Told:
    """Of one set: its size, the truth, what is said with its interval, and the share in topics with a case."""

    size: int
    truth: float
    share: float
    low: float
    high: float
    topics: float

    @property
    def holds(self) -> bool:
        """Whether the interval has the truth in it."""
        return self.low <= self.truth <= self.high


@dataclass(frozen=True)
class Trial:
    """What is asked once: the embedder's name, whether traffic is skewed, the seed, and of which intents."""

    embedder: str
    skewed: bool
    seed: int
    intents: np.ndarray

    def told(
        self,
        questions: banking77.Questions,
        embedded: Mapping[str, Embedded],
        *,
        traffic: int,
        shares: Sequence[float],
    ) -> list[Told]:
        """What is said of sets of each size that have each of these shares of the intents."""
        world = banking77.draw_world(
            questions, self.intents, traffic=traffic, skewed=self.skewed, seed=self.seed
        )
        examples = np.concatenate(list(world.examples.values()))
        vectors, cases = centred(self.embedder, questions.texts, embedded, world.traffic, examples)
        # Examples lie in the field, but are no traffic: each set is some of them.
        field = lay_out(
            np.vstack([vectors, cases]), cases, np.arange(len(vectors) + len(cases)) < len(vectors)
        )
        mass = np.bincount(field.place[: len(vectors)], minlength=len(field.vectors)) / len(vectors)
        topics = find_topics(vectors, count=topic_count(int(field.traffic.sum())), seed=self.seed)
        covering = Covering.of(field, mass, topics=topics.count, seed=self.seed)
        random = np.random.default_rng(self.seed)
        found = []
        for size in banking77.SIZES:
            for share in shares:
                chosen = random.permutation(self.intents)[: round(share * len(self.intents))]
                of_set = np.concatenate([world.examples[int(one)][:size] for one in chosen])
                rows = np.flatnonzero(np.isin(examples, of_set))
                owned = np.unique(field.place[len(vectors) :][rows])
                reading = covering.ruler(len(owned)).read(owned)
                plain = topics.sizes[topics.counts_of(cases[rows]) > 0].sum() / len(vectors)
                truth = float(np.isin(questions.intent[world.traffic], chosen).mean())
                said = (float(which[0]) for which in (reading.share, reading.low, reading.high))
                found.append(Told(size, truth, *said, float(plain)))
        return found


def measure(run: Run) -> Iterator[Figure]:
    questions = banking77.read()
    asked = np.flatnonzero(np.isin(questions.intent, banking77.REPORTED_ON))
    embedded = embed_all(questions.texts, asked, by=run.size(STATELESS, ("hash",)))
    traffic, shares = run.size(TRAFFIC, 300), run.size(SHARES, (0.3, 1.0))
    trials = [
        Trial(name, skewed, seed, banking77.REPORTED_ON)
        for name in names(embedded)
        for skewed in (False, True)
        for seed in range(run.size(SEEDS, 1))
    ]
    told = Parallel(n_jobs=-1)(
        delayed(Trial.told)(one, questions, embedded, traffic=traffic, shares=shares) for one in trials
    )
    of: dict[tuple[str, bool], list[Told]] = {}
    for trial, found in zip(trials, told, strict=True):
        of.setdefault((trial.embedder, trial.skewed), []).extend(found)
    for name in names(embedded):
        for skewed in (False, True):
            yield from _figures(name, skewed, of[name, skewed])
        yield _held(name, of[name, False], of[name, True])


def _figures(name: str, skewed: bool, told: Sequence[Told]) -> Iterator[Figure]:
    what = f"{name}, {'skewed' if skewed else 'even'} traffic"
    known = name == "hash" and not skewed
    sizes = [[one for one in told if one.size == size] for size in banking77.SIZES]
    worst = min(_rank(of, "share") for of in sizes)
    yield Figure(
        f"{what}: rank correlation with the truth, lowest within a size",
        worst,
        "",
        [Beside("topics with a case", min(_rank(of, "topics") for of in sizes))],
        f">= {WITHIN}",
        worst >= WITHIN,
        "at 1, 3, 10: " + ", ".join(f"{_rank(of, 'share'):.3f}" for of in sizes),
    )
    yield Figure(
        f"{what}: rank correlation over all sizes",
        _rank(told, "share"),
        "",
        [Beside("topics with a case", _rank(told, "topics")), *_prototype(known, "rank")],
        f">= {OVER_ALL}",
        _rank(told, "share") >= OVER_ALL,
    )
    yield Figure(
        f"{what}: mean error over all sizes",
        _error(told, "share"),
        "",
        [Beside("topics with a case", _error(told, "topics")), *_prototype(known, "error")],
        f"<= {ERROR:.2f}",
        _error(told, "share") <= ERROR,
        f"too much at 1, 3, 10: {_biases(sizes, 'share')}; topics with a case: {_biases(sizes, 'topics')}",
    )


def _held(name: str, even: Sequence[Told], skewed: Sequence[Told]) -> Figure:
    """How many intervals have the truth in them, over both kinds of traffic: nobody knows which theirs is."""
    told = [*even, *skewed]
    shares = [100 * float(np.mean([one.holds for one in of])) for of in (told, even, skewed)]
    widths = [float(np.mean([one.high - one.low for one in of])) for of in (even, skewed)]
    return Figure(
        f"{name}: 95 % intervals that hold the truth",
        shares[0],
        "%",
        goal=f"{HELD[0]} to {HELD[1]} %",
        met=HELD[0] <= shares[0] <= HELD[1],
        note=f"{len(told)} sets; even traffic {shares[1]:.0f} %, {widths[0]:.2f} wide; "
        f"skewed {shares[2]:.0f} %, {widths[1]:.2f}",
    )


def _prototype(known: bool, which: str) -> list[Beside]:
    return [Beside("the prototype", PROTOTYPE[which])] if known else []


def _of(told: Sequence[Told], which: str) -> np.ndarray:
    return np.array([getattr(one, which) for one in told])


def _rank(told: Sequence[Told], which: str) -> float:
    return float(spearmanr(_of(told, which), _of(told, "truth"))[0])


def _biases(sizes: Sequence[Sequence[Told]], which: str) -> str:
    return ", ".join(f"{(_of(told, which) - _of(told, 'truth')).mean():+.2f}" for told in sizes)


def _error(told: Sequence[Told], which: str) -> float:
    return float(np.abs(_of(told, which) - _of(told, "truth")).mean())
