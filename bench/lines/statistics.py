"""Whether statistics hold: how often intervals hold the truth, and how often they cry wolf, in made-up crowds."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from bench import coverage, looks
from bench.figure import Figure
from bench.run import Run

SIMULATED = (
    ("a rate's by person, 300 people", coverage.of_a_rate, "verdicts taken for independent"),
    ("a difference's, 200 people a side", coverage.of_a_difference, "verdicts taken for independent"),
    ("the same with 200 people in both", coverage.of_the_same_people, "taken for different people"),
    (
        "`sayso compare`'s corrected difference, 1,000 people",
        coverage.corrected,
        "as counted, topics and all",
    ),
    ("the bootstrap by person, 80 people", coverage.bootstrap, "the bootstrap by verdict"),
    ("PPI++, 100 labels and a judge's 1,000", coverage.by_a_judge, "the judge alone"),
)


def measure(run: Run) -> Iterator[Figure]:
    random = np.random.default_rng(8)
    yield coverage.wilsons()
    for what, once, rival in SIMULATED:
        yield coverage.simulated(what, once, rival, random=random, rounds=run.size(3000, 40))
    yield looks.false_alarms(random, run.size(600, 2))
    yield looks.found(random, run.size(200, 2))
