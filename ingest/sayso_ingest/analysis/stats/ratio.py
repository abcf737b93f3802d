"""Whether each arm of an experiment got as much as it was meant to: if not, something got lost on the way."""

from __future__ import annotations

from dataclasses import dataclass

from scipy.special import chdtrc

SUSPICIOUS = 0.001
"""The p-value below which a ratio is not believed to be chance; the usual bound, for it is looked at often."""


@dataclass(frozen=True, slots=True)
class SampleRatio:
    """What was assigned to each of two arms, against the share that was planned for the first."""

    a: int
    b: int
    planned: float
    """Of the first arm, 0 to 1."""
    p: float
    """Probability of a ratio as far from the plan, or farther, by chance."""

    @property
    def mismatch(self) -> bool:
        """Whether it is too far from the plan to be chance."""
        return self.p < SUSPICIOUS


def sample_ratio(a: int, b: int, *, planned: float = 0.5) -> SampleRatio:
    """Check how much was assigned to two arms by chi-square with one degree of freedom.

    Fabijan et al. (2019), "Diagnosing sample ratio mismatch in online controlled experiments", KDD.
    """
    total = a + b
    if not total:
        return SampleRatio(a, b, planned, 1.0)
    statistic = (a - total * planned) ** 2 / (total * planned * (1 - planned))
    return SampleRatio(a, b, planned, float(chdtrc(1, statistic)))
