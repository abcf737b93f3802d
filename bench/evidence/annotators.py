"""Agreement and consensus of annotators: alpha beside its package, Dawid and Skene beside a majority."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import krippendorff
import numpy as np
from joblib import Parallel, delayed
from sayso_ingest.analysis.stats.agreement import Level, alpha
from sayso_ingest.analysis.stats.annotators import dawid_skene

from bench.evidence.judgements import BAD_FROM, SCALE, Answers, read_answers, unlike
from bench.evidence.paired import interval, said
from bench.figure import Beside, Figure
from bench.run import Run

SEEDS = 20
THINGS = 1_000
ANSWERS = 5
"""To each thing, in the crowds that are made up."""
GUESSING = 0.4
"""The share of them that answers at random; the others are right nine times in ten."""
RIGHT = 0.9
WORKERS = {"125 answers each": 40, "10 answers each": 500, "3 answers each": 1_667}
AHEAD = 3
EXACT = 1e-9


@dataclass(frozen=True)
class Crowd:
    """Answers (n,): of which thing, by whom, what; and what is right of each thing."""

    things: np.ndarray
    workers: np.ndarray
    labels: np.ndarray
    right: np.ndarray


def measure(run: Run) -> Iterator[Figure]:
    answers = read_answers()
    yield from _alphas(answers)
    seeds = range(run.size(SEEDS, 2))
    thrice = np.flatnonzero([len(of) == len(SCALE) - 1 for of in answers.ratings])
    ratings = np.array([answers.ratings[place] for place in thrice])
    alike, length = unlike(answers)[thrice], np.array([len(answers.texts[place]) for place in thrice])
    machines = np.stack([alike > np.median(alike), length < np.median(length)], axis=1).astype(int)
    bad = (ratings >= BAD_FROM).astype(int)
    nobody = np.zeros((len(ratings), 0), dtype=int)
    for what, table, others in (
        ("of two people, of four grades", ratings, nobody),
        ("of two people, disliked or not", bad, nobody),
        ("of two people, the likeness and the length, disliked or not", bad, machines),
    ):
        tried = Parallel(n_jobs=-1)(delayed(_right)(_held_out(table, others, seed)) for seed in seeds)
        yield _figure(f"feedbackqa, what a third rater says, by the consensus {what}", tried, goal=False)
    for what, workers in WORKERS.items():
        tried = Parallel(n_jobs=-1)(delayed(_right)(_made_up(workers, seed)) for seed in seeds)
        yield _figure(f"a crowd that is made up, {what}: right", tried, goal=workers == min(WORKERS.values()))


def _alphas(answers: Answers) -> Iterator[Figure]:
    """Ours, the package's and the formula written out, on all ratings of FeedbackQA; in the table a row is a rater."""
    rows = [[of[place] if place < len(of) else None for of in answers.ratings] for place in range(3)]
    table = np.array([[np.nan if one is None else float(one) for one in row] for row in rows])
    levels: tuple[Level, ...] = ("nominal", "ordinal", "interval")
    for level in levels:
        found = alpha(answers.ratings, level=level)
        package = float(krippendorff.alpha(reliability_data=table, level_of_measurement=level))
        written = _by_hand(table, level)
        away = max(abs(found - package), abs(found - written))
        yield Figure(
            f"Krippendorff's alpha of FeedbackQA's raters, {level}",
            found,
            "",
            [Beside("the package", package), Beside("the formula written out", written)],
            "the same to 1e-9",
            away <= EXACT,
            f"{away:.0e} apart at most",
        )


def _by_hand(table: np.ndarray, level: Level) -> float:
    """Observed by expected disagreement, from coincidences: Krippendorff (2019), chapter 12."""
    met = np.zeros((len(SCALE), len(SCALE)))
    for column in table.T:
        values = column[~np.isnan(column)].astype(int)
        if len(values) > 1:
            counts = np.bincount(values, minlength=len(SCALE))
            met += (np.outer(counts, counts) - np.diag(counts)) / (len(values) - 1)
    totals = met.sum(axis=1)
    apart = _differences(totals, level)
    expected = (np.outer(totals, totals) - np.diag(totals)) / (totals.sum() - 1)
    return float(1 - (met * apart).sum() / (expected * apart).sum())


def _differences(totals: np.ndarray, level: Level) -> np.ndarray:
    places = np.arange(len(totals))
    if level == "nominal":
        return (places[:, None] != places).astype(float)
    middle = np.cumsum(totals) - totals / 2 if level == "ordinal" else places
    return np.asarray((middle[:, None] - middle) ** 2, dtype=float)


def _held_out(table: np.ndarray, machines: np.ndarray, seed: int) -> Crowd:
    """Draw the third rater of each thing. Nobody is named: an annotator is a place among the others."""
    dealt = np.random.default_rng(seed).permuted(table, axis=1)
    said_by = np.concatenate([dealt[:, :-1], machines], axis=1)
    things, workers = np.indices(said_by.shape)
    return Crowd(things.ravel(), workers.ravel(), said_by.ravel(), dealt[:, -1])


def _made_up(workers: int, seed: int) -> Crowd:
    random = np.random.default_rng(seed)
    right = random.integers(2, size=THINGS)
    skill = np.where(random.random(workers) < GUESSING, 0.5, RIGHT)
    things = np.repeat(np.arange(THINGS), ANSWERS)
    who = np.concatenate([random.permutation(workers) for _ in range(-(-len(things) // workers))])[
        : len(things)
    ]
    labels = np.where(random.random(len(things)) < skill[who], right[things], 1 - right[things])
    return Crowd(things, who, labels, right)


def _right(crowd: Crowd) -> tuple[float, float]:
    """The share of things of which each is right: Dawid and Skene, and a majority that tosses where it is even."""
    votes = np.zeros((len(crowd.right), int(crowd.labels.max()) + 1))
    np.add.at(votes, (crowd.things, crowd.labels), 1)
    most = votes == votes.max(axis=1, keepdims=True)
    by_majority = most[np.arange(len(votes)), crowd.right] / most.sum(axis=1)
    found = dawid_skene(crowd.things, crowd.workers, crowd.labels).labels
    return float(np.mean(found == crowd.right)), float(by_majority.mean())


def _figure(what: str, tried: Sequence[tuple[float, float]], *, goal: bool) -> Figure:
    ours, majority = 100 * np.array(tried).T
    ahead = interval(ours - majority)[0]
    return Figure(
        what,
        interval(ours)[0],
        "%",
        [Beside("a majority", interval(majority)[0])],
        f">= {AHEAD} points ahead of a majority" if goal else "",
        ahead >= AHEAD if goal else None,
        f"ahead by {said(ours - majority)} points, {len(ours)} seeds",
    )
