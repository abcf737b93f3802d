"""What `sayso compare` says to somebody who looks 199 times while a crowd grows."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from sayso_ingest.analysis.comparison import ENOUGH
from sayso_ingest.analysis.stats.cells import Cells
from sayso_ingest.analysis.stats.difference import corrected_difference
from sayso_ingest.analysis.stats.sequence import confidence_sequence
from sayso_ingest.analysis.stats.share import clustered_share

from bench.crowds import crowd
from bench.figure import Beside, Figure

LOOKS = 199
FEWEST, MOST = 60, 8000
"""People, both sides together, at the first and the last look."""
RATES = tuple[float, float]


def false_alarms(random: np.random.Generator, rounds: int) -> Figure:
    """Two sides alike on every topic, of which the second is asked about harder ones."""
    ever = [np.any([says(cells) for cells in _looks(random, (0.7, 0.7))], axis=0) for _ in range(rounds)]
    value, once = 100 * np.mean(ever, axis=0)
    return Figure(
        f"`sayso compare` of two liked alike on each topic, looked at {LOOKS} times, ever says better or worse",
        float(value),
        "%",
        [Beside("its difference ± 1.96 standard errors ever excludes zero", float(once))],
        "<= 5 %",
        bool(value <= 5),
        f"{rounds:,} crowds that grow from {FEWEST} to {MOST:,} people, the second asked harder things",
    )


def found(random: np.random.Generator, rounds: int) -> Figure:
    """How soon six points are found."""
    first = [_first_found(_looks(random, (0.68, 0.74))) for _ in range(rounds)]
    people = [count for count in first if count is not None]
    value = 100 * len(people) / rounds
    return Figure(
        f"of six points more, how often it has said so by {MOST:,} people",
        value,
        "%",
        goal=">= 80 %",
        met=value >= 80,
        note=f"median {np.median(people) if people else float('nan'):,.0f} people, both sides together",
    )


def says(cells: Cells) -> tuple[bool, bool]:
    """Whether the sequence, and whether a 95 % interval, says that the sides differ: the middle of `compare_groups`."""
    weighed = cells.weighed()
    a, b = (clustered_share(*weighed.by_person(group)) for group in (0, 1))
    difference = corrected_difference(weighed)
    assert a
    assert b
    assert difference
    effective = 2 / (1 / a.effective + 1 / b.effective)
    sequence = confidence_sequence(difference.difference, difference.variance, effective)
    enough = min(a.people, b.people) >= ENOUGH
    once = abs(difference.difference) > 1.96 * difference.variance**0.5
    return enough and not sequence.low <= 0 <= sequence.high, once


def _looks(random: np.random.Generator, rates: RATES) -> Iterator[Cells]:
    """The same crowd as it grows."""
    whole = crowd(random, MOST, rates, harder=True)
    order = np.argsort(whole.person, kind="stable")
    people = whole.person[order]
    for count in np.linspace(FEWEST, MOST, LOOKS).astype(int):
        yield whole.where(order[: np.searchsorted(people, count)])


def _first_found(looks: Iterator[Cells]) -> int | None:
    """People at the first look at which it is found."""
    return next((len(np.unique(cells.person)) for cells in looks if says(cells)[0]), None)
