"""What a sample of 20,000 costs in accuracy, where there is traffic for more: the picks, and the level of coverage."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import mean, stdev

import numpy as np
from sayso_ingest.mining import HashEmbedder, measure_coverage
from sayso_ingest.mining.arrays import Integers, Vectors
from sayso_ingest.mining.embed import Centring
from sayso_ingest.mining.rows import TRAFFIC
from sayso_ingest.mining.selection.select import closeness, covered_by, facility_location
from sayso_ingest.warehouse import Published

from bench.figure import Beside, Figure
from bench.load import asked
from bench.run import Run

PICKS = 100
CONTENDERS = 4_000
CLIENTS = 5_000
HELD_OUT = 20_000
"""Interactions that nothing was picked from, on which picks are compared."""
CASES = 200
SEEDS = 5


def measure(run: Run) -> Iterator[Figure]:
    count, sample = run.size((100_000, TRAFFIC), (600, 300))
    yield _picks(run, count, sample)
    yield _level(run, count)


def _picks(run: Run, count: int, sample: int) -> Figure:
    embedder = HashEmbedder()
    raw = embedder.embed(asked.questions(count, seed=2))
    vectors = Centring.fit(raw[:sample], most=embedder.shared).apply(raw)
    held_out, rest = vectors[-run.size(HELD_OUT, 200) :], vectors[: -run.size(HELD_OUT, 200)]
    drawn = [np.random.default_rng(seed).permutation(len(rest)) for seed in range(run.size(SEEDS, 2))]
    of_sample = [_stands_for(rest, order[:sample], held_out, CONTENDERS) for order in drawn]
    of_whole = [_stands_for(rest, order, held_out, 4 * CONTENDERS) for order in drawn]
    by_lot = [float(covered_by(held_out, rest[order[:PICKS]]).mean()) for order in drawn]
    return Figure(
        f"how near {PICKS} picks from a sample of {sample:,} are to other traffic (mean cosine to the nearest, "
        f"{len(drawn)} seeds)",
        mean(of_sample),
        "",
        [
            Beside(f"picks from all {len(rest):,}, four times as many compared", mean(of_whole)),
            Beside("drawn at random", mean(by_lot)),
        ],
    )


def _stands_for(vectors: Vectors, rows: Integers, others: Vectors, most: int) -> float:
    contenders, clients = vectors[rows[:most]], vectors[rows[-CLIENTS:]]
    near = closeness(clients, contenders)
    nothing = np.zeros(len(clients), dtype=np.float32)
    picks = facility_location(near, np.ones(len(contenders)), nothing, budget=PICKS)
    return float(covered_by(others, contenders[[pick.row for pick in picks]]).mean())


def _level(run: Run, count: int) -> Figure:
    project = run.folder / "default"
    asked.fill(project, interactions=count)
    cases = [{"input": text} for text in asked.questions(run.size(CASES, 20), seed=3)]
    with Published.open(project) as copy:
        found = [
            measure_coverage(copy.query, cases=cases, seed=seed).levels[0]
            for seed in range(run.size(SEEDS, 2))
        ]
    return Figure(
        f"coverage of {count:,} interactions by {len(cases)} cases: its standard deviation over {len(found)} samples",
        100 * stdev(level.share for level in found),
        "points",
        [Beside("what its interval allows", 100 * mean((level.high - level.low) / 3.92 for level in found))],
        note=f"mean {mean(level.share for level in found):.1%}",
    )
