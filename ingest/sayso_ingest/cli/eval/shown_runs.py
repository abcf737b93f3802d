"""Runs are looked at: which there are, what came of each case, and one case in full."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import click

from sayso_ingest.cli.evalset.common import SHORT_ID, project_folder
from sayso_ingest.cli.options import Command, say, with_settings
from sayso_ingest.cli.output import format_option, write_json, write_rows
from sayso_ingest.cli.terminal import clean
from sayso_ingest.errors import NotFound, SaysoError, UsageError
from sayso_ingest.settings import Settings

if TYPE_CHECKING:
    from sayso_ingest.evals.runs import Manifest, Result, Run
    from sayso_ingest.evalsets import EvalCase

LABEL = 12
"""Characters that the name of a field takes."""


@click.command(
    "list",
    cls=Command,
    short_help="List the runs of eval sets.",
    examples="""
    sayso eval list
    sayso eval list --set helpdesk --format json
    """,
)
@with_settings()
@click.option("--set", "name", metavar="NAME", help="Only the runs of this set.")
@format_option()
def list_(settings: Settings, name: str | None, format: str) -> None:
    """List the runs, oldest first, also those that are not finished: the same command goes on with them."""
    from sayso_ingest.evals.runs import runs_of

    found = [one for one in runs_of(project_folder(settings)) if name in (None, one.set.name)]
    if not found:
        say(f"No run {f'of {name} ' if name else ''}yet.")
    if found or format != "table":
        columns = ["run", "set", "split", "prompt", "answered by", "cases", "passed", "created_at", "state"]
        write_rows(columns, [_summary(one) for one in found], format=format)


def _summary(manifest: Manifest) -> list[Any]:
    ran, prompt, totals = manifest.set, manifest.prompt, manifest.totals
    return [
        *(manifest.run_id, f"{ran.name} v{ran.version}", ran.split),
        f"{prompt.name}@{prompt.version}" if prompt else None,
        *(manifest.system["name"], ran.cases, totals.get("passed"), manifest.created_at),
        "finished" if manifest.finished_at else "not finished",
    ]


@click.command(
    cls=Command,
    short_help="Show what came of each case of a run, or of one in full.",
    examples="""
    sayso eval show latest
    sayso eval show answer-3f2a --format jsonl
    sayso eval show latest 1f0c9d2ab345
    """,
)
@with_settings()
@click.argument("run")
@click.argument("case", required=False)
@format_option()
def show(settings: Settings, run: str, case: str | None, format: str) -> None:
    """Show a run, named by its id, the beginning of it, or `latest`; of one CASE the question and every answer."""
    from sayso_ingest.evals.runs import read_run

    found = read_run(project_folder(settings), run)
    cases = _cases(settings, found.manifest)
    if case is None:
        if format == "table":
            for name, text in _account(found.manifest):
                _field(name, text)
            click.echo()
        _write_results(found.results, cases, format)
        return
    results = _results_of(found, case)
    if format == "table":
        _show_case(results, cases.get(results[0].case_id))
    elif format == "json":
        known = cases.get(results[0].case_id)
        write_json({"case": known.row() if known else None, "results": [one.row() for one in results]})
    else:
        _write_results(results, cases, format)


COMMANDS = [list_, show]


def _cases(settings: Settings, manifest: Manifest) -> dict[str, EvalCase]:
    """The cases of the set that was run, by id; none where it is not there any more, and that is said."""
    from sayso_ingest import evalsets

    try:
        version = evalsets.read(settings.project_folder, manifest.set.name, manifest.set.version)
    except SaysoError as error:
        say(f"The questions cannot be shown: {error}")
        return {}
    return {case.case_id: case for case in version.cases}


def _account(manifest: Manifest) -> Iterator[tuple[str, str]]:
    ran, prompt = manifest.set, manifest.prompt
    yield "run", manifest.run_id
    yield "set", f"{ran.name} v{ran.version}, {ran.cases} cases ({ran.split})"
    if prompt:
        commit = f", commit {prompt.commit}{' and changes' if prompt.dirty else ''}" if prompt.commit else ""
        yield "prompt", f"{prompt.name}@{prompt.version}{commit}"
    yield "answered by", str(manifest.system["name"])
    yield "scored by", ", ".join(manifest.scorers)
    yield "totals", ", ".join(f"{name} {value}" for name, value in manifest.totals.items())
    yield "created_at", manifest.created_at
    yield "state", "finished" if manifest.finished_at else "not finished: the same command goes on with it"
    yield "note", manifest.note


def _write_results(results: Sequence[Result], cases: dict[str, EvalCase], format: str) -> None:
    columns = [
        *("case", "sample", "split", "stratum", "topic", "outcome", "score", "passed", "input", "output"),
        *("scorer", "why"),
    ]
    rows = [
        [
            *(one.case_id[:SHORT_ID], one.sample, one.split, one.stratum, one.topic, str(one.outcome)),
            *(one.score, one.passed, case.input if (case := cases.get(one.case_id)) else None, one.output),
            *(one.scorer, one.why),
        ]
        for one in results
    ]
    write_rows(columns, rows, format=format)


def _results_of(run: Run, case: str) -> tuple[Result, ...]:
    found = {case_id: some for case_id, some in run.by_case().items() if case_id.startswith(case)}
    if len(found) == 1:
        return next(iter(found.values()))
    if found:
        raise UsageError(f"{case!r} begins the ids of {len(found)} cases. Write more of it.")
    raise NotFound(f"{run.run_id} has no case {case!r}. List those that it has: sayso eval show {run.run_id}")


def _show_case(results: Sequence[Result], case: EvalCase | None) -> None:
    first = results[0]
    _field("case", f"{first.case_id}\n{first.split}, {first.stratum}, {first.topic}")
    if case:
        _field("input", case.input)
        _field("expected", case.expected or "(nobody said)")
    for one in results:
        click.echo()
        if len(results) > 1:
            _field("sample", str(one.sample))
        _field("answer", one.output if one.output is not None else "(erased)")
        _field("outcome", " ".join(filter(None, (str(one.outcome), one.problem))))
        _field("score", f"{'none' if one.score is None else f'{one.score:.2f}'} by {one.scorer or 'nobody'}")
        for name, value in one.scores.items():
            if name != one.scorer and value is not None:
                _field("", f"{value:.2f} by {name}")
        _field("why", one.why)


def _field(name: str, text: str | None) -> None:
    if text:
        label = click.style(f"{clean(name)[:LABEL]:<{LABEL}}", fg="cyan")
        click.echo(label + ("\n" + " " * LABEL).join(clean(text).split("\n")))
