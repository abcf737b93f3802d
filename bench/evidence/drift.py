"""Whether a change of traffic is seen, and only where there is one: banking77, intents that were not asked before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from joblib import Parallel, delayed
from sayso_ingest.analysis import wilson
from sayso_ingest.mining.arrays import Vectors
from sayso_ingest.mining.drift.drift import SURE
from sayso_ingest.mining.drift.shift import chance, deal, find_shift, middles_apart
from sayso_ingest.mining.embed import Centring, HashEmbedder, SvdEmbedder
from sayso_ingest.mining.similarity.novelty import nearest_distance
from scipy.special import ndtr

from bench.evidence import banking77
from bench.figure import Beside, Figure
from bench.run import Run

INTENTS = np.arange(0, 77, 2)
"""Every second one: choices were made on the others."""
UNSEEN = 0.3
BEFORE, NOW = 2_000, 500
MOST_FALSE = 0.07


@dataclass(frozen=True)
class Change:
    """What part of the later window is of intents that the earlier one does not have, and of how many of them."""

    name: str
    share: float
    intents: int | None
    seeds: int


CHANGES = (
    Change("nothing new", 0, 0, 200),
    Change("2 % scattered over 12 new intents", 0.02, None, 40),
    Change("5 % scattered over 12 new intents", 0.05, None, 40),
    Change("10 % scattered over 12 new intents", 0.10, None, 40),
    Change("5 % of three new intents", 0.05, 3, 40),
    Change("10 % of three new intents", 0.10, 3, 40),
)


@dataclass(frozen=True)
class Seen:
    """Which ways to look say, at 5 %, that traffic has changed."""

    ours: bool
    middles: bool
    tail: bool


def measure(run: Run) -> Iterator[Figure]:
    questions = banking77.read()
    for change in CHANGES:
        seeds = range(run.size(change.seeds, 1))
        tried = Parallel(n_jobs=-1)(delayed(_tried)(questions, change, seed) for seed in seeds)
        for name in ("hash", "svd"):
            yield _figure(name, change, [one[name] for one in tried])


def _tried(questions: banking77.Questions, change: Change, seed: int) -> dict[str, Seen]:
    """What one seed gives, by embedder."""
    texts = [questions.texts[row] for row in _draw(questions, change, seed)]
    present = np.arange(len(texts)) >= BEFORE
    dealt = deal(present, np.arange(len(texts)), seed=seed)
    fitted = SvdEmbedder.fit(texts)
    embedded = {
        "hash": (HashEmbedder().embed(texts), HashEmbedder.shared),
        "svd": (fitted.embed(texts), SvdEmbedder.shared),
    }
    found = {}
    for name, (raw, shared) in embedded.items():
        vectors = Centring.fit(raw, most=shared).apply(raw)
        shift = find_shift(vectors, dealt)
        found[name] = Seen(
            ours=min(shift.new, shift.mix) <= SURE,
            middles=chance(middles_apart(vectors, dealt)) <= SURE,
            tail=_tail(vectors, present, seed) <= SURE,
        )
    return found


def _draw(questions: banking77.Questions, change: Change, seed: int) -> np.ndarray:
    """Rows of the earlier window, then those of the later one."""
    random = np.random.default_rng(seed)
    intents = random.permutation(INTENTS)
    unseen = intents[: round(len(intents) * UNSEEN)]
    old = random.permutation(np.flatnonzero(np.isin(questions.intent, intents[len(unseen) :])))
    new = random.permutation(np.flatnonzero(np.isin(questions.intent, unseen[: change.intents])))
    count = round(NOW * change.share)
    return np.concatenate([old[: BEFORE + NOW - count], new[:count]])


def _tail(vectors: Vectors, present: np.ndarray, seed: int) -> float:
    """The prototype's test: how many are further from half of the earlier window than 95 % of its other half."""
    before = np.random.default_rng(seed).permutation(np.flatnonzero(~present))
    half, held = vectors[before[: BEFORE // 2]], vectors[before[BEFORE // 2 :]]
    of_held, of_now = nearest_distance(held, half), nearest_distance(vectors[present], half)
    beyond = [np.sum(one > np.quantile(of_held, 0.95)) for one in (of_held, of_now)]
    total = len(of_held) + len(of_now)
    share = sum(beyond) / total
    error = (share * (1 - share) * (1 / len(of_held) + 1 / len(of_now))) ** 0.5
    return float(ndtr(-(beyond[1] / len(of_now) - beyond[0] / len(of_held)) / error))


def _figure(name: str, change: Change, seen: Sequence[Seen]) -> Figure:
    ours, middles, tail = (
        100 * np.mean([getattr(one, way) for one in seen]) for way in ("ours", "middles", "tail")
    )
    low, high = wilson(ours / 100, len(seen))
    null = not change.share
    return Figure(
        f"{name}, {NOW} questions against {BEFORE:,}: says that they have changed, {change.name}",
        float(ours),
        "%",
        [
            Beside("the distance of the middles, by permutation", float(middles)),
            Beside("the prototype's tail", float(tail)),
        ],
        f"<= {MOST_FALSE:.0%}" if null else "",
        bool(ours / 100 <= MOST_FALSE) if null else None,
        f"{100 * low:.0f} to {100 * high:.0f} % by {len(seen)} seeds",
    )
