"""Versions of sets are looked at: which there are, what cases they hold, what changed between two."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from sayso_ingest.cli.evalset import one_case, two_versions
from sayso_ingest.cli.evalset.common import SHORT_ID, version_of
from sayso_ingest.cli.options import Command, say, with_settings
from sayso_ingest.cli.output import format_option, write_rows
from sayso_ingest.errors import UsageError
from sayso_ingest.settings import Settings

if TYPE_CHECKING:
    from sayso_ingest.evalsets import Difference, EvalCase, Version


@click.command(
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
        rows = [
            [v.name, f"v{v.number}", len(v.cases), len(v.retired), v.created_at, v.note, str(v.path)]
            for v in found
        ]
        write_rows(
            ["set", "version", "cases", "retired", "created_at", "note", "folder"], rows, format=format
        )


@click.command(
    cls=Command,
    short_help="Show the cases of a version, or one in full.",
    examples="""
    sayso evalset show helpdesk
    sayso evalset show helpdesk --version 1 --format jsonl
    sayso evalset show helpdesk 1f0c9d2ab345
    """,
)
@with_settings()
@click.argument("name")
@click.argument("case", required=False)
@click.option(
    "--version",
    "number",
    type=click.IntRange(min=1),
    metavar="N",
    help="Which version; the latest if not given.",
)
@format_option()
def show(settings: Settings, name: str, case: str | None, number: int | None, format: str) -> None:
    """Show the cases of a version; of one case all there is, down to the clicks that it comes from."""
    from sayso_ingest import evalsets

    version = version_of(settings, name, number)
    found = evalsets.named_case(version, case) if case is not None else None
    if found and format in one_case.FORMATS:
        one_case.show(found, version, settings, format=format)
    else:
        _write_cases([found] if found else version.cases, format)


@click.command(
    cls=Command,
    short_help="Say which cases differ between two versions, and why.",
    examples="""
    sayso evalset diff helpdesk
    sayso evalset diff helpdesk 1 3
    sayso evalset diff helpdesk 1 3 --format json
    """,
)
@with_settings()
@click.argument("name")
@click.argument("before", type=click.IntRange(min=1), required=False)
@click.argument("after", type=click.IntRange(min=1), required=False)
@format_option()
def diff(settings: Settings, name: str, before: int | None, after: int | None, format: str) -> None:
    """Say which cases one version has and another has not: the last two, or from BEFORE to AFTER, or to the last."""
    from sayso_ingest import evalsets

    newer = version_of(settings, name, after)
    if before is None and newer.number == 1:
        raise UsageError(f"{name} has one version only. Look at what it holds: sayso evalset show {name}")
    older = version_of(settings, name, before or newer.number - 1)
    found = evalsets.compare(older, newer, known=evalsets.versions(settings.project_folder, name))
    if format == "table":
        two_versions.tell(found, older, newer)
    else:
        _write_difference(found, older, newer, format)


COMMANDS = [list_, show, diff]


def _write_cases(cases: tuple[EvalCase, ...] | list[EvalCase], format: str) -> None:
    columns = ["case", "split", "stratum", "topic", "input", "expected", "reference", "reason"]
    rows = [
        [
            *(one.case_id[:SHORT_ID], one.split, one.stratum, one.topic, one.input, one.expected),
            *(one.reference_kind, one.provenance.reason),
        ]
        for one in cases
    ]
    write_rows(columns, rows, format=format)


def _write_difference(found: Difference, older: Version, newer: Version, format: str) -> None:
    inputs = {case.case_id: case.input for version in (older, newer) for case in version.cases}
    changes = (("added", found.added), ("removed", found.removed), ("changed", found.changed))
    rows = [
        [
            *(change, case_id[:SHORT_ID], inputs[case_id], found.reasons.get(case_id)),
            list(found.fields.get(case_id, ())),
        ]
        for change, case_ids in changes
        for case_id in case_ids
    ]
    write_rows(["change", "case", "input", "reason", "fields"], rows, format=format)
