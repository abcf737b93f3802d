"""Which readings are past their threshold, and surely so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sayso_ingest.alerts.reading import Reading
from sayso_ingest.analysis.stats.tail import effective_count, stricter_ends

FALSE_ALARMS = 0.05
"""Weeks, of those in which nothing is past its threshold, that may bring an alarm."""
LOOKS = 7
"""Looks a week: one a day."""
FEW = 20
"""People, or verdicts where people are not counted, below which nothing is concluded, as in `sayso compare`."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A reading, and what is to be made of it."""

    reading: Reading
    near_end: float | None
    """The end of the stricter interval that is nearer to the threshold; None where too few people spoke."""

    @property
    def fires(self) -> bool:
        """Whether all of the stricter interval is past the threshold."""
        return self.near_end is not None and _past(self.reading, self.near_end)

    @property
    def over(self) -> bool:
        """Whether the figure itself is not past it: what hovers about it stays one alarm."""
        return not _past(self.reading, self.reading.value)


def judge(readings: Sequence[Reading]) -> list[Judged]:
    """Judge all readings of all rules together.

    An interval at 95 % is wrong in one group of twenty, and again the next day. So each is asked at a level at which
    all groups and all looks of a week together are wrong at most FALSE_ALARMS of the time (Bonferroni).
    """
    if not readings:
        return []
    value, low, high = ([getattr(one, name) for one in readings] for name in ("value", "low", "high"))
    counts = effective_count(value, low, high).tolist()
    people = [
        count if one.people is None else one.people for one, count in zip(readings, counts, strict=True)
    ]
    enough = [number >= FEW for number in people]
    ends = stricter_ends(value, low, high, people, tail=tail(sum(enough)))
    return [
        Judged(one, float(lower if one.rule.side == "above" else upper) if sure else None)
        for one, sure, lower, upper in zip(readings, enough, *ends, strict=True)
    ]


def tail(groups: int) -> float:
    """The chance that one look at one group of so many may take to be wrong."""
    return FALSE_ALARMS / LOOKS / max(groups, 1)


def _past(reading: Reading, value: float) -> bool:
    rule = reading.rule
    return value > rule.threshold if rule.side == "above" else value < rule.threshold
