"""Whether novelty finds intents that a set misses: banking77, three in ten of 77 intents missing, 5,000 of traffic."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from joblib import Parallel, delayed
from sayso_ingest.mining.arrays import Vectors
from sayso_ingest.mining.embed import (
    Centring,
    Embedder,
    HashEmbedder,
    MiniLmEmbedder,
    StaticEmbedder,
    SvdEmbedder,
)
from sayso_ingest.mining.embed.package import installed, read_weights
from sayso_ingest.mining.embed.static import distil
from sayso_ingest.mining.similarity.novelty import nearest_distance, novelty
from sklearn.metrics import roc_auc_score

from bench.evidence import banking77
from bench.evidence.paired import interval, said
from bench.figure import Beside, Figure
from bench.run import Run

TRAFFIC = 5_000
LEVEL = 0.05
SEEDS = {1: 5, 3: 20, 10: 5}
"""By size of set: what has goals is looked at the most often."""
GOALS = {"hash": 0.75, "svd": 0.78, "static": 0.81, "minilm": 0.88}
AHEAD, FIRST = 0.06, 0.85
PROTOTYPE = {
    "hash": {1: 0.668, 3: 0.747, 10: 0.805},
    "svd": {1: 0.678, 3: 0.763, 10: 0.827},
    "static": {1: 0.736, 3: 0.805, 10: 0.861},
    "minilm": {1: 0.819, 3: 0.876, 10: 0.933},
}
Shared = tuple[Vectors, int]
"""Vectors (n, d) of all questions, and how many directions the centring takes away."""


@dataclass(frozen=True)
class Found:
    """What one seed gave for one embedder and size of set."""

    auroc: float
    nearest: float
    """The AUROC of the distance to the nearest case alone."""
    first_hundred: float
    false_alarms: float
    found: float


def measure(run: Run) -> Iterator[Figure]:
    questions = banking77.read()
    traffic = run.size(TRAFFIC, 600)
    seeds = range(run.size(max(SEEDS.values()), 2))
    embedded = _embedded(questions.texts, with_weights=run.size(True, False))
    tried = Parallel(n_jobs=-1)(delayed(_tried)(questions, embedded, traffic, seed) for seed in seeds)
    for key in sorted({key for one in tried for key in one}):
        yield from _figures(*key, [one[key] for one in tried if key in one])


def _embedded(texts: Sequence[str], *, with_weights: bool) -> dict[str, Shared]:
    """All questions by each embedder that is fitted on nothing, once for all seeds; those with weights take minutes."""
    embedders: dict[str, Embedder] = {"hash": HashEmbedder()}
    if with_weights:
        weights = read_weights(installed())
        embedders |= {"static": StaticEmbedder(distil(weights)), "minilm": MiniLmEmbedder(weights)}
    return {name: (embedder.embed(texts), embedder.shared) for name, embedder in embedders.items()}


def _tried(
    questions: banking77.Questions, embedded: Mapping[str, Shared], traffic: int, seed: int
) -> dict[tuple[str, int], Found]:
    """What one seed gives, by embedder and size of set."""
    trial = banking77.draw(questions, np.arange(77), traffic=traffic, seed=seed)
    svd = SvdEmbedder.fit([questions.texts[row] for row in trial.traffic])
    found = {}
    for name, (vectors, shared) in {**embedded, "svd": (svd.embed(questions.texts), svd.shared)}.items():
        centring = Centring.fit(vectors[trial.traffic], most=shared)
        traffic_vectors = centring.apply(vectors[trial.traffic])
        for size, rows in trial.sets.items():
            if seed < SEEDS[size]:
                cases = centring.apply(vectors[rows])
                found[name, size] = _held(traffic_vectors, cases, trial.missing, seed)
    return found


def _held(traffic: Vectors, cases: Vectors, missing: np.ndarray, seed: int) -> Found:
    held = novelty(traffic, cases, seed=seed)
    alarms = held.p_value <= LEVEL
    return Found(
        auroc=float(roc_auc_score(missing, held.score)),
        nearest=float(roc_auc_score(missing, nearest_distance(traffic, cases))),
        first_hundred=float(missing[np.argsort(-held.score, kind="stable")[:100]].mean()),
        false_alarms=float(alarms[~missing].mean()),
        found=float(alarms[missing].mean()),
    )


def _figures(name: str, size: int, found: Sequence[Found]) -> Iterator[Figure]:
    """What is asked of sets with three examples an intent has a goal; the others show how it grows."""
    what, asked = f"{name}, {size} an intent", size == 3
    auroc = [one.auroc for one in found]
    nearest = [one.nearest for one in found]
    mean, ahead = interval(auroc)[0], interval(np.subtract(auroc, nearest))[0]
    yield Figure(
        f"{what}: AUROC of missing intents",
        mean,
        "",
        [
            Beside("the nearest case's distance", interval(nearest)[0]),
            Beside("the prototype", PROTOTYPE[name][size]),
        ],
        f">= {GOALS[name]}, >= .06 ahead of the distance" if asked else "",
        mean >= GOALS[name] and ahead >= AHEAD if asked else None,
        f"{said(auroc)} over {len(found)} seeds; ahead of the distance by {said(np.subtract(auroc, nearest))}",
    )
    first = [one.first_hundred for one in found]
    yield Figure(
        f"{what}: missing among the first 100",
        100 * interval(first)[0],
        "%",
        goal=">= 85 %" if asked else "",
        met=interval(first)[0] >= FIRST if asked else None,
        note=said(first),
    )
    alarms, hits = [one.false_alarms for one in found], [one.found for one in found]
    yield Figure(
        f"{what}: false alarms at 5 %",
        100 * interval(alarms)[0],
        "%",
        [Beside("of what is missing it finds", 100 * interval(hits)[0])],
        "3 to 7 %" if asked else "",
        0.03 <= interval(alarms)[0] <= 0.07 if asked else None,
        said(alarms),
    )
