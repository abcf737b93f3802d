"""How much traffic 50, 150 and 300 picks stand for: banking77 asked as production asks, a few things most of the time.

A pick stands for what has its intent. With junk, 8 in 100 are sentences of jfleg, which belong to no intent.
Where each of the intents counts as much as any other, it is what is asked seldom that decides.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from joblib import Parallel, delayed
from sayso_ingest import mining
from sayso_ingest.mining.arrays import Vectors
from sayso_ingest.mining.embed import Centring, HashEmbedder, always
from sayso_ingest.mining.selection.candidates import RANDOM_SHARE
from sklearn.cluster import KMeans

from bench.evidence import banking77
from bench.evidence.banking77 import Questions
from bench.evidence.data import folder
from bench.evidence.paired import interval, said
from bench.evidence.warehouse import as_query
from bench.figure import Beside, Figure
from bench.run import Run

TRAFFIC = 5_000
BUDGETS = (50, 150, 300)
JUNK = (0.0, 0.08)
MOST_JUNK = 0.02
SEEDS = 10
NO_INTENT = -1


@dataclass(frozen=True)
class Trial:
    """One seed: what was asked, some of it more than once, and its intents."""

    texts: list[str]
    intent: np.ndarray
    seed: int


Result = tuple[float, float, float]
"""The share of traffic whose intent is picked, the share of picks that is junk, and the share of intents picked."""


def measure(run: Run) -> Iterator[Figure]:
    questions, junk = banking77.read(), sentences()
    traffic, seeds = run.size(TRAFFIC, 600), range(run.size(SEEDS, 2))
    for share in JUNK:
        tried = Parallel(n_jobs=-1)(
            delayed(_tried)(draw(questions, junk, np.arange(77), traffic=traffic, share=share, seed=seed))
            for seed in seeds
        )
        for budget in BUDGETS:
            yield from _figures(
                share, budget, {name: [one[name, budget] for one in tried] for name in PICKERS}
            )


def sentences() -> list[str]:
    """Sentences that people learning English wrote: nothing that a bank is asked."""
    return [
        line
        for name in ("dev.src", "test.src")
        for line in (folder() / "jfleg" / name).read_text(encoding="utf-8").splitlines()
        if line.strip()
    ]


def draw(
    questions: Questions, junk: list[str], intents: np.ndarray, *, traffic: int, share: float, seed: int
) -> Trial:
    """Draw questions with replacement, the nth intent 1/n as often as the first (Zipf), and a share of junk."""
    random = np.random.default_rng(seed)
    rate = 1 / np.arange(1, len(intents) + 1)
    of = random.choice(
        random.permutation(intents), size=traffic - round(share * traffic), p=rate / rate.sum()
    )
    rows = [int(random.choice(np.flatnonzero(questions.intent == one))) for one in of]
    odd = random.choice(len(junk), size=traffic - len(rows), replace=False)
    texts = [questions.texts[row] for row in rows] + [junk[one] for one in odd]
    intent = np.concatenate([of, np.full(len(odd), NO_INTENT)])
    order = random.permutation(traffic)
    return Trial([texts[place] for place in order], intent[order], seed)


Picker = Callable[[Trial, Vectors, int], list[int]]


def by(strategy: str) -> Picker:
    """What `sayso mine` picks with a strategy, without what it draws at random."""

    def mined(trial: Trial, _: Vectors, budget: int) -> list[int]:
        asked = round(budget / (1 - RANDOM_SHARE))
        choose = always(HashEmbedder())
        found = mining.mine(
            as_query(trial.texts), budget=asked, strategy=strategy, seed=trial.seed, choose=choose
        )
        return [int(one.target) for one in found if one.stratum == "mined"][:budget]

    return mined


def at_random(trial: Trial, vectors: Vectors, budget: int) -> list[int]:
    return np.random.default_rng(trial.seed).permutation(len(vectors))[:budget].tolist()


def k_center(trial: Trial, vectors: Vectors, budget: int) -> list[int]:
    """Each the farthest from those before it (Sener and Savarese 2018)."""
    picks = [int(np.random.default_rng(trial.seed).integers(len(vectors)))]
    nearest = vectors @ vectors[picks[0]]
    while len(picks) < budget:
        picks.append(int(nearest.argmin()))
        nearest = np.maximum(nearest, vectors @ vectors[picks[-1]])
    return picks


def medoids(trial: Trial, vectors: Vectors, budget: int) -> list[int]:
    """The nearest to the middle of each of k clusters."""
    means = KMeans(budget, n_init=1, random_state=trial.seed).fit(vectors)
    return [int((vectors @ middle).argmax()) for middle in means.cluster_centers_]


OURS, SELDOM = "represent", "rare"
PICKERS: Mapping[str, Picker] = {
    OURS: by(OURS),
    SELDOM: by(SELDOM),
    "random": at_random,
    "k-center": k_center,
    "medoids": medoids,
}


def evaluate(trial: Trial, picks: list[int]) -> Result:
    real = trial.intent != NO_INTENT
    covered = np.isin(trial.intent[real], np.unique(trial.intent[picks]))
    intents = len(np.unique(trial.intent[real]))
    found = len(np.unique(trial.intent[picks][real[picks]])) / intents
    return float(covered.mean()), float((~real[picks]).mean()), found


def _tried(trial: Trial) -> dict[tuple[str, int], Result]:
    embedder = HashEmbedder()
    raw = embedder.embed(trial.texts)
    vectors = Centring.fit(raw, most=embedder.shared).apply(raw)
    return {
        (name, budget): evaluate(trial, pick(trial, vectors, budget))
        for name, pick in PICKERS.items()
        for budget in BUDGETS
    }


def _figures(share: float, budget: int, results: Mapping[str, list[Result]]) -> Iterator[Figure]:
    odd = {name: float(np.mean([junk for _, junk, _ in found])) for name, found in results.items()}
    what = f"{budget} picks, {'with' if share else 'no'} junk"
    traffic = {
        name: np.array([of for of, _, _ in found]) for name, found in results.items() if name != SELDOM
    }
    intents = {name: np.array([of for _, _, of in found]) for name, found in results.items()}
    yield _ahead(f"{what}: traffic whose intent is picked", OURS, traffic, odd, most_junk=MOST_JUNK)
    yield _ahead(f"{what}: intents picked, each counting once, by `rare`", SELDOM, intents, odd)


def _ahead(
    what: str,
    ours: str,
    values: dict[str, np.ndarray],
    odd: Mapping[str, float],
    *,
    most_junk: float | None = None,
) -> Figure:
    """What one picker gets, beside the others, and how far it is ahead of the best of them; of odd ones so many."""
    own = values.pop(ours)
    best = max(values, key=lambda name: values[name].mean())
    ahead, half = interval(own - values[best])
    clean = most_junk is None or odd[ours] <= most_junk
    return Figure(
        what,
        100 * float(own.mean()),
        "%",
        [
            Beside(name, 100 * float(values[name].mean()), f"{odd[name]:.0%} junk")
            for name in sorted(values, key=lambda name: -values[name].mean())
        ],
        "not behind the best" + (f", junk <= {most_junk:.0%}" if most_junk else ""),
        ahead + half >= 0 and clean,
        f"{said(own)}; ahead of {best} by {said(own - values[best])}, {odd[ours]:.1%} junk, {len(own)} seeds",
    )
