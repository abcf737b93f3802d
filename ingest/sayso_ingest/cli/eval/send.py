"""send: the answers of a run go through the collector, so that people can thumb them."""

from __future__ import annotations

import click

from sayso_ingest.cli.evalset.common import project_folder
from sayso_ingest.cli.options import Command, say, with_settings
from sayso_ingest.cli.sending import delivering, url_option
from sayso_ingest.errors import SaysoError
from sayso_ingest.settings import Settings


@click.command(
    cls=Command,
    short_help="Send a run's answers, so that people can thumb them.",
    examples="""
    sayso eval send latest
    sayso sql "SELECT run_id, value, count(*) FROM verdicts JOIN evals.eval_results USING (target) GROUP BY ALL"
    """,
)
@with_settings("host", "port")
@url_option
@click.argument("run")
def send(settings: Settings, url: str | None, run: str) -> int:
    """Send the answers of a RUN as interactions: by its id, the beginning of it, or `latest`.

    They are no traffic: no rate and no mining counts them. What people say of them joins evals.eval_results by its
    target. Sent twice, each lands once.
    """
    from datetime import datetime

    from sayso_ingest import evalsets
    from sayso_ingest.backfill import send as send_events
    from sayso_ingest.backfill import time_ordered_id
    from sayso_ingest.evals.runs import read_run
    from sayso_ingest.evals.sent import interactions

    folder = project_folder(settings)
    found = read_run(folder, run)
    if not found.manifest.finished_at:
        raise SaysoError(
            f"{found.run_id} is not finished: type the same `eval run` again, which goes on with it."
        )
    ran, at = found.manifest.set, datetime.fromisoformat(found.manifest.created_at)
    cases = {case.case_id: case for case in evalsets.read(folder, ran.name, ran.version).cases}
    events = interactions(found, cases, id_for=lambda target: time_ordered_id([target], at=at))
    with delivering(settings, url) as deliverer:
        results = send_events(events, deliverer)
    say(f"{results.pop('accepted', 0):,} answers of {found.run_id} were taken.")
    for reason, n in results.items():
        say(f"{n:,} {reason}. Look: sayso rejects list")
    return 1 if results else 0


COMMANDS = [send]
