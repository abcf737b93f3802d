"""doctor: what is wrong, and the next command."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import TYPE_CHECKING

import click

from sayso_ingest.cli.options import LOG, Command, only_project, with_settings
from sayso_ingest.cli.output import format_option, write_json
from sayso_ingest.cli.terminal import clean
from sayso_ingest.cli.welcome import local_url
from sayso_ingest.settings import Settings, secrets_set

if TYPE_CHECKING:
    from sayso_ingest.operate.doctor import Finding

WORDS = {"ok": "OK   ", "note": "note ", "wrong": "WRONG"}


@click.command(
    cls=Command,
    short_help="Check everything; on failure name the next command.",
    examples="""
    sayso doctor
    sayso doctor --project default --format json
    """,
)
@with_settings(*LOG, "disk_reserve", "host", "port")
@format_option("table", "json")
def doctor(settings: Settings, format: str) -> int:
    """Check the folder, the collector, the log, the lander, the published copy and what clients send: a line each.

    On failure it says what is wrong and the next command, and ends with 1. It changes nothing, and works
    whether the service runs or not.
    """
    from sayso_ingest.eventlog import Security
    from sayso_ingest.operate.doctor import examine, gather
    from sayso_ingest.warehouse import lake_of

    url = local_url(settings.host, settings.port) if settings.port else None
    facts = gather(
        settings.data,
        log=settings.log,
        security=Security.of(settings),
        only=only_project(),
        url=url,
        reserve=settings.disk_reserve,
        lake=lambda project: lake_of(settings, project),
        overdue=settings.lake_keep + 3 * settings.lake_upkeep,
    )
    findings = examine(replace(facts, secrets=secrets_set()))
    if format == "json":
        write_json([asdict(finding) for finding in findings])
    else:
        for finding in findings:
            _print(finding)
    return int(any(finding.level == "wrong" for finding in findings))


def _print(finding: Finding) -> None:
    where = f"{finding.project} {finding.check}".strip()
    click.echo(clean(f"{WORDS[finding.level]} {where}: {finding.said}"))
    if finding.next:
        click.echo(clean(f"      -> {finding.next}"))


COMMANDS = [doctor]
