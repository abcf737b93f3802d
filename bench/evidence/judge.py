"""Whether a rate that a judge gives, corrected by few labels of people, holds the truth, and what the judge saves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from joblib import Parallel, delayed
from sayso_ingest.analysis.stats.judge import corrected_rate
from sayso_ingest.analysis.stats.wilson import Z, wilson

from bench.evidence.judgements import Judged, judges
from bench.figure import Beside, Figure
from bench.run import Run

LABELLED = (50, 100, 200)
ALONE = 900
"""Things that the judge alone spoke of."""
DRAWS = 2_000
LIKE_GPT = 0.5
"""The correlation from which on a judge saves as much as GPT-3.5 did on PandaLM (a kappa of .52)."""
COVERED = (93, 97)
HELD_FROM = 100
NARROWER = 0.9


@dataclass(frozen=True)
class Found:
    """Whether each draw's (r,) interval holds the truth, and how wide it is."""

    held: np.ndarray
    width: np.ndarray

    @property
    def share(self) -> float:
        """How many of a hundred hold it."""
        return 100 * float(self.held.mean())

    @property
    def wide(self) -> float:
        """How wide they are on average."""
        return float(self.width.mean())


def measure(run: Run) -> Iterator[Figure]:
    for judged in judges():
        for labelled in LABELLED:
            seeds = np.array_split(np.arange(run.size(DRAWS, 40)), 8)
            parts = Parallel(n_jobs=-1)(delayed(_tried)(judged, labelled, some) for some in seeds)
            yield from _figures(judged, labelled, np.concatenate(parts, axis=1))


def _tried(judged: Judged, labelled: int, seeds: Sequence[int]) -> np.ndarray:
    """Ends (4, seeds, 2) by the corrected rate, people alone, a judge that is wholly trusted, and the judge alone."""
    return np.stack([_drawn(judged, labelled, np.random.default_rng(seed)) for seed in seeds], axis=1)


def _drawn(judged: Judged, labelled: int, random: np.random.Generator) -> np.ndarray:
    """Draw with replacement, so that the mean of all is the truth of what is drawn from."""
    both, alone = np.split(random.integers(len(judged.people), size=labelled + ALONE), [labelled])
    people, judge, rest = judged.people[both], judged.judge[both], judged.judge[alone]
    found = corrected_rate(people, judge, rest)
    assert found
    off = people - judge
    trusted = float(rest.mean() + off.mean())
    half = Z * float(rest.var(ddof=1) / ALONE + off.var(ddof=1) / labelled) ** 0.5
    return np.array(
        [
            (found.low, found.high),
            wilson(float(people.mean()), labelled),
            (trusted - half, trusted + half),
            wilson(float(rest.mean()), ALONE),
        ]
    )


def _figures(judged: Judged, labelled: int, ends: np.ndarray) -> Iterator[Figure]:
    truth = float(judged.people.mean())
    ours, people, trusted, alone = (
        Found((low <= truth) & (truth <= high), high - low) for low, high in ends.transpose(0, 2, 1)
    )
    draws, correlation = ends.shape[1], judged.correlation
    what = f"{judged.name}, {labelled} labels"
    bias = 100 * float(judged.judge.mean() - truth)
    yield Figure(
        f"{what}: the corrected rate holds the truth",
        ours.share,
        "%",
        [
            Beside("people alone (Wilson)", people.share),
            Beside("the judge wholly trusted (PPI)", trusted.share),
            Beside("the judge alone", alone.share, f"{bias:+.1f} points off"),
        ],
        f"{COVERED[0]} to {COVERED[1]} %" if labelled >= HELD_FROM else "",
        COVERED[0] <= ours.share <= COVERED[1] if labelled >= HELD_FROM else None,
        f"{draws:,} draws; correlation {correlation:.2f}",
    )
    narrower = 1 - (1 - correlation**2 * ALONE / (ALONE + labelled)) ** 0.5
    held = correlation >= LIKE_GPT
    yield Figure(
        f"{what}: how wide it is",
        100 * ours.wide,
        "points",
        [
            Beside("people alone (Wilson)", 100 * people.wide),
            Beside("the judge wholly trusted (PPI)", 100 * trusted.wide),
        ],
        ">= 10 % narrower than people alone" if held else "",
        ours.wide <= NARROWER * people.wide if held else None,
        f"by theory {100 * narrower:.0f} % narrower",
    )
