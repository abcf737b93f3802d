"""verify: whether everything acknowledged that is still in the log is accounted for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from sayso_ingest.cli.options import LOG, Command, only_project, say, with_settings
from sayso_ingest.cli.output import format_option, write_json, write_rows
from sayso_ingest.settings import Settings

if TYPE_CHECKING:
    from sayso_ingest.operate.verify import Verdict

COLUMNS = ("project", "source", "records", "waiting", "events", "rejects", "missing")
SHOWN = 20
"""Ids of missing ones that a table is followed by; JSON has all."""


@click.command(
    cls=Command,
    short_help="Hold the event log against the warehouse.",
    examples="""
    sayso verify
    sayso verify --project default --format json
    """,
)
@with_settings(*LOG)
@format_option("table", "json")
def verify(settings: Settings, format: str) -> int:
    """Hold everything that is still in the event log against the warehouse, as it was last published.

    Each event of a landed record is in the warehouse, or among the rejects; what waits to be landed is counted. Files
    of the log that are kept (SAYSO_LOG_KEEP) are read, too, and a Kafka topic from its beginning. If something is
    missing it says what, and ends with 1. It changes nothing, and works while the service runs.
    """
    from sayso_ingest.eventlog import Security
    from sayso_ingest.operate.project import named_folders
    from sayso_ingest.operate.verify import verify as hold
    from sayso_ingest.warehouse import lake_of

    security = Security.of(settings)
    found = [
        hold(folder, log=settings.log, security=security, home=lake_of(settings, folder.name))
        for folder in named_folders(settings.data, only_project())
    ]
    if format == "json":
        write_json([asdict(verdict) | {"complete": verdict.complete} for verdict in found])
    else:
        _print(found)
    return int(not all(verdict.complete for verdict in found))


def _print(found: Sequence[Verdict]) -> None:
    rows = [
        (
            verdict.project,
            name,
            source.records,
            source.waiting,
            source.events,
            source.rejects,
            len(source.missing),
        )
        for verdict in found
        for name, source in sorted(verdict.sources.items())
    ]
    write_rows(COLUMNS, rows)
    for verdict in found:
        missing = [event_id for source in verdict.sources.values() for event_id in source.missing]
        if verdict.problem:
            say(f"{verdict.project}: {verdict.problem}")
        if missing:
            more = f", and {len(missing) - SHOWN} more" if len(missing) > SHOWN else ""
            say(
                f"{verdict.project}: landed, and not in the warehouse: {', '.join(missing[:SHOWN])}{more}. The log has "
                "them still: keep it (SAYSO_LOG_KEEP). Restore a backup that is older than the loss with --replace, "
                "which takes that log over and lands it again."
            )
        if verdict.complete:
            say(
                f"{verdict.project}: all that the log holds is accounted for, as of landing {verdict.landing}. Only "
                f"{verdict.read} was read for that; sayso doctor looks at the lander's own file."
            )


COMMANDS = [verify]
