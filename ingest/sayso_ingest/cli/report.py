"""report: one HTML file about a week, a prompt or a comparison, to be sent on or printed."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import click

from sayso_ingest.cli.answer import into
from sayso_ingest.cli.options import Command, with_settings
from sayso_ingest.errors import UsageError
from sayso_ingest.settings import Settings


@click.command(
    cls=Command,
    short_help="Write one HTML file about a week, a prompt or a comparison.",
    examples="""
    sayso report
    sayso report --prompt helpdesk
    sayso report --compare v1 v2 --prompt helpdesk --out v2.html
    sayso report --compare small-1 large-2 --by model
    """,
)
@with_settings()
@click.option("--prompt", metavar="NAME", help="About this prompt; with --compare, of this prompt only.")
@click.option("--compare", nargs=2, metavar="A B", help="About B against A, as `sayso compare` takes them.")
@click.option(
    "--by",
    metavar="WORD",
    help="What A and B are: version, prompt, model, release or variant.  [default: version]",
)
@click.option(
    "--out",
    metavar="FILE",
    help="Where to write it; what was there is replaced.  [default: named after project, subject and day]",
)
def report(
    settings: Settings, prompt: str | None, compare: tuple[str, str] | None, by: str | None, out: str | None
) -> None:
    """Write one HTML file about the last seven days, about a prompt, or about two that are compared.

    It needs nothing beside it and no network, and can be printed. Its name is printed.
    """
    from sayso_ingest.console.report import Subject, write_report
    from sayso_ingest.warehouse import home_of

    if by and not compare:
        raise UsageError("--by says what is compared: give --compare A B too.")
    contrast = None
    if compare:
        from sayso_ingest.analysis import Contrast

        contrast = Contrast(*compare, by=by or "version", prompt=prompt)
    page = write_report(settings.project_folder, Subject(prompt, contrast), home=home_of(settings))
    words = compare or ((prompt,) if prompt is not None else ("week",))
    file = out or _file(settings.project, *words, f"{datetime.now(UTC):%Y-%m-%d}")
    with into(file):
        click.echo(page, nl=False)
    click.echo(file)


COMMANDS = [report]


def _file(*words: str) -> str:
    """Make a name of words that may have anything in them."""
    safe = (re.sub(r"[^\w.-]+", "-", word).strip("-.")[:60] for word in words)
    return "-".join(["sayso", *filter(None, safe)]) + ".html"
