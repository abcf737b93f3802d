"""sql, views, ask: questions to the published copy."""

from __future__ import annotations

import sys

import click

from sayso_ingest.cli.answer import Limits, answer_options, limit_options, write_answer
from sayso_ingest.cli.options import Command, say, with_settings
from sayso_ingest.cli.output import format_option, write_rows
from sayso_ingest.settings import Settings


@click.command(
    cls=Command,
    short_help="Run read-only SQL on what was last published.",
    examples="""
    sayso sql "SELECT value, count(*) FROM verdicts GROUP BY value"
    sayso sql "FROM feedback WHERE prompt_version = 'v2' AND value = 'down'" --format csv > disliked.csv
    sayso sql "FROM events" --out events.parquet
    sayso sql - --timeout 300 < question.sql
    sayso sql "FROM events JOIN crm.customers c ON c.id = actor" --attach crm=/srv/crm.duckdb
    """,
)
@with_settings("warehouse", "attach")
@answer_options
@limit_options
@click.option(
    "--asked-by", type=int, hidden=True
)  # the console's process id: nobody wants the answer after its end
@click.argument("query", metavar="SQL")
def sql(
    settings: Settings, format: str, out: str | None, limits: Limits, asked_by: int | None, query: str
) -> None:
    """Run read-only SQL on what was last published; - reads it from standard input.

    It reaches no file but the published copy and those of --attach, and no network.
    """
    if asked_by:
        from sayso_ingest.operate import die_with

        die_with(asked_by, of_thread=True)
    text = sys.stdin.read() if query == "-" else query
    write_answer(settings, text, limits=limits, format=format, out=out, attach=settings.attach)


@click.command(
    cls=Command,
    examples="""
    sayso views
    sayso views --format json
    """,
)
@with_settings()
@format_option()
def views(settings: Settings, format: str) -> None:  # noqa: ARG001 - every command takes --data and --project
    """List the questions that can be asked by name."""
    from sayso_ingest.analysis import catalog

    write_rows(["view", "question"], [[view.name, view.about] for view in catalog()], format=format)


@click.command(
    cls=Command,
    examples="""
    sayso ask prompt_versions
    sayso ask what_goes_wrong --limit 10
    sayso ask inbox --format json
    """,
)
@with_settings()
@answer_options
@limit_options
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Show the first N rows.")
@click.argument("view")
def ask(
    settings: Settings, format: str, out: str | None, limits: Limits, limit: int | None, view: str
) -> None:
    """Ask one of the questions that `sayso views` lists."""
    from sayso_ingest.analysis import question

    text = question(view, limit=limit)
    nothing = "No rows: nothing of the kind has been published yet."
    write_answer(settings, text, limits=limits, format=format, out=out, nothing=nothing)
    if view == "proxies" and format == "table" and out is None:
        _say_preferences(settings, limits)


def _say_preferences(settings: Settings, limits: Limits) -> None:
    """Say below the figures what they come to."""
    from sayso_ingest.analysis import question
    from sayso_ingest.analysis.dose import OBSERVED, doses
    from sayso_ingest.warehouse import Published, home_of

    with Published.open(home_of(settings), memory=limits.memory, seconds=limits.timeout) as published:
        found = doses(published.query(question("proxies")))
    for dose in found:
        say(f"{dose.prompt or 'No prompt'}: {dose.sentence}")
    if found:
        say(OBSERVED)


COMMANDS = [sql, views, ask]
