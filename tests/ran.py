"""Cases, systems and scorers that tests of runs begin with: plain values, real folders, nothing asked of a network."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from pathlib import Path

from sayso import Prompt
from sayso_ingest import evalsets
from sayso_ingest.evals.prompts import own_messages
from sayso_ingest.evals.runs import Run
from sayso_ingest.evals.runs.carry_out import Carried, carry_out
from sayso_ingest.evals.runs.draft import open_draft
from sayso_ingest.evals.runs.plan import Plan, ran_set
from sayso_ingest.evals.scorers import Score
from sayso_ingest.evals.systems import Answer, Asked
from sayso_ingest.evalsets import EvalCase, Version
from sayso_ingest.models import Outcome, Usage

PROMPT = Prompt(name="answer", text="Answer in one word.", version="3f2a9c1b77aa")


def a_case(number: int, **changed: object) -> EvalCase:
    """Case `number`, written by hand: its expected answer is its number."""
    from dataclasses import replace

    written = evalsets.written_case(f"What is {number}?", expected=str(number), reason="to have one")
    return replace(written, topic=f"topic {number % 3}", **changed)  # type: ignore[arg-type] - fields of a case


def a_version(folder: Path, count: int = 6, *, name: str = "numbers") -> Version:
    """The first version of a set of so many cases."""
    return evalsets.promote(folder, name, [a_case(number) for number in range(count)], note="made for a test")


class Function:
    """A system that is a function of what is asked; counts how often it was."""

    def __init__(self, function: Callable[[Asked], Answer | str], *, name: str = "echo") -> None:
        self._function = function
        self._name = name
        self.asked: list[Asked] = []
        self._lock = threading.Lock()

    @property
    def name(self) -> str:
        return self._name

    @property
    def settings(self) -> Mapping[str, object]:
        return {"kind": "function"}

    def answer(self, asked: Asked) -> Answer:
        with self._lock:
            self.asked.append(asked)
        said = self._function(asked)
        if isinstance(said, Answer):
            return said
        return Answer(Outcome.ANSWERED, said, Usage(len(asked.input), len(said)), latency_ms=1.0)

    def close(self) -> None:
        pass


class Expected:
    """A scorer that takes the expected answer and nothing else."""

    name = "exact"

    def suits(self, case: EvalCase) -> bool:
        return case.expected is not None

    def score(self, case: EvalCase, answer: str) -> Score:
        right = answer == case.expected
        return Score(self.name, float(right), right)


def number_of(asked: Asked) -> str:
    """The right answer to a case of `a_case`."""
    return asked.input.removeprefix("What is ").removesuffix("?")


def a_plan(version: Version, system: Function, *, prompt: Prompt | None = PROMPT, samples: int = 1) -> Plan:
    return Plan(
        set=ran_set(version, "all", version.cases),
        cases=version.cases,
        prompt=prompt,
        render=own_messages,
        system=system,
        scorers=[Expected()],
        samples=samples,
    )


def a_run(
    folder: Path,
    version: Version,
    answer: Callable[[Asked], Answer | str] = number_of,
    *,
    prompt: Prompt | None = PROMPT,
    samples: int = 1,
    now: datetime | None = None,
) -> Run:
    """A finished run of a version, answered by a function."""
    plan, carried = a_plan(version, Function(answer), prompt=prompt, samples=samples), Carried()
    with open_draft(folder, plan, now=now) as draft:
        every = list(carry_out(plan, draft, carried, at_once=2, stopped=threading.Event()))
        assert len(every) == len(version.cases) * samples
        return draft.finish(also=carried.unavailable, now=now)


def wrong_for(cases: Iterable[EvalCase]) -> Callable[[Asked], str]:
    """Answer rightly, but for these cases."""
    wrong = {case.case_id for case in cases}
    return lambda asked: "no idea" if asked.case_id in wrong else number_of(asked)
