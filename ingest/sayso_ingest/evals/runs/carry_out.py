"""Carrying a plan out: each case is asked, answered and scored, many at once, and kept as it comes."""

from __future__ import annotations

import threading
from collections.abc import Generator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import Final

from sayso_ingest.evals.runs.draft import Draft
from sayso_ingest.evals.runs.plan import Job, Plan
from sayso_ingest.evals.runs.result import OWN_FAULT, Result
from sayso_ingest.evals.scorers import Score, Scorer
from sayso_ingest.evals.systems import Answer
from sayso_ingest.evalsets import EvalCase
from sayso_ingest.models import Outcome, Price, together

MAY_STILL_COME = frozenset({Outcome.UNAFFORDABLE, Outcome.STOPPED})
"""What the same run asks again when it goes on."""


@dataclass(slots=True)
class Carried:
    """What came of carrying a plan out, so far."""

    missing: int = 0
    """Answers or scores for which there was no budget, or no time."""
    unavailable: list[Result] = field(default_factory=list)
    """What the system did not answer in all attempts: final where nothing is missing, else asked again."""

    @property
    def is_whole(self) -> bool:
        """Whether every case has what it will get."""
        return not self.missing


def carry_out(
    plan: Plan,
    draft: Draft,
    carried: Carried,
    *,
    at_once: int,
    stopped: threading.Event,
    price: Price | None = None,
) -> Generator[Result, None, None]:
    """Ask for all that is not there yet, and yield each result as it comes.

    Raises:
        ModelError: what answers, or a judge, would answer nothing at all; what came before that is kept.
        UsageError: the prompt cannot be rendered for a case.
    """
    todo = [job for job in plan.jobs() if (job[0].case_id, job[1]) not in draft.known]
    carried.missing = len(todo)
    worker = _Worker(plan, price)
    with closing(together(todo, worker.work, at_once=at_once, stopped=stopped)) as done:
        for _, result in done:
            if result is None:
                continue
            carried.missing -= 1
            if result.outcome is Outcome.UNAVAILABLE:
                carried.unavailable.append(result)
            else:
                draft.add(result)
            yield result


class _Worker:
    """Does one job after the other, in several threads."""

    def __init__(self, plan: Plan, price: Price | None) -> None:
        self._plan: Final = plan
        self._price: Final = price

    def work(self, job: Job) -> Result | None:
        """The result of a job; None where it may still come."""
        case, sample = job
        answer = self._plan.system.answer(self._plan.asked(job))
        if answer.outcome in MAY_STILL_COME:
            return None
        suiting = [scorer for scorer in self._plan.scorers if scorer.suits(case)]
        scores = _scores(suiting, case, answer)
        if any(score.pending for score in scores):
            return None
        first = scores[0] if scores else None
        return Result(
            case_id=case.case_id,
            sample=sample,
            split=case.split,
            stratum=case.stratum,
            topic=case.topic,
            outcome=answer.outcome,
            output=answer.text,
            scorer=first.scorer if first else None,
            score=first.value if first else None,
            passed=first.passed if first else None,
            scores={score.scorer: score.value for score in scores},
            why=first.why if first else "",
            problem=answer.problem,
            latency_ms=answer.latency_ms,
            tokens_in=answer.usage.tokens_in,
            tokens_out=answer.usage.tokens_out,
            cost=self._cost(answer),
            recalled=answer.recalled,
        )

    def _cost(self, answer: Answer) -> float | None:
        if answer.usage.cost is not None:
            return answer.usage.cost
        return self._price.of(answer.usage) if self._price else None


def _scores(scorers: Sequence[Scorer], case: EvalCase, answer: Answer) -> list[Score]:
    """What scorers make of an answer; a system's own fault is worth nothing, whoever scores."""
    if answer.outcome in OWN_FAULT:
        return [Score(scorer.name, 0.0, passed=False) for scorer in scorers]
    return (
        [scorer.score(case, answer.text) for scorer in scorers] if answer.outcome is Outcome.ANSWERED else []
    )
