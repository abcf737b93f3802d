"""status: what has landed, what is waiting, what was lost."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from sayso_ingest.cli.options import LOG, Command, only_project, say, with_settings
from sayso_ingest.cli.output import format_option, write_json, write_rows
from sayso_ingest.cli.welcome import local_url
from sayso_ingest.settings import Settings

if TYPE_CHECKING:
    from sayso_ingest.operate.status import ProjectStatus


@click.command(
    cls=Command,
    short_help="Say what has landed, waits, was refused or was lost.",
    examples="""
    sayso status
    sayso status --project default --format json
    """,
)
@with_settings(*LOG, "host", "port")
@format_option("table", "json")
def status(settings: Settings, format: str) -> None:
    """Say of each project how much has landed, waits in the log, was refused or was lost by clients.

    Orphans are feedback that found no interaction within ten minutes. With --project of that one alone. Below the
    table stands whether a collector answers at --host and --port. It changes nothing.
    """
    from sayso_ingest.eventlog import Security
    from sayso_ingest.operate.status import status as look
    from sayso_ingest.warehouse import lake_of

    url = local_url(settings.host, settings.port) if settings.port else None
    found = look(
        settings.data,
        log=settings.log,
        security=Security.of(settings),
        only=only_project(),
        url=url,
        home=lambda folder: lake_of(settings, folder.name) or folder,
    )
    if format == "json":
        write_json([asdict(project) for project in found])
        return
    write_rows(
        (
            "project",
            "events",
            "batches waiting",
            "rejects",
            "dropped by clients",
            "repeats",
            "orphans",
            "last landed",
            "published",
        ),
        [
            (
                project.project,
                project.events,
                project.waiting,
                _by_reason(project.rejects),
                _by_reason(project.dropped),
                project.repeats,
                _orphans(project),
                project.last_landed_at,
                project.published_at,
            )
            for project in found
        ],
    )
    for project in found:
        _comment(project)
    for line in dict.fromkeys(map(_collector, found)):
        if line:
            say(line)


def _by_reason(counts: dict[str, int]) -> str:
    return ", ".join(f"{n} {reason}" for reason, n in counts.items()) or "0"


def _orphans(project: ProjectStatus) -> str:
    if project.orphan_share is None:
        return "0"
    recent = project.orphan_share_last_day
    last_day = "" if recent is None else f", {recent:.1%} in the last day"
    return f"{project.orphans} of {project.feedback} ({project.orphan_share:.1%}{last_day})"


def _comment(project: ProjectStatus) -> None:
    """Say what the numbers do not."""
    if project.problem:
        say(f"{project.project}: {project.problem}")
    elif project.published_at is None:
        say(f"{project.project}: nothing is published yet. Is `sayso serve` (or `sayso land`) running?")
    elif not project.events:
        say(f"{project.project}: no event has landed yet.")


def _collector(project: ProjectStatus) -> str:
    """Say what answers where this folder's collector should be."""
    found = project.collector
    if found is None:
        return ""
    if found.not_ready:
        return f"The collector at {found.url} can take nothing now: {found.not_ready}."
    if found.takes_key:
        return f"The collector at {found.url} takes events for {project.project}."
    if found.status is None:
        return (
            f"No collector answers at {found.url}. Start it with `sayso serve`, or name it, or the balancer before "
            "those on other machines, with --host and --port."
        )
    return f"What answers at {found.url} takes no events for {project.project} ({found.status}): sayso doctor says why."


COMMANDS = [status]
