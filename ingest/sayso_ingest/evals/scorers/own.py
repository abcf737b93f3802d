"""Scoring by a function of the user's own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from numbers import Real
from typing import Any, Final, TypeAlias

from sayso_ingest.errors import UsageError
from sayso_ingest.evals.scorers.scorer import PASSED, Score
from sayso_ingest.evalsets import EvalCase
from sayso_ingest.event import JSON
from sayso_ingest.models import find_function

Function: TypeAlias = Callable[[dict[str, JSON]], Any]
RETURNS = "Return a number from 0 to 1, True or False, None, or a dict with `score`, and perhaps `passed` and `why`."


class OwnScorer:
    """Hands each answer to a function: {input, output, expected, variables, case_id}, `output` being the answer.

    It returns a number from 0 to 1, a bool, None where it cannot say, or a dict {score, passed, why}. Many threads may
    call it at once.
    """

    def __init__(self, name: str, function: Function) -> None:
        """`name` is what results call it."""
        self.name: Final = name
        self._function: Final = function

    @classmethod
    def named(cls, name: str) -> OwnScorer:
        """Find `module:function`, in the current folder too.

        Raises:
            UsageError: there is none, or it cannot be imported.
        """
        return cls(name, find_function(name, example="checks:polite"))

    def suits(self, case: EvalCase) -> bool:  # noqa: ARG002 - as the other scorers
        """Every case: it is the function that says None where it cannot say."""
        return True

    def score(self, case: EvalCase, answer: str) -> Score:
        """Call it.

        Raises:
            UsageError: it fails, or returns something else; a function that is wrong is mended, and the run goes on.
        """
        asked = {
            "input": case.input,
            "output": answer,
            "expected": case.expected,
            "variables": case.variables,
            "case_id": case.case_id,
        }
        try:
            returned = self._function(asked)
        except Exception as error:
            raise UsageError(
                f"{self.name} failed on case {case.case_id} ({type(error).__name__}: {error}). Mend it, and run the "
                "same again: what is answered is kept."
            ) from error
        return self._read(returned, case)

    def _read(self, returned: Any, case: EvalCase) -> Score:
        told: Mapping[Any, Any] = returned if isinstance(returned, Mapping) else {"score": returned}
        try:
            if "score" not in told or told.keys() - {"score", "passed", "why"}:
                raise ValueError("these names: " + ", ".join(map(str, told)))
            value = _value(told["score"])
            passed = _truth(told.get("passed"))
            why = told.get("why") or ""
            if not isinstance(why, str):
                raise ValueError(f"as `why` a {type(why).__name__}")
        except ValueError as error:
            raise UsageError(f"{self.name} returned {error}, for case {case.case_id}. {RETURNS}") from error
        return Score(self.name, value, _passes(value) if passed is None else passed, why)


def _value(score: Any) -> float | None:
    score = _plain(score)
    if score is None:
        return None
    if not isinstance(score, Real):
        raise ValueError(f"a {type(score).__name__}")
    value = float(score)
    if not 0 <= value <= 1:
        raise ValueError(f"{value:g}")
    return value


def _truth(passed: Any) -> bool | None:
    passed = _plain(passed)
    if passed is not None and not isinstance(passed, bool):
        raise ValueError(f"as `passed` a {type(passed).__name__}")
    return passed


def _passes(value: float | None) -> bool | None:
    return None if value is None else value >= PASSED


def _plain(value: Any) -> Any:
    """What numpy holds, as Python has it: comparing two of its arrays gives a truth that is no bool."""
    item = getattr(value, "item", None)
    return item() if callable(item) else value
