"""Runs with the scores that a test gives them: plain values, nothing is asked or written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from ran import a_case
from sayso_ingest.evals.runs import Manifest, RanPrompt, RanSet, Result, Run
from sayso_ingest.evalsets import EvalCase
from sayso_ingest.models import Outcome


def cases(count: int, *, topics: int = 3, **changed: object) -> list[EvalCase]:
    """So many cases, in topics of equal size."""
    return [replace(a_case(number, **changed), topic=f"topic {number % topics}") for number in range(count)]


def scored_run(
    version: str,
    cases: Sequence[EvalCase],
    scores: Sequence[float | None],
    *,
    system: str = "small",
    set_name: str = "helpdesk",
    set_version: int = 3,
    scorer: str = "exact",
    outputs: Mapping[int, str | None] | None = None,
    created_at: str = "2026-03-01T00:00:00Z",
) -> Run:
    """A run of prompt answer@version, with a score for each case; None is one that was never answered."""
    results = [
        _result(case, score, scorer, (outputs or {}).get(number, f"answer {number} of {version}"))
        for number, (case, score) in enumerate(zip(cases, scores, strict=True))
    ]
    manifest = Manifest(
        run_id=f"answer-{version}-{system}",
        identity=f"{version} {system}",
        created_at=created_at,
        finished_at=created_at,
        set=RanSet(set_name, set_version, "0" * 64, "all", len(cases)),
        prompt=RanPrompt("answer", version, f"{version:x<64}"),
        system={"kind": "model", "name": system},
        samples=1,
        seed=0,
        scorers=(scorer,),
        code={"sayso": "0"},
    )
    return Run(manifest, tuple(sorted(results, key=lambda one: one.case_id)), "text", Path())


def _result(case: EvalCase, score: float | None, scorer: str, output: str | None) -> Result:
    return Result(
        case_id=case.case_id,
        sample=0,
        split=case.split,
        stratum=case.stratum,
        topic=case.topic,
        outcome=Outcome.UNAVAILABLE if score is None else Outcome.ANSWERED,
        output=output,
        scorer=None if score is None else scorer,
        score=score,
        passed=None if score is None else score >= 0.5,
        scores={} if score is None else {scorer: score},
    )
