"""How often 95 % intervals hold the truth, each in crowds that are made up anew: which of them did, and a rival's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from sayso_ingest.analysis import wilson
from sayso_ingest.analysis.stats.bootstrap import cluster_bootstrap, weighted_mean
from sayso_ingest.analysis.stats.cells import Cells
from sayso_ingest.analysis.stats.difference import corrected_difference, correlation, newcombe
from sayso_ingest.analysis.stats.judge import corrected_rate
from sayso_ingest.analysis.stats.share import Share, clustered_share
from scipy.stats import binom

from bench.crowds import crowd, liking
from bench.figure import Beside, Figure

Random = np.random.Generator
Held = tuple[bool, bool]
"""Whether our interval held the truth, and whether the other way did."""
Z = 1.96
FROM, UP_TO = 93, 97


def wilsons() -> Figure:
    """Over rates and sizes, computed from the binomial distribution."""
    sizes, rates = (20, 50, 100, 200, 500, 1000), np.linspace(0.02, 0.98, 97)
    each = np.array([_coverage_of_wilson(size, rates) for size in sizes])
    return _within(
        "Wilson's of independent verdicts",
        100 * float(each[:, 0].mean()),
        Beside("p ± 1.96 standard errors", 100 * float(each[:, 1].mean())),
        f"the mean over rates of 2 to 98 % and 20 to 1,000 verdicts; the worst of them {100 * each[:, 0].min():.1f} %",
    )


def _coverage_of_wilson(size: int, rates: np.ndarray) -> np.ndarray:
    """Of Wilson's and of the textbook's interval at each true rate, (2, rates)."""
    liked = np.arange(size + 1)
    share = liked / size
    ends = np.array([wilson(one, size) for one in share])
    half = Z * np.sqrt(share * (1 - share) / size)
    chance = binom.pmf(liked[:, None], size, rates)
    both = [(ends[:, 0], ends[:, 1]), (share - half, share + half)]
    return np.array(
        [(chance * ((low[:, None] <= rates) & (rates <= high[:, None]))).sum(axis=0) for low, high in both]
    )


def of_a_rate(random: Random) -> Held:
    """Three hundred people, 3 of 100 of them loud."""
    cells = crowd(random, 300, (0.7, 0.7))
    share = _shares(replace(cells, group=np.zeros_like(cells.group)).weighed())[0]
    low, high = wilson(cells.liked.sum() / cells.verdicts.sum(), float(cells.verdicts.sum()))
    return share.low <= 0.7 <= share.high, bool(low <= 0.7 <= high)


def of_a_difference(random: Random) -> Held:
    """Two hundred people on each side."""
    cells = crowd(random, 400, (0.7, 0.75))
    found = newcombe(*_shares(cells.weighed()))
    each = [replace(share, low=low, high=high) for share, (low, high) in _as_if_independent(cells)]
    rival = newcombe(*each)
    return _holds(found.low, found.high), _holds(rival.low, rival.high)


def of_the_same_people(random: Random) -> Held:
    """Two hundred people who met both sides."""
    cells = crowd(random, 200, (0.7, 0.75), in_both=True).weighed()
    a, b = _shares(cells)
    found, rival = newcombe(a, b, correlation=correlation(cells, a, b)), newcombe(a, b)
    return _holds(found.low, found.high), _holds(rival.low, rival.high)


def corrected(random: Random) -> Held:
    """As `sayso compare` does it: the second side was asked about harder topics. Looked at once."""
    cells = crowd(random, 1000, (0.7, 0.75), harder=True).weighed()
    found = corrected_difference(cells)
    assert found
    half = Z * found.variance**0.5
    counted = newcombe(*_shares(cells))
    return _holds(found.difference - half, found.difference + half), _holds(counted.low, counted.high)


def bootstrap(random: Random) -> Held:
    """A mean over eighty people who give a few verdicts each."""
    verdicts = random.geometric(0.4, 80)
    values = random.binomial(1, np.repeat(liking(random.random(80), 0.6), verdicts)).astype(float)
    mean, seed = weighted_mean(values), int(random.integers(2**32))
    ours = cluster_bootstrap(mean, np.repeat(np.arange(80), verdicts), draws=500, seed=seed)
    rival = cluster_bootstrap(mean, np.arange(len(values)), draws=500, seed=seed)
    return ours[0] <= 0.6 <= ours[1], rival[0] <= 0.6 <= rival[1]


def by_a_judge(random: Random) -> Held:
    """A hundred labels of people; a judge that says yes too often of a thousand things."""
    liked = random.random(1000) < 0.6
    judge = np.where(liked, random.random(1000) < 0.95, random.random(1000) < 0.3).astype(float)
    found = corrected_rate(liked[:100].astype(float), judge[:100], judge[100:])
    assert found
    low, high = wilson(judge.mean(), len(judge))
    return found.low <= 0.6 <= found.high, bool(low <= 0.6 <= high)


def simulated(
    what: str, once: Callable[[Random], Held], rival: str, *, random: Random, rounds: int
) -> Figure:
    """Try it in so many crowds."""
    held = np.array([once(random) for _ in range(rounds)])
    ours, other = 100 * held.mean(axis=0)
    return _within(what, float(ours), Beside(rival, float(other)), f"{rounds:,} crowds")


def _within(what: str, value: float, beside: Beside, note: str) -> Figure:
    met = FROM <= value <= UP_TO
    return Figure(f"holds the truth: {what}", value, "%", [beside], f"{FROM} to {UP_TO} %", met, note)


def _shares(cells: Cells) -> list[Share]:
    found = [clustered_share(*cells.by_person(group)) for group in (0, 1)]
    return [share for share in found if share]


def _as_if_independent(cells: Cells) -> list[tuple[Share, tuple[float, float]]]:
    """Each side's share as counted, and Wilson's interval that takes each verdict for a person's only one."""
    found = []
    for group, share in enumerate(_shares(cells)):
        liked, verdicts = (column.sum() for column in cells.by_person(group))
        found.append((replace(share, rate=liked / verdicts), wilson(liked / verdicts, float(verdicts))))
    return found


def _holds(low: float, high: float) -> bool:
    return bool(low <= 0.05 <= high)
