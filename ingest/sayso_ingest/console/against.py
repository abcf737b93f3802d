"""Runs beside each other with all that is known: the cases they met, traffic, and what people complained of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from sayso_ingest import evalsets
from sayso_ingest.console import runs
from sayso_ingest.console.copy import copy
from sayso_ingest.console.sets import folder
from sayso_ingest.console.walking import Stop, stops_between
from sayso_ingest.errors import SaysoError
from sayso_ingest.evals.runs import Manifest
from sayso_ingest.evalsets import EvalCase
from sayso_ingest.mining import read_gathered
from sayso_ingest.places import gathered_file

if TYPE_CHECKING:  # what reckons needs numpy, and is imported when somebody compares
    from sayso_ingest.evals.compare import Choices, Comparison, Table, Traffic


@dataclass(frozen=True, slots=True)
class Met:
    """The cases that runs met, by id, and those whose expected answer is another in the newest version.

    `missing` says why there are none, where their versions cannot be read.
    """

    cases: Mapping[str, EvalCase]
    changed: frozenset[str] = frozenset()
    missing: str = ""


def met_by(*manifests: Manifest) -> Met:
    """Read the cases of the versions that were run; of one in several, the newest."""
    known: dict[str, EvalCase] = {}
    changed: set[str] = set()
    problem = ""
    for manifest in sorted(manifests, key=lambda one: one.set.version):
        found, missing = runs.cases_of(manifest)
        changed |= {one for one in known.keys() & found.keys() if known[one].expected != found[one].expected}
        known |= found
        problem = problem or missing
    return Met(known, frozenset(changed), problem)


def compared(a: Manifest, b: Manifest) -> Comparison:
    """Compare run b with run a.

    Raises:
        UsageError: they are of different sets, or one run twice.
        SaysoError: one cannot be read.
    """
    met = met_by(a, b)
    key = ("runs", *((one.run_id, one.results_sha256) for one in (a, b)), tuple(_versions(a, b)))
    every = tuple(met.cases.values())

    def make() -> Comparison:
        from sayso_ingest.evals.compare import compare_runs

        return compare_runs(
            runs.run_of(a),
            runs.run_of(b),
            every,
            changed=met.changed,
            traffic=_traffic(every),
            themes=_themes(every),
        )

    finished = a.results_sha256 and b.results_sha256
    return copy().keep(key, make) if finished else make()


def stops_on(a: Manifest, b: Manifest) -> Sequence[Stop]:
    """The cases of both runs, as somebody walks through them from page to page: those of finished ones are kept.

    Raises:
        SaysoError: one cannot be read.
    """
    changed = met_by(a, b).changed
    if not a.results_sha256 or not b.results_sha256:
        return stops_between(runs.run_of(a), runs.run_of(b), changed=changed)
    return _stops_once((folder(), a.run_id, a.results_sha256), (b.run_id, b.results_sha256), changed)


@lru_cache(maxsize=4)
def _stops_once(
    first: tuple[Path, str, str], second: tuple[str, str], changed: frozenset[str]
) -> Sequence[Stop]:
    """Only the hashes tell a run that somebody was erased from."""
    a, b = (runs.run_of(runs.manifest_of(run_id)) for run_id in (first[1], second[0]))
    return stops_between(a, b, changed=changed)


def compared_many(manifests: Sequence[Manifest]) -> Table:
    """Compare runs with the first of them, corrected for how many they are.

    Raises:
        UsageError: they are of different sets, or one run twice.
        SaysoError: one cannot be read.
    """
    met = met_by(*manifests)
    key = (
        "many runs",
        *((one.run_id, one.results_sha256) for one in manifests),
        tuple(_versions(*manifests)),
    )

    def make() -> Table:
        from sayso_ingest.evals.compare import compare_many

        found = [runs.run_of(one) for one in manifests]
        return compare_many(found, met.cases.values(), changed=met.changed)

    return copy().keep(key, make)


def choices_of(a: Manifest, b: Manifest) -> Choices:
    """How often the version that run b met was used to choose."""
    from sayso_ingest.evals.compare import choices_by

    two = (runs.run_of(a), runs.run_of(b))
    return choices_by(b.set.name, b.set.version, runs.every_manifest(), two)


def _versions(*manifests: Manifest) -> list[tuple[int, str]]:
    """The versions that were run, as they are now: a case may have been erased from one."""
    numbers = {one.set.version for one in manifests}
    try:
        known = evalsets.summaries(folder(), manifests[0].set.name)
    except SaysoError:
        return []
    return [(one.number, one.sha256) for one in known if one.number in numbers]


def _traffic(cases: Sequence[EvalCase]) -> Traffic | None:
    from sayso_ingest.evals.compare import read_traffic

    try:
        return read_traffic(copy().open().query, cases)
    except SaysoError:
        return None  # nothing is published, or that takes too long: without it the comparison is one of the cases


def _themes(cases: Sequence[EvalCase]) -> dict[str, str]:
    """The theme of what somebody wrote about the answer that a case comes from, as it was gathered last."""
    gathered = read_gathered(gathered_file(folder()))
    theme = {comment: one.label for one in (gathered.themes if gathered else ()) for comment in one.members}
    return {
        case.case_id: theme[event] for case in cases for event in case.provenance.event_ids if event in theme
    }
