"""Whether statistics hold: how often intervals hold the truth, and how often they cry wolf, in made-up crowds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from sayso_ingest.analysis import wilson
from sayso_ingest.analysis.comparison import ENOUGH
from sayso_ingest.analysis.stats.cells import Cells
from sayso_ingest.analysis.stats.difference import corrected_difference, correlation, newcombe
from sayso_ingest.analysis.stats.sequence import confidence_sequence
from sayso_ingest.analysis.stats.share import clustered_share

from bench.figure import Beside, Figure
from bench.run import Run

LOOKS = 199
FEWEST, MOST = 60, 8000
"""People, both sides together, at the first and the last look."""


def measure(run: Run) -> Iterator[Figure]:
    random = np.random.default_rng(8)
    yield _coverage(random, run.size(4000, 40))
    yield _coverage_of_differences(random, run.size(4000, 40))
    yield _false_alarms(random, run.size(1000, 2))
    yield _found(random, run.size(300, 2))


def crowd(
    random: np.random.Generator, people: int, rates: tuple[float, float], *, loud: float = 0.03
) -> Cells:
    """People who differ, on one of two sides each, in the order in which they come; a few give 100 verdicts."""
    side = random.integers(0, 2, people)
    likes = random.beta(np.array(rates)[side] * 4, (1 - np.array(rates)[side]) * 4)
    said = np.where(random.random(people) < loud, 100, random.geometric(0.4, people))
    return Cells(
        group=side,
        stratum=random.integers(0, 6, people),
        person=np.arange(people),
        liked=random.binomial(said, likes).astype(float),
        verdicts=said.astype(float),
    )


def _coverage(random: np.random.Generator, rounds: int) -> Figure:
    held, naive = [], []
    for _ in range(rounds):
        cells = crowd(random, 300, (0.7, 0.7))
        share = clustered_share(*replace(cells, group=np.zeros_like(cells.group)).weighed().by_person(0))
        assert share
        held.append(share.low <= 0.7 <= share.high)
        low, high = wilson(cells.liked.sum() / cells.verdicts.sum(), float(cells.verdicts.sum()))
        naive.append(low <= 0.7 <= high)
    return _within("the 95 % interval of a rate holds the truth (300 people, 3 % of them loud)", held, naive)


def _coverage_of_differences(random: np.random.Generator, rounds: int) -> Figure:
    held, naive = [], []
    for _ in range(rounds):
        cells = crowd(random, 400, (0.7, 0.75))
        interval = _newcombe(cells.weighed())
        held.append(interval[0] <= 0.05 <= interval[1])
        interval = _newcombe(replace(cells, person=np.arange(len(cells.person))), independent=True)
        naive.append(interval[0] <= 0.05 <= interval[1])
    return _within(
        "the 95 % interval of a difference holds the truth (200 people a side, 3 % loud)", held, naive
    )


def _newcombe(cells: Cells, *, independent: bool = False) -> tuple[float, float]:
    a, b = (clustered_share(*cells.by_person(group)) for group in (0, 1))
    assert a
    assert b
    if independent:
        a, b = (
            replace(one, low=low, high=high)
            for one in (a, b)
            for low, high in [wilson(one.rate, one.verdicts)]
        )
        return newcombe(a, b).low, newcombe(a, b).high
    found = newcombe(a, b, correlation=correlation(cells, a, b))
    return found.low, found.high


def _within(what: str, held: list[bool], naive: list[bool]) -> Figure:
    value = 100 * float(np.mean(held))
    beside = Beside("verdicts taken for independent", 100 * float(np.mean(naive)))
    return Figure(what, value, "%", [beside], "93 to 97 %", 93 <= value <= 97, f"{len(held):,} crowds")


def _looks(random: np.random.Generator, rates: tuple[float, float]) -> Iterator[Cells]:
    """The same crowd as it grows."""
    whole = crowd(random, MOST, rates)
    for people in np.linspace(FEWEST, MOST, LOOKS).astype(int):
        yield whole.where(np.arange(people))


def _says(cells: Cells) -> tuple[bool, bool]:
    """Whether the sequence, and whether a 95 % interval, says that the sides differ: the middle of `compare_groups`."""
    weighed = cells.weighed()
    a, b = (clustered_share(*weighed.by_person(group)) for group in (0, 1))
    found = corrected_difference(weighed)
    assert a
    assert b
    assert found
    effective = 2 / (1 / a.effective + 1 / b.effective)
    sequence = confidence_sequence(found.difference, found.variance, effective)
    enough = min(a.people, b.people) >= ENOUGH
    once = newcombe(a, b, correlation=correlation(weighed, a, b))
    return enough and not sequence.low <= 0 <= sequence.high, not once.low <= 0 <= once.high


def _false_alarms(random: np.random.Generator, rounds: int) -> Figure:
    said = [np.any([_says(cells) for cells in _looks(random, (0.7, 0.7))], axis=0) for _ in range(rounds)]
    value, once = 100 * np.mean(said, axis=0)
    return Figure(
        f"`sayso compare` of two alike, looked at {LOOKS} times, ever says better or worse",
        float(value),
        "%",
        [Beside("a 95 % interval ever excludes zero", float(once))],
        "<= 5 %",
        bool(value <= 5),
        f"{rounds:,} crowds that grow from {FEWEST} to {MOST:,} people",
    )


def _found(random: np.random.Generator, rounds: int) -> Figure:
    first = []
    for _ in range(rounds):
        looks = enumerate(_looks(random, (0.68, 0.74)))
        first.append(next((number for number, cells in looks if _says(cells)[0]), None))
    value = 100 * float(np.mean([look is not None for look in first]))
    people = [FEWEST + look * (MOST - FEWEST) / (LOOKS - 1) for look in first if look is not None]
    return Figure(
        f"of six points more, how often it has said so by {MOST:,} people",
        value,
        "%",
        goal=">= 80 %",
        met=value >= 80,
        note=f"median {np.median(people) if people else float('nan'):,.0f} people, both sides together",
    )
