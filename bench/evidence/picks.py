"""Of 100 picks in FeedbackQA, how many another rater dislikes, and in how many of 60 clusters of questions they lie.

The clusters are not those of any picker. People spoke about 5, 20 or all of 100 items.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np
from joblib import Parallel, delayed
from sayso_ingest import mining
from sayso_ingest.mining.selection.candidates import RANDOM_SHARE

from bench.evidence import feedbackqa
from bench.evidence.feedbackqa import Items, Trial
from bench.evidence.paired import interval, said
from bench.figure import Beside, Figure
from bench.run import Run

PICKS = 100
SEEDS = 20
SHARES = (0.05, 0.2, 1.0)
RIVAL = "disliked first"
AHEAD = {0.05: (0.10, 3.0)}
"""By share that spoke: how far the failing share and the topics are to be ahead of the rival's; else not behind."""

Result = tuple[float, int]
"""The share of the picks that fails, and the clusters they lie in."""


def measure(run: Run) -> Iterator[Figure]:
    items = feedbackqa.read()
    for share in run.size(SHARES, SHARES[:1]):
        seeds = range(run.size(SEEDS, 2))
        tried = Parallel(n_jobs=-1)(delayed(_tried)(items, share, seed) for seed in seeds)
        yield from _figures(share, {name: [one[name] for one in tried] for name in PICKERS})


def one_each(items: Items, order: Sequence[int] | np.ndarray) -> list[int]:
    """The first 100 of an order, each question once, as mining does it."""
    first: dict[str, int] = {}
    for row in order:
        first.setdefault(mining.question_key(items.questions[row]), int(row))
    return list(first.values())[:PICKS]


def at_random(trial: Trial) -> list[int]:
    return one_each(trial.items, np.random.default_rng(trial.seed).permutation(len(trial.truth)))


def newest(trial: Trial) -> list[int]:
    return one_each(trial.items, trial.order[::-1])


def disliked_first(trial: Trial) -> list[int]:
    shuffled = np.random.default_rng(trial.seed).permutation(len(trial.truth))
    worst = (trial.spoken & trial.disliked)[shuffled]
    return one_each(trial.items, [*shuffled[worst], *shuffled[~worst]])


def mined(trial: Trial) -> list[int]:
    """What `sayso mine` picks, without what it draws at random."""
    found = mining.mine(trial.query(), budget=round(PICKS / (1 - RANDOM_SHARE)), seed=trial.seed)
    return [int(one.target) for one in found if one.stratum == "mined"][:PICKS]


PICKERS: Mapping[str, Callable[[Trial], list[int]]] = {
    "sayso mine": mined,
    RIVAL: disliked_first,
    "newest": newest,
    "random": at_random,
}


def evaluate(trial: Trial, picks: Sequence[int]) -> Result:
    return float(trial.truth[picks].mean()), len(set(trial.items.clusters[picks].tolist()))


def _tried(items: Items, share: float, seed: int) -> dict[str, Result]:
    trial = feedbackqa.draw(items, share=share, seed=seed)
    return {name: evaluate(trial, pick(trial)) for name, pick in PICKERS.items()}


def _figures(share: float, results: Mapping[str, list[Result]]) -> Iterator[Figure]:
    what = (("failing", 100, "%"), ("topics of 60", 1, ""))
    for place, (name, scale, unit) in enumerate(what):
        of = {picker: np.array([result[place] for result in found]) for picker, found in results.items()}
        ours = of.pop("sayso mine")
        ahead, half = interval(ours - of[RIVAL])
        wanted = AHEAD[share][place] if share in AHEAD else None
        yield Figure(
            f"100 picks, {share:.0%} spoke: {name}",
            scale * float(ours.mean()),
            unit,
            [Beside(picker, scale * float(values.mean())) for picker, values in of.items()],
            f">= {scale * wanted:g} ahead of {RIVAL}" if wanted else f"not behind {RIVAL}",
            ahead >= wanted if wanted else ahead + half >= 0,
            f"{said(ours)}; ahead of {RIVAL} by {said(ours - of[RIVAL])}, {len(ours)} seeds",
        )
