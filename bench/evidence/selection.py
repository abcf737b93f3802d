"""How much traffic 50, 150 and 300 picks stand for: banking77 asked as production asks, a few things most of the time.

A pick stands for what has its intent. With junk, 8 in 100 are sentences of jfleg, which belong to no intent.
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


Result = tuple[float, float]
"""The share of traffic whose intent is picked, and the share of picks that is junk."""


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


def mined(trial: Trial, _: Vectors, budget: int) -> list[int]:
    """What `sayso mine --strategy represent` picks, without what it draws at random."""
    asked = round(budget / (1 - RANDOM_SHARE))
    found = mining.mine(
        as_query(trial.texts),
        budget=asked,
        strategy="represent",
        seed=trial.seed,
        choose=always(HashEmbedder()),
    )
    return [int(one.target) for one in found if one.stratum == "mined"][:budget]


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


PICKERS: Mapping[str, Picker] = {
    "sayso mine": mined,
    "random": at_random,
    "k-center": k_center,
    "medoids": medoids,
}


def evaluate(trial: Trial, picks: list[int]) -> Result:
    real = trial.intent != NO_INTENT
    covered = np.isin(trial.intent[real], np.unique(trial.intent[picks]))
    return float(covered.mean()), float((~real[picks]).mean())


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
    covered = {name: np.array([result[0] for result in found]) for name, found in results.items()}
    odd = {name: float(np.mean([result[1] for result in found])) for name, found in results.items()}
    ours = covered.pop("sayso mine")
    best = max(covered, key=lambda name: covered[name].mean())
    ahead, half = interval(ours - covered[best])
    what = f"{budget} picks, {'with' if share else 'no'} junk: traffic whose intent is picked"
    yield Figure(
        what,
        100 * float(ours.mean()),
        "%",
        [
            Beside(name, 100 * float(covered[name].mean()), f"{odd[name]:.0%} junk" if share else "")
            for name in sorted(covered, key=lambda name: -covered[name].mean())
        ],
        "not behind the best" + (", junk <= 2 %" if share else ""),
        ahead + half >= 0 and odd["sayso mine"] <= MOST_JUNK,
        f"{said(ours)}; ahead of {best} by {said(ours - covered[best])}, {odd['sayso mine']:.1%} junk, "
        f"{len(ours)} seeds",
    )
