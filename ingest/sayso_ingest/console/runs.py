"""Runs of eval sets as pages read them: which there are, what they come to, their cases, and what was said near one."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from flask import abort

from sayso_ingest import evalsets
from sayso_ingest.console.copy import copy
from sayso_ingest.console.sets import folder
from sayso_ingest.errors import NotFound, SaysoError
from sayso_ingest.evals.runs import Manifest, Result, Run, open_run, read_manifest, run_folder, runs_of
from sayso_ingest.evals.runs.summary import Summary, summarise
from sayso_ingest.evalsets import EvalCase

if TYPE_CHECKING:
    from sayso_ingest.evals.improve import Around

KEPT = 12
"""Runs that are held in memory, whole."""
LOOKED_AT = 10
"""Runs in which one case is looked for."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A run in a list, with what it comes to so far; without figures where it cannot be read, and then why."""

    manifest: Manifest
    summary: Summary | None
    problem: str = ""

    @property
    def finished(self) -> bool:
        """Whether all of it was asked."""
        return self.manifest.finished_at is not None

    @property
    def when(self) -> datetime:
        """When it ended, or began where it has not: UTC, naive, as the warehouse has it."""
        return moment(self.manifest.finished_at or self.manifest.created_at)


def every_manifest() -> list[Manifest]:
    """The manifests of all runs, newest first."""
    return runs_of(folder())[::-1]


def manifest_of(run_id: str) -> Manifest:
    """The manifest of one run; what there is not is answered with 404."""
    found = next((one for one in runs_of(folder()) if one.run_id == run_id), None)
    if found is None:
        abort(404, f"There is no run {run_id}. Runs lists those there are.")
    return found


def listed(manifest: Manifest) -> Listed:
    """A run with its figures."""
    try:
        if manifest.results_sha256:
            return Listed(manifest, _summary_once(folder(), manifest.run_id, manifest.results_sha256))
        return Listed(manifest, summarise(open_run(folder(), manifest).results))
    except SaysoError as error:
        return Listed(manifest, None, str(error))


def run_of(manifest: Manifest) -> Run:
    """A run, whole; one that is not finished as far as it got."""
    if manifest.results_sha256:
        return _run_once(folder(), manifest.run_id, manifest.results_sha256)
    return open_run(folder(), manifest)


def cases_of(manifest: Manifest) -> tuple[Mapping[str, EvalCase], str]:
    """The cases of the version that was run, by id; where it cannot be read, none, and why."""
    ran = manifest.set
    try:
        known = {one.number: one.sha256 for one in evalsets.summaries(folder(), ran.name)}
        return _cases_once(folder(), ran.name, ran.version, known.get(ran.version, "")), ""
    except SaysoError as error:
        return {}, str(error)


def came_of(name: str, case_id: str) -> list[tuple[Manifest, tuple[Result, ...]]]:
    """What came of a case in the newest runs of its set that have it, newest first; what cannot be read is left out."""
    found = []
    for manifest in [one for one in every_manifest() if one.set.name == name][:LOOKED_AT]:
        with suppress(SaysoError):
            results = run_of(manifest).by_case().get(case_id)
            if results:
                found.append((manifest, results))
    return found


def around(case: EvalCase) -> Around | None:
    """What people said in production of answers to questions like this one; None where nothing is published."""
    from sayso_ingest.evals.improve import Feedback

    try:
        published = copy().open()
        feedback = copy().keep("feedback", lambda: Feedback.read(published.query))
        return feedback.nearest(published.query, case)
    except NotFound:
        return None


def moment(stamped: str) -> datetime:
    """A time of a manifest as the warehouse has times: UTC, naive."""
    return datetime.fromisoformat(stamped).replace(tzinfo=None)


@lru_cache(maxsize=500)
def _summary_once(project: Path, run_id: str, sha256: str) -> Summary:  # noqa: ARG001
    """A finished run never changes, unless somebody is erased from it: `sha256` tells that."""
    return summarise(open_run(project, read_manifest(run_folder(project) / run_id)).results)


@lru_cache(maxsize=KEPT)
def _run_once(project: Path, run_id: str, sha256: str) -> Run:  # noqa: ARG001
    return open_run(project, read_manifest(run_folder(project) / run_id))


@lru_cache(maxsize=4)
def _cases_once(project: Path, name: str, number: int, sha256: str) -> Mapping[str, EvalCase]:  # noqa: ARG001
    """The same of a version: `sha256` is that of its cases now, which may have lost some since the run."""
    return {case.case_id: case for case in evalsets.read(project, name, number).cases}
