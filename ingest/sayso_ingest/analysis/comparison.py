"""The answer to which of two is better: figures, the difference with its uncertainty, and one plain sentence.

Pure: rows come in as `Cells`, nothing is asked of a warehouse here. `contrast.py` reads them from one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sayso_ingest.analysis.stats.cells import Cells
from sayso_ingest.analysis.stats.difference import (
    Corrected,
    corrected_difference,
    correlation,
    differences_by_stratum,
    newcombe,
)
from sayso_ingest.analysis.stats.ratio import SampleRatio
from sayso_ingest.analysis.stats.sequence import (
    Grown,
    Interval,
    confidence_sequence,
    detectable,
    people_needed,
)
from sayso_ingest.analysis.stats.several import false_discovery
from sayso_ingest.analysis.stats.share import Share, clustered_share

MARGIN = 0.05
"""A difference that matters, unless somebody says another: five points."""
ENOUGH = 20
"""People in each group below which nothing is concluded: the sequence is asymptotic."""


class Outcome(StrEnum):
    """What a comparison comes to, of the second against the first."""

    BETTER = "better"
    WORSE = "worse"
    SAME = "same"
    UNKNOWN = "not enough data"


@dataclass(frozen=True, slots=True)
class Group:
    """One side: its name, how much there was of it, how many answered, and what they said (None: nothing)."""

    label: str
    interactions: int
    exposed: int
    answered: int
    verdicts: int
    """As counted; `share.verdicts` is their weight, in which a person counts for five at most."""
    share: Share | None

    @property
    def response_rate(self) -> float | None:
        """answered / exposed, 0 to 1; None where no exposure was reported."""
        return self.answered / self.exposed if self.exposed else None


@dataclass(frozen=True, slots=True)
class Assignment:
    """The experiment that gave each side its arm, the check of its ratio, and people that were given both."""

    experiment: str
    unit: str
    """What was assigned: people, or interactions where many people met both arms."""
    ratio: SampleRatio
    people_in_both: int


@dataclass(frozen=True, slots=True)
class Topic:
    """The difference within one stratum; `p` is corrected for how many strata there are (Benjamini, Hochberg)."""

    label: str
    a: Share
    b: Share
    interval: Interval
    p: float

    @property
    def difference(self) -> float:
        """The second less the first."""
        return self.b.rate - self.a.rate


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two groups of verdicts of one kind. Shares and differences are 0 to 1, intervals 95 %.

    `difference`, `interval`: as counted, for somebody who looks once. `corrected` and `sequence`: as if both had met
    the same mix of topics, the interval valid however often one looks: the outcome rests on this one.
    All four are None where one side has no verdict, the last two also where they share no topic.
    """

    a: Group
    b: Group
    kind: str
    stratified: bool
    difference: float | None
    interval: Interval | None
    corrected: Corrected | None
    sequence: Interval | None
    detectable: float
    """The smallest true difference that would be found at this size, 80 times of 100, however often one looks."""
    margin: float
    """A difference that matters."""
    more_people: int
    """So many more in each group are needed to find a difference of `margin`, 80 times of 100."""
    topics: tuple[Topic, ...]
    assignment: Assignment | None
    """None: nothing assigned people to one side or the other."""
    outcome: Outcome


def compare_groups(
    cells: Cells,
    *,
    a: Group,
    b: Group,
    kind: str = "thumb",
    strata: Sequence[str] = ("",),
    stratified: bool = True,
    margin: float = MARGIN,
    assignment: Assignment | None = None,
) -> Comparison:
    """Compare two groups by what people said; `strata` names the strata of the cells. Shares are filled in here.

    Where `stratified` is false, all strata count as one.
    """
    weighed = cells.weighed() if stratified else cells.weighed().as_one_stratum()
    shares = [clustered_share(*weighed.by_person(group)) for group in (0, 1)]
    corrected = corrected_difference(weighed)
    sequence, found_at = None, 1.0
    effective = _effective(shares)
    if corrected:
        sequence = confidence_sequence(corrected.difference, corrected.variance, effective)
        found_at = detectable(corrected.variance, effective)
    more_people = _more_people(shares, corrected, margin)
    one, other = shares
    both = (one, other) if one and other else None
    return Comparison(
        a=_with_share(a, cells, 0, one),
        b=_with_share(b, cells, 1, other),
        kind=kind,
        stratified=stratified,
        difference=both[1].rate - both[0].rate if both else None,
        interval=newcombe(*both, correlation=correlation(weighed, *both)) if both else None,
        corrected=corrected,
        sequence=sequence,
        detectable=found_at,
        margin=margin,
        more_people=more_people,
        topics=_topics(weighed, strata) if stratified else (),
        assignment=assignment,
        outcome=_outcome(shares, sequence, margin, more_people),
    )


def _with_share(group: Group, cells: Cells, number: int, share: Share | None) -> Group:
    verdicts = int(cells.verdicts[cells.group == number].sum())
    return Group(group.label, group.interactions, group.exposed, group.answered, verdicts, share)


def _effective(shares: Sequence[Share | None]) -> float:
    """The harmonic mean of the effective sizes: a comparison is as sure as its smaller side."""
    sizes = [share.effective if share else 0.0 for share in shares]
    return len(sizes) / sum(1 / size for size in sizes) if all(sizes) else 0.0


def _outcome(
    shares: Sequence[Share | None], sequence: Interval | None, margin: float, more_people: int
) -> Outcome:
    if sequence is None or any(share is None or share.people < ENOUGH for share in shares):
        return Outcome.UNKNOWN
    if sequence.low > 0:
        return Outcome.BETTER
    if sequence.high < 0:
        return Outcome.WORSE
    return Outcome.SAME if sequence.farthest <= margin or not more_people else Outcome.UNKNOWN


def _more_people(shares: Sequence[Share | None], corrected: Corrected | None, margin: float) -> int:
    """Plan with what is known of each side; of one with few people, as if each gave one verdict of their own."""
    known = [share for share in shares if share]
    liked = sum(share.rate * share.verdicts for share in known)
    rate = (liked + 1) / (sum(share.verdicts for share in known) + 2)
    variances = (corrected.variance_a, corrected.variance_b) if corrected else (0.0, 0.0)
    one, other = [
        Grown(share.people, variance, share.effective)
        if corrected and share and share.people >= ENOUGH
        else _alone(share.people if share else 0, rate)
        for share, variance in zip(shares, variances, strict=True)
    ]
    return people_needed(one, other, margin)


def _alone(people: int, rate: float) -> Grown:
    count = float(max(1, people))
    return Grown(count, rate * (1 - rate) / count, count)


def _topics(cells: Cells, strata: Sequence[str]) -> tuple[Topic, ...]:
    found = differences_by_stratum(cells)
    corrected = false_discovery([one.p for one in found])
    topics = [
        Topic(strata[one.stratum], one.a, one.b, one.interval, p)
        for one, p in zip(found, corrected, strict=True)
    ]
    return tuple(sorted(topics, key=lambda topic: (topic.difference, topic.label)))
