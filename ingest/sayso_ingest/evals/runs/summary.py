"""What a run comes to in figures: how good, how sure, how fast, how dear. Pure: a run in, a frozen value out.

The unit is the case. Its score is the mean over its samples, and intervals say how far the figure may be from that of
all cases that might have been in the set.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, median, quantiles
from typing import TYPE_CHECKING

from sayso_ingest.evals.runs.result import Result
from sayso_ingest.evals.runs.wording import count_words, says_no
from sayso_ingest.models import Outcome

if TYPE_CHECKING:
    from sayso_ingest.analysis.stats.mean import Mean


@dataclass(frozen=True, slots=True)
class Part:
    """How good the answers to some cases are; 95 % intervals, None where no case has such a figure."""

    cases: int
    score: Mean | None
    passed: Mean | None

    @property
    def unscored(self) -> int:
        """Cases without a score: not answered through no fault of the system, or with nothing that could score them."""
        return self.cases - (self.score.count if self.score else 0)


@dataclass(frozen=True, slots=True)
class Latency:
    """Milliseconds that an answer took, of those that were waited for now."""

    p50: float
    p95: float
    count: int


@dataclass(frozen=True, slots=True)
class Summary:
    """The figures of a run. Counts of answers, tokens and money are sums over all samples."""

    whole: Part
    by_split: Mapping[str, Part]
    by_stratum: Mapping[str, Part]
    by_scorer: Mapping[str, Mean]
    """The mean score by each scorer, over the cases that it scored."""
    answers: int
    """Results in all, answered or not."""
    outcomes: Mapping[str, int]
    """How many ended how, the most frequent first: `answered`, `declined` and so on."""
    length: float | None
    """Characters of the middle answer."""
    words: float | None
    """Words of the middle answer."""
    refusals: int
    """Results that were declined, or are answered in words by which models refuse."""
    latency: Latency | None
    tokens_in: int
    tokens_out: int
    cost: float | None
    """Money for the answers, also for those that were kept from before; None where nobody says."""
    recalled: int
    """Answers that were kept from before, and cost nothing now."""

    @property
    def answered(self) -> int:
        """Results with an answer."""
        return self.outcomes.get(Outcome.ANSWERED.value, 0)

    @property
    def unanswered(self) -> int:
        """Results without one, whoever's fault that is."""
        return self.answers - self.answered


def summarise(results: Iterable[Result]) -> Summary:
    """Reckon the figures of a run's results, in whatever order they come."""
    every = sorted(results, key=lambda result: (result.case_id, result.sample))
    cases = _by(every, lambda result: result.case_id)
    answers = [one.output for one in every if one.outcome is Outcome.ANSWERED and one.output is not None]
    declined = sum(one.outcome is Outcome.DECLINED for one in every)
    costs = [one.cost for one in every if one.cost is not None]
    return Summary(
        whole=_part(cases),
        by_split=_parts(cases, lambda result: result.split),
        by_stratum=_parts(cases, lambda result: result.stratum),
        by_scorer=_by_scorer(cases),
        answers=len(every),
        outcomes=dict(Counter(one.outcome.value for one in every).most_common()),
        length=float(median(map(len, answers))) if answers else None,
        words=float(median(map(count_words, answers))) if answers else None,
        refusals=declined + sum(map(says_no, answers)),
        latency=_latency(
            [one.latency_ms for one in every if one.latency_ms is not None and not one.recalled]
        ),
        tokens_in=sum(one.tokens_in for one in every),
        tokens_out=sum(one.tokens_out for one in every),
        cost=sum(costs) if costs else None,
        recalled=sum(one.recalled for one in every),
    )


def case_score(samples: Iterable[Result]) -> float | None:
    """The score of a case, 0 to 1: the mean over its samples; None where none of them has one."""
    return _mean(one.score for one in samples)


def case_passed(samples: Iterable[Result]) -> float | None:
    """The share of a case's samples that passed, 0 to 1; None where nothing says so of any."""
    return _mean(None if one.passed is None else float(one.passed) for one in samples)


Cases = Sequence[Sequence[Result]]
"""The samples of each case."""


def _part(cases: Cases) -> Part:
    from sayso_ingest.analysis.stats.mean import mean_of  # numpy is for who reckons

    scores = [case_score(samples) for samples in cases]
    passed = [case_passed(samples) for samples in cases]
    return Part(len(cases), mean_of(_there(scores)), mean_of(_there(passed)))


def _parts(cases: Cases, name: Callable[[Result], str]) -> dict[str, Part]:
    found: dict[str, list[Sequence[Result]]] = {}
    for samples in cases:
        found.setdefault(name(samples[0]), []).append(samples)
    return {of: _part(found[of]) for of in sorted(found)}


def _by_scorer(cases: Cases) -> dict[str, Mean]:
    from sayso_ingest.analysis.stats.mean import mean_of  # numpy is for who reckons

    found: dict[str, list[float]] = {}
    for samples in cases:
        for scorer in {name for one in samples for name in one.scores}:
            score = _mean(one.scores.get(scorer) for one in samples)
            if score is not None:
                found.setdefault(scorer, []).append(score)
    means = {scorer: mean_of(found[scorer]) for scorer in sorted(found)}
    return {scorer: mean for scorer, mean in means.items() if mean}


def _by(results: Iterable[Result], key: Callable[[Result], str]) -> Cases:
    found: dict[str, list[Result]] = {}
    for result in results:
        found.setdefault(key(result), []).append(result)
    return list(found.values())


def _latency(waited: list[float]) -> Latency | None:
    if not waited:
        return None
    # Twice, so that one value alone has quantiles as well: they are all that value.
    cuts = quantiles(waited if len(waited) > 1 else waited * 2, n=20, method="inclusive")
    return Latency(p50=float(median(waited)), p95=cuts[-1], count=len(waited))


def _mean(values: Iterable[float | None]) -> float | None:
    there = _there(values)
    return fmean(there) if there else None


def _there(values: Iterable[float | None]) -> list[float]:
    return [value for value in values if value is not None]
