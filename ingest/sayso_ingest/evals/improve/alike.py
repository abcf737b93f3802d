"""Another prompt is run as one was before: the same cases, answered by the same model and scored the same way."""

from __future__ import annotations

from collections.abc import Sequence

from sayso import Prompt

from sayso_ingest.errors import UsageError
from sayso_ingest.evals.prompts import Template
from sayso_ingest.evals.runs import Run
from sayso_ingest.evals.runs.plan import Plan
from sayso_ingest.evals.scorers import Means, Scorer, build_scorers
from sayso_ingest.evals.systems import ModelSystem
from sayso_ingest.evalsets import EvalCase
from sayso_ingest.models import ChatModel


def plan_like(run: Run, cases: Sequence[EvalCase], prompt: Prompt, model: ChatModel) -> Plan | None:
    """Plan a run of another prompt that differs from this one by the prompt alone; None where that cannot be.

    It cannot where something else than this model answered, or where it takes more than its name to make a scorer
    again: the rubric of a judge, for instance.

    Raises:
        UsageError: the prompt cannot be rendered for a case.
    """
    manifest = run.manifest
    scorers = _scorers(manifest.scorers)
    if manifest.system["kind"] != "model" or scorers is None:
        return None
    system = ModelSystem(
        model,
        temperature=manifest.system["temperature"],
        seed=manifest.seed,
        max_tokens=manifest.system["max_tokens"],
        samples=manifest.samples,
    )
    if {"name": system.name, **system.settings} != dict(manifest.system):
        return None
    render, ran = Template(prompt).messages, run.by_case()
    asked = tuple(case for case in cases if case.case_id in ran)
    for case in asked:
        render(case)
    return Plan(manifest.set, asked, prompt, render, system, scorers, manifest.samples, manifest.seed)


def _scorers(names: Sequence[str]) -> Sequence[Scorer] | None:
    """The scorers of a run; None where these are not all to be had by their names."""
    try:
        for built in (build_scorers([], Means()), build_scorers(names, Means())):
            if [one.name for one in built] == list(names):
                return built
    except UsageError:
        return None
    return None
