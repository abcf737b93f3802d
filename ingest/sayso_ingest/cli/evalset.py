"""evalset: look at candidates, promote them, and look at the versions they have become."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sayso_ingest.cli.options import Command, Group, say, with_settings
from sayso_ingest.cli.output import format_option, write_rows
from sayso_ingest.errors import NotFound
from sayso_ingest.settings import Settings

if TYPE_CHECKING:
    from sayso_ingest.evalsets import EvalCase, Proposal, Version

SHORT_ID = 12
"""Characters of a case id that are shown; as many, or more, name a case."""


@click.group(
    cls=Group,
    short_help="Review and promote candidates; versions of eval sets.",
    examples="""
    sayso evalset list
    sayso evalset candidates helpdesk
    sayso evalset review helpdesk 1f0c9d2ab345 --note "a real one"
    sayso evalset promote helpdesk --all --note "first set"
    sayso evalset show helpdesk
    """,
)
def evalset() -> None:
    """Review candidates and promote them to versions of an eval set, which never change."""


@evalset.command(
    "list",
    cls=Command,
    examples="""
    sayso evalset list
    """,
)
@with_settings()
@format_option()
def list_(settings: Settings, format: str) -> None:
    """List the eval sets and their versions."""
    from sayso_ingest import evalsets

    found = evalsets.all_versions(settings.project_folder)
    if not found:
        say("No eval set yet. Propose cases with: sayso mine --set NAME")
    if found or format != "table":
        rows = [[v.name, f"v{v.number}", len(v.cases), v.created_at, v.note, str(v.path)] for v in found]
        write_rows(["set", "version", "cases", "created_at", "note", "folder"], rows, format=format)


@evalset.command(
    cls=Command,
    short_help="List what has been proposed, and how far each is.",
    examples="""
    sayso evalset candidates helpdesk
    sayso evalset candidates helpdesk --format jsonl
    """,
)
@with_settings()
@click.argument("name")
@format_option()
def candidates(settings: Settings, name: str, format: str) -> None:
    """List what has been proposed for a set and how far each is."""
    from sayso_ingest import evalsets

    found = evalsets.proposals(settings.project_folder, name)
    if not found:
        say(f"Nothing has been proposed for {name!r} yet. Propose cases with: sayso mine --set {name}")
    if found or format != "table":
        write_proposals(found, format)


@evalset.command(
    cls=Command,
    short_help="Mark candidates as looked at and wanted.",
    examples="""
    sayso evalset review helpdesk 1f0c9d2ab345
    sayso evalset review helpdesk 1f0c9d2ab345 77ab01c2d3e4 --note "real, and the answer is wrong"
    """,
)
@with_settings()
@click.argument("name")
@click.argument("cases", nargs=-1, required=True)
@click.option("--note", default="", metavar="TEXT", help="What there is to say; it stays with the candidate.")
@format_option()
def review(settings: Settings, name: str, cases: tuple[str, ...], note: str, format: str) -> None:
    """Mark candidates as reviewed: somebody has looked at them and wants them in the set."""
    from sayso_ingest import evalsets

    found = evalsets.review_candidates(_folder(settings), name, cases, note=note)
    write_proposals(found, format)
    say(f"{len(found)} reviewed. Take them: sayso evalset promote {name} {' '.join(cases)}")


@evalset.command(
    cls=Command,
    short_help="Make the next version of a set.",
    examples="""
    sayso evalset promote helpdesk --all
    sayso evalset promote helpdesk 1f0c9d2ab345 77ab01c2d3e4 --note "reviewed in the weekly"
    sayso evalset promote helpdesk --all --except 1f0c9d2ab345
    """,
)
@with_settings()
@click.argument("name")
@click.argument("cases", nargs=-1)
@click.option("--all", "every", is_flag=True, help="Promote every candidate that is not promoted yet.")
@click.option("--except", "left_out", multiple=True, metavar="CASE", help="With --all: leave this one out.")
@click.option("--note", default="", metavar="TEXT", help="Why; it stands in the manifest.")
def promote(
    settings: Settings, name: str, cases: tuple[str, ...], every: bool, left_out: tuple[str, ...], note: str
) -> None:
    """Make the next version of a set: all cases of the last one and the candidates named.

    It is a folder of its own in DATA/PROJECT/evalsets/NAME, which is printed, and never changes.
    """
    from sayso_ingest import evalsets

    if every == bool(cases):
        raise click.UsageError("Name the cases to promote, or say --all.")
    version = evalsets.promote_candidates(
        _folder(settings), name, None if every else cases, leave_out=left_out, note=note
    )
    click.echo(version.path)
    say_references(version.cases)
    say(f"{name} v{version.number} has {len(version.cases)} cases. Commit its folder; it never changes.")


@evalset.command(
    cls=Command,
    examples="""
    sayso evalset show helpdesk
    sayso evalset show helpdesk --version 1 --format jsonl
    """,
)
@with_settings()
@click.argument("name")
@click.option(
    "--version",
    "number",
    type=click.IntRange(min=1),
    metavar="N",
    help="Which version; the latest if not given.",
)
@format_option()
def show(settings: Settings, name: str, number: int | None, format: str) -> None:
    """Show the cases of a version."""
    version = _version(settings, name, number)
    rows = [
        [c.case_id[:SHORT_ID], c.stratum, c.topic, c.input, c.expected, c.reference_kind, c.provenance.reason]
        for c in version.cases
    ]
    write_rows(["case", "stratum", "topic", "input", "expected", "reference", "reason"], rows, format=format)


@evalset.command(
    cls=Command,
    short_help="Say which cases differ between two versions.",
    examples="""
    sayso evalset diff helpdesk 1 2
    """,
)
@with_settings()
@click.argument("name")
@click.argument("before", type=click.IntRange(min=1))
@click.argument("after", type=click.IntRange(min=1))
@format_option()
def diff(settings: Settings, name: str, before: int, after: int, format: str) -> None:
    """Say which cases one version has and another has not."""
    from sayso_ingest import evalsets

    versions = [_version(settings, name, number) for number in (before, after)]
    difference = evalsets.compare(*versions)
    inputs = {case.case_id: case.input for version in versions for case in version.cases}
    changes = (("added", difference.added), ("removed", difference.removed), ("changed", difference.changed))
    rows = [[change, case[:SHORT_ID], inputs[case]] for change, cases in changes for case in cases]
    if not rows:
        say(f"{name} v{before} and v{after} hold the same cases.")
    if rows or format != "table":
        write_rows(["change", "case", "input"], rows, format=format)


COMMANDS = [evalset]


def write_proposals(found: Sequence[Proposal], format: str) -> None:
    """Write candidates as rows on standard output."""
    columns: dict[str, Callable[[Proposal], Any]] = {
        "case": lambda p: p.case.case_id[:SHORT_ID],
        "state": lambda p: str(p.state),
        "stratum": lambda p: p.case.stratum,
        "evidence": lambda p: p.case.provenance.evidence,
        "input": lambda p: p.case.input,
        "reason": lambda p: p.case.provenance.reason,
        "expected": lambda p: p.case.expected,
        "target": lambda p: p.case.provenance.target,
        "note": lambda p: p.note,
    }
    write_rows(list(columns), [[cell(p) for cell in columns.values()] for p in found], format=format)


def say_references(cases: Sequence[EvalCase]) -> None:
    """Say how many of the cases can be compared with an answer that people gave."""
    known = sum(case.expected is not None for case in cases)
    say(f"{known} of {len(cases)} have an expected answer.")


def _folder(settings: Settings) -> Path:
    """Return the folder of a project that is there: nothing is made for a name that was mistyped."""
    folder = settings.project_folder
    if not folder.is_dir():
        raise NotFound(f"There is no project in {folder.absolute()}. Name another with --data and --project.")
    return folder


def _version(settings: Settings, name: str, number: int | None) -> Version:
    from sayso_ingest import evalsets

    if number is not None:
        return evalsets.read(settings.project_folder, name, number)
    version = evalsets.latest(settings.project_folder, name)
    if version is None:
        raise NotFound(f"There is no eval set {name!r} yet. Propose cases with: sayso mine --set {name}")
    return version
