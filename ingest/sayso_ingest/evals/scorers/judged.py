"""Scoring by another model: by a rubric, or beside another answer to the same question."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from sayso_ingest.evals.scorers.scorer import PASSED, Score
from sayso_ingest.evalsets import EvalCase
from sayso_ingest.judge import (
    TIE,
    Asking,
    Candidate,
    Graded,
    Judgement,
    Material,
    Rubric,
    judge,
    turns_before,
)
from sayso_ingest.models import ChatModel, Outcome

PRODUCTION = "production"
"""What results call the answers that production gave to the cases."""
_ANSWER, _BASELINE = "answer", "baseline"
_WORTH = {_ANSWER: 1.0, TIE: 0.5, _BASELINE: 0.0}
_MAY_STILL_COME = frozenset({Outcome.UNAFFORDABLE, Outcome.STOPPED})


class ByRubric:
    """The score of the label that a judge gives by a rubric; it is shown the expected answer where there is one."""

    def __init__(self, model: ChatModel, rubric: Rubric, *, asking: Asking | None = None) -> None:
        """What the judge may cost is in the budget of its model."""
        self._model: Final = model
        self._rubric: Final = rubric
        self._asking: Final = asking or Asking()
        self.name: Final = f"judge:{_named(rubric, model, self._asking)}"

    def suits(self, case: EvalCase) -> bool:
        """Whether there is a question to its answer."""
        return bool(case.input.strip())

    def score(self, case: EvalCase, answer: str) -> Score:
        """Ask; a label without a score, or what stands in the way of one, is no score, and why says so.

        Raises:
            ModelError: its endpoint would answer nothing at all.
        """
        graded = judge(self._model, self._rubric, _material(case, answer), self._asking)
        made = graded.judgement
        if made is None:
            return _unscored(self.name, graded)
        if made.score is None:
            return Score(self.name, None, None, f"{made.label}, which has no score. {made.rationale}".strip())
        # Above the middle, as everywhere where labels of rubrics are read: half a score says neither.
        return Score(self.name, made.score, made.score > PASSED, made.rationale)


class BesideBaseline:
    """1 where a judge prefers the answer to another one in both orders, 0 where the other, else a half."""

    def __init__(
        self,
        model: ChatModel,
        rubric: Rubric,
        *,
        asking: Asking | None = None,
        baseline: Mapping[str, str] | None = None,
        against: str = PRODUCTION,
    ) -> None:
        """`baseline` holds the other answers by case, and `against` names them; without it they are production's."""
        self._model: Final = model
        self._rubric: Final = rubric
        self._asking: Final = replace(asking or Asking(), pairs=True)
        self._baseline: Final = baseline
        self.name: Final = f"pairwise:{_named(rubric, model, self._asking)}:{against}"

    def suits(self, case: EvalCase) -> bool:
        """Whether there is a question, and another answer to it."""
        return bool(case.input.strip() and self._other(case).strip())

    def score(self, case: EvalCase, answer: str) -> Score:
        """Ask in both orders; orders that disagree are a tie, and two answers that are the same are not asked about.

        Raises:
            ModelError: its endpoint would answer nothing at all.
        """
        other = self._other(case)
        if answer.strip() == other.strip():
            return self._scored(TIE, "Both answers are the same.")
        candidates = (Candidate(_ANSWER, answer), Candidate(_BASELINE, other))
        graded = judge(self._model, self._rubric, _material(case, answer, candidates), self._asking)
        if graded.judgement is None:
            return _unscored(self.name, graded)
        return self._scored(graded.judgement.label, _reason(graded.judgement))

    def _scored(self, label: str, why: str) -> Score:
        value = _WORTH[label]
        return Score(self.name, value, value >= PASSED, why)

    def _other(self, case: EvalCase) -> str:
        return (case.output if self._baseline is None else self._baseline.get(case.case_id)) or ""


def _named(rubric: Rubric, model: ChatModel, asking: Asking) -> str:
    """All that decides what is said: scores of two judges are not the same thing."""
    return f"{rubric.id}:{model.name}" + (f":{asking.samples}" if asking.samples > 1 else "")


def _material(case: EvalCase, answer: str, candidates: tuple[Candidate, ...] = ()) -> Material:
    """What the application tells its model is left out: it is what is tried."""
    turns = [turn for turn in case.input_messages or () if turn.get("role") not in ("system", "developer")]
    return Material(
        target=case.case_id,
        occurred_at=datetime.now(UTC),
        question=case.input,
        conversation=turns_before(case.input, turns),
        contexts=(),
        answer=answer,
        candidates=candidates,
        reference=(case.expected or "").strip(),
    )


def _reason(made: Judgement) -> str:
    if made.label == TIE and not made.meta["consistent"]:
        return "The judge decides otherwise in the other order: a tie."
    return made.rationale


def _unscored(name: str, graded: Graded) -> Score:
    hindrance = graded.hindrance or Outcome.EMPTY
    why = f"The judge gave no verdict ({hindrance}): {graded.problem}"
    return Score(name, None, None, why, pending=hindrance in _MAY_STILL_COME)
