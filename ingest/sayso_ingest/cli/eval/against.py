"""What comparing needs beside the runs: the cases of their sets, what traffic is about, what people complained of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sayso_ingest.cli.evalset.common import project_folder
from sayso_ingest.cli.options import say
from sayso_ingest.errors import SaysoError
from sayso_ingest.settings import Settings

if TYPE_CHECKING:
    from sayso_ingest.evals.compare import Comparison, Traffic
    from sayso_ingest.evals.runs import Run
    from sayso_ingest.evalsets import EvalCase


@dataclass(frozen=True, slots=True)
class Met:
    """The cases of the newest version among some runs, and those whose expected answer is another in an older one."""

    cases: tuple[EvalCase, ...]
    changed: frozenset[str]


def read_runs(settings: Settings, names: Sequence[str]) -> list[Run]:
    """Read runs by their names; nothing but whole ones can be compared fairly, so others are told of.

    Raises:
        NotFound: there is no such run.
    """
    from sayso_ingest.evals.runs import read_run

    found = [read_run(project_folder(settings), name) for name in names]
    for run in found:
        if not run.manifest.finished_at:
            say(f"{run.run_id} is not finished: {len(run.results)} answers are compared.")
    return found


def cases_of(settings: Settings, runs: Sequence[Run]) -> Met:
    """The cases that runs met; without texts, and so said, where a version is not there any more."""
    from sayso_ingest import evalsets

    ran = sorted({(run.manifest.set.name, run.manifest.set.version) for run in runs})
    try:
        versions = [evalsets.read(settings.project_folder, name, number) for name, number in ran]
    except SaysoError as error:
        say(f"Questions and expected answers cannot be shown: {error}")
        return Met((), frozenset())
    newest = {case.case_id: case for case in versions[-1].cases}
    changed = {
        case.case_id
        for version in versions[:-1]
        for case in version.cases
        if case.case_id in newest and case.expected != newest[case.case_id].expected
    }
    every = {case.case_id: case for version in versions for case in version.cases}
    return Met(tuple(every.values()), frozenset(changed))


def traffic_of(settings: Settings, cases: Sequence[EvalCase]) -> Traffic | None:
    """Shares of traffic by groups that cases are in; None where nothing has landed, or nothing is common to both."""
    from sayso_ingest.evals.compare import read_traffic
    from sayso_ingest.warehouse import Published, home_of

    try:
        with Published.open(home_of(settings)) as published:
            return read_traffic(published.query, cases)
    except SaysoError:
        return None


def compared(settings: Settings, a: Run, b: Run, *, margin: float) -> Comparison:
    """Compare two runs with all that is known.

    Raises:
        UsageError: they are runs of different sets, or one run twice.
    """
    from sayso_ingest.evals.compare import compare_runs

    met = cases_of(settings, [a, b])
    return compare_runs(
        a,
        b,
        met.cases,
        changed=met.changed,
        traffic=traffic_of(settings, met.cases),
        themes=themes_of(settings, met.cases),
        margin=margin,
    )


def themes_of(settings: Settings, cases: Sequence[EvalCase]) -> dict[str, str]:
    """The theme of what somebody wrote about the interaction of each case, as `sayso themes` gathered it last."""
    from sayso_ingest.mining import read_gathered
    from sayso_ingest.places import gathered_file

    gathered = read_gathered(gathered_file(settings.project_folder))
    if gathered is None:
        return {}
    theme = {comment: one.label for one in gathered.themes for comment in one.members}
    return {
        case.case_id: theme[event] for case in cases for event in case.provenance.event_ids if event in theme
    }
