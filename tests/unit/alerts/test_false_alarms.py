"""Simulated weeks: those without change stay quiet, those with a change do not."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from sayso_ingest.alerts.firing import FALSE_ALARMS, LOOKS, tail
from sayso_ingest.analysis.stats.tail import stricter_ends
from sayso_ingest.analysis.stats.wilson import Z

Floats = npt.NDArray[np.float64]

WEEKS = 1_000
GROUPS = 6
BEFORE, A_DAY = 30, 15
"""People of a group when the week begins, and new ones each day."""
THRESHOLD = 0.7


def _wilson(rate: Floats, count: Floats) -> tuple[Floats, Floats]:
    centre, scale = rate + Z**2 / (2 * count), 1 + Z**2 / count
    half = Z * np.sqrt(rate * (1 - rate) / count + Z**2 / (4 * count**2))
    return (centre - half) / scale, (centre + half) / scale


def _weeks(rate: float) -> tuple[Floats, Floats, Floats, Floats]:
    """The figure of each group at each look of each week, its interval as the views have it, and its people.

    People differ in what they like, and give one to five verdicts each.
    """
    rng = np.random.default_rng(8)
    ends = BEFORE + A_DAY * np.arange(1, LOOKS + 1)
    shape = (WEEKS, GROUPS, int(ends[-1]))
    said = np.minimum(rng.geometric(0.5, shape), 5).astype(np.float64)
    liked = rng.binomial(said.astype(np.int64), rng.beta(4 * rate, 4 * (1 - rate), shape)).astype(np.float64)
    sums = (np.cumsum(x, axis=2)[:, :, ends - 1] for x in (liked, said, liked**2, liked * said, said**2))
    u, m, uu, um, mm = sums
    share, people = u / m, np.broadcast_to(ends.astype(np.float64), u.shape)
    variance = people / (people - 1) * np.maximum(uu - 2 * share * um + share**2 * mm, 0) / m**2
    count = np.where(
        variance > 1e-12, np.minimum(share * (1 - share) / np.maximum(variance, 1e-12), m), people
    )
    return share, *_wilson(share, count), people


def _share_of(alarms: npt.NDArray[np.bool_]) -> float:
    """Of the weeks, those with an alarm in any group at any look."""
    return float(alarms.any(axis=(1, 2)).mean())


def test_weeks_in_which_the_truth_stands_at_the_threshold_are_quiet_in_nineteen_of_twenty() -> None:
    share, low, high, people = _weeks(THRESHOLD)
    lower, upper = stricter_ends(share, low, high, people, tail=tail(GROUPS))
    assert _share_of(upper < THRESHOLD) <= FALSE_ALARMS
    assert _share_of(lower > THRESHOLD) <= FALSE_ALARMS
    # What the view's own interval would have done, so that this test could fail.
    assert _share_of(high < THRESHOLD) > 3 * FALSE_ALARMS


def test_a_rate_that_fell_well_below_the_threshold_is_told_within_the_week() -> None:
    share, low, high, people = _weeks(THRESHOLD - 0.3)
    _, upper = stricter_ends(share, low, high, people, tail=tail(GROUPS))
    assert (upper < THRESHOLD).any(axis=2).mean() > 0.95


def test_reasons_that_do_not_change_are_not_told_to_rise() -> None:
    """Each look holds seven days against the seven before, a day later each time."""
    rng = np.random.default_rng(8)
    reasons, a_day = 8, 20
    days = rng.binomial(a_day, np.linspace(0.02, 0.3, reasons)[:, None], (WEEKS, reasons, 14 + LOOKS - 1))
    sevens = np.lib.stride_tricks.sliding_window_view(days, 7, axis=2).sum(axis=3) / (7 * a_day)
    before, recent = sevens[:, :, :LOOKS], sevens[:, :, 7:]
    count = np.full(recent.shape, 7.0 * a_day)
    (before_low, before_high), (low, high) = _wilson(before, count), _wilson(recent, count)
    change = recent - before
    ends = (
        change - np.hypot(recent - low, before_high - before),
        change + np.hypot(high - recent, before - before_low),
    )
    lower, _ = stricter_ends(change, *ends, count, tail=tail(reasons))
    assert _share_of(lower > 0) <= FALSE_ALARMS
    assert _share_of(ends[0] > 0) > 3 * FALSE_ALARMS
