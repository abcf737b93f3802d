"""The cases that two runs both scored in the same way, and those that are left out, with why."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from sayso_ingest.evals.runs import Result, Run
from sayso_ingest.evals.runs.summary import case_score
from sayso_ingest.evalsets import EvalCase, Split
from sayso_ingest.mining import Stratum

ERASED = "(erased)"


class LeftOut(StrEnum):
    """Why a case does not count."""

    ONLY_A = "only the first run has it"
    ONLY_B = "only the second run has it"
    EXPECTED = "its expected answer changed between the versions"
    UNSCORED_A = "the first run has no score for it, through no fault of what answers"
    UNSCORED_B = "the second run has no score for it, through no fault of what answers"
    SCORERS = "the runs scored it in different ways"


@dataclass(frozen=True, slots=True)
class Side:
    """What one run made of a case: its mean score over the samples, the first answer, and why it has that score.

    The answer and the reasons are those of the sample that scored worst; None where they were erased.
    """

    score: float
    output: str | None
    why: str | None


@dataclass(frozen=True, slots=True)
class Pair:
    """A case that both runs scored. The question is None where the set has it no longer."""

    case_id: str
    split: Split
    stratum: Stratum
    topic: str
    input: str | None
    expected: str | None
    a: Side
    b: Side

    @property
    def difference(self) -> float:
        """The score of the second less that of the first."""
        return self.b.score - self.a.score


def pair_up(
    a: Run, b: Run, cases: Iterable[EvalCase], *, changed: Collection[str] = ()
) -> tuple[tuple[Pair, ...], Mapping[LeftOut, tuple[str, ...]]]:
    """The pairs, by case id, and the ids of all other cases by why they do not count.

    `changed` are cases whose expected answer is not the same in the versions that were run.
    """
    known = {case.case_id: case for case in cases}
    ones, others = a.by_case(), b.by_case()
    pairs: list[Pair] = []
    left: dict[LeftOut, list[str]] = {}
    for case_id in sorted({*ones, *others}):
        one, other = ones.get(case_id), others.get(case_id)
        if why := _left_out(one, other, changed=case_id in changed):
            left.setdefault(why, []).append(case_id)
        elif one and other:
            pairs.append(_pair(one, other, known.get(case_id)))
    return tuple(pairs), {why: tuple(left[why]) for why in LeftOut if why in left}


Samples = tuple[Result, ...]


def _left_out(one: Samples | None, other: Samples | None, *, changed: bool) -> LeftOut | None:
    if one is None:
        return LeftOut.ONLY_B
    if other is None:
        return LeftOut.ONLY_A
    if changed:
        return LeftOut.EXPECTED
    if case_score(one) is None:
        return LeftOut.UNSCORED_A
    if case_score(other) is None:
        return LeftOut.UNSCORED_B
    return LeftOut.SCORERS if _scorers(one) != _scorers(other) else None


def _scorers(samples: Samples) -> set[str | None]:
    return {one.scorer for one in samples if one.score is not None}


def _pair(one: Samples, other: Samples, case: EvalCase | None) -> Pair:
    first = other[0]
    return Pair(
        case_id=first.case_id,
        split=first.split,
        stratum=first.stratum,
        topic=case.topic if case else first.topic,
        input=case.input if case else None,
        expected=case.expected if case else None,
        a=_side(one),
        b=_side(other),
    )


def _side(samples: Samples) -> Side:
    worst = min(samples, key=lambda one: 2.0 if one.score is None else one.score)
    return Side(case_score(samples) or 0.0, worst.output, worst.why)
