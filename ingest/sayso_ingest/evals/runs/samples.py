"""What several samples of each case are good for: what is won by taking the one that most agree on, or the best.

Pure: results in, frozen values out. What is compared is the score of the sample that would be taken with the mean over
a case's samples, which is what taking one of them would be worth, by case.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import TypeAlias

from sayso_ingest.analysis.stats.paired import Paired, compare_paired
from sayso_ingest.evals.runs.result import Result
from sayso_ingest.evals.runs.summary import case_score
from sayso_ingest.evals.scorers.likeness import overlap
from sayso_ingest.mining import normalise
from sayso_ingest.models import Outcome

CONSISTENCY = "self-consistency"
BEST = "best of n"
JUDGES = "judge:"
"""What the names of scorers begin with that may pick the best sample."""
OPTIMISTIC = (
    "The judge that picks the sample also scores it: whatever it says by chance counts in favour, and the true gain is "
    "smaller. Score with something else, or hold the judge against people (sayso judge)."
)
Pick: TypeAlias = Callable[[Sequence[Result]], Result | None]
"""Takes one of a case's samples; None where nothing tells them apart, or nobody knows any more."""


@dataclass(frozen=True, slots=True)
class Gain:
    """What a way of taking one of several samples adds, over the cases where it could be told.

    `compared` has taking any sample as `a` and the way as `b`, paired by case; None of fewer than two cases.
    """

    way: str
    by: str
    """The scorer that picks; empty where the samples themselves do."""
    cases: int
    samples: float
    """Samples of a case, on average."""
    compared: Paired | None
    cost_one: float | None
    """Money for one sample of each of these cases; None where nobody says. What a judge costs is not in it."""
    cost_all: float | None
    """Money for all their samples."""
    warning: str = ""
    """Why the figure is not to be believed as it is, where it is not."""


def gains(results: Iterable[Result]) -> tuple[Gain, ...]:
    """What several samples add: by self-consistency, then by the best of n for each judge that scored them.

    Self-consistency: Wang et al. (2023), "Self-consistency improves chain of thought reasoning", ICLR; for free text
    the sample that is most like the others, as in minimum Bayes risk decoding (Kumar and Byrne 2004). There are none
    where each case has one sample.
    """
    by_case: dict[str, list[Result]] = {}
    for result in sorted(results, key=lambda one: (one.case_id, one.sample)):
        by_case.setdefault(result.case_id, []).append(result)
    several = {case_id: samples for case_id, samples in by_case.items() if len(samples) > 1}
    if not several:
        return ()
    judges = sorted({name for some in several.values() for one in some for name in one.scores})
    found = [_gain(CONSISTENCY, "", several, _agreed)]
    for name in judges:
        if name.startswith(JUDGES):
            found.append(_gain(BEST, name, several, _best_by(name)))
    return tuple(found)


def consensus(texts: Sequence[str]) -> int:
    """Which of several texts (at least one) most agree on.

    It is the first of those that are the same, normalised, and more than of any other; where no text comes more often
    than the others, as with free text, the one that has most words in common with all the others.
    """
    said = [normalise(text) for text in texts]
    (most, times), *others = Counter(said).most_common(2)
    if times > 1 and (not others or others[0][1] < times):
        return said.index(most)
    likeness = [sum(overlap(one, other) for other in texts) for one in texts]
    return likeness.index(max(likeness))


def _gain(way: str, by: str, several: Mapping[str, Sequence[Result]], pick: Pick) -> Gain:
    taken = [
        (samples, one.score, any_one, one.scorer)
        for samples in several.values()
        if (one := pick(samples)) and one.score is not None and (any_one := case_score(samples)) is not None
    ]
    costs = [[one.cost for one in samples] for samples, *_ in taken]
    known = [[cost for cost in some if cost is not None] for some in costs]
    priced = bool(known) and known == costs
    return Gain(
        way=way,
        by=by,
        cases=len(taken),
        samples=fmean(len(samples) for samples, *_ in taken) if taken else 0.0,
        compared=compare_paired([any_one for _, _, any_one, _ in taken], [score for _, score, *_ in taken]),
        cost_one=sum(fmean(some) for some in known) if priced else None,
        cost_all=sum(map(sum, known)) if priced else None,
        warning=OPTIMISTIC if by and any(scorer == by for *_, scorer in taken) else "",
    )


def _agreed(samples: Sequence[Result]) -> Result | None:
    """A sample without an answer has no say; an answer that was erased cannot be held beside the others any more."""
    answered = [one for one in samples if one.outcome is Outcome.ANSWERED]
    texts = [one.output for one in answered if one.output is not None]
    if len(texts) < len(answered):
        return None
    return answered[consensus(texts)] if texts else samples[0]


def _best_by(name: str) -> Pick:
    def best(samples: Sequence[Result]) -> Result | None:
        known = [(score, one) for one in samples if (score := one.scores.get(name)) is not None]
        return max(known, key=lambda pair: pair[0])[1] if len(known) > 1 else None

    return best
