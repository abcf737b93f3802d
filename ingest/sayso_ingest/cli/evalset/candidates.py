"""Candidates on their way into a set: listed, reviewed, declined."""

from __future__ import annotations

import click

from sayso_ingest.cli.evalset.common import note_option, project_folder, publish_sets, write_proposals
from sayso_ingest.cli.options import Command, say, with_settings
from sayso_ingest.cli.output import format_option
from sayso_ingest.settings import Settings


@click.command(
    cls=Command,
    short_help="List what has been proposed, and how far each is.",
    examples="""
    sayso evalset candidates helpdesk
    sayso evalset candidates helpdesk --state declined
    sayso evalset candidates helpdesk --format jsonl
    """,
)
@with_settings()
@click.argument("name")
@click.option(
    "--state",
    type=click.Choice(["candidate", "reviewed", "declined", "promoted"]),
    help="Only those that are so far.",
)
@format_option()
def candidates(settings: Settings, name: str, state: str | None, format: str) -> None:
    """List what has been proposed for a set and how far each is."""
    from sayso_ingest import evalsets

    every = evalsets.proposals(settings.project_folder, name)
    found = [one for one in every if state in (None, one.state)]
    if not every:
        say(f"Nothing has been proposed for {name!r} yet. Propose cases with: sayso mine --set {name}")
    elif not found:
        say(f"Of the {len(every)} candidates for {name!r} none is {state}.")
    if found or format != "table":
        write_proposals(found, format)


@click.command(
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
@note_option
@format_option()
def review(settings: Settings, name: str, cases: tuple[str, ...], note: str, format: str) -> None:
    """Mark candidates as reviewed: somebody has looked at them and wants them in the set.

    One that was declined, or was in the set and retired, waits again from then on.
    """
    from sayso_ingest import evalsets

    folder = project_folder(settings)
    found = evalsets.review_candidates(folder, name, cases, note=note)
    publish_sets(folder)
    write_proposals(found, format)
    say(f"{len(found)} reviewed. Take them: sayso evalset promote {name} {' '.join(cases)}")


@click.command(
    cls=Command,
    short_help="Set candidates aside; they are not proposed again.",
    examples="""
    sayso evalset decline helpdesk 1f0c9d2ab345
    sayso evalset decline helpdesk 1f0c9d2ab345 77ab01c2d3e4 --note "a test of ours"
    """,
)
@with_settings()
@click.argument("name")
@click.argument("cases", nargs=-1, required=True)
@note_option
@format_option()
def decline(settings: Settings, name: str, cases: tuple[str, ...], note: str, format: str) -> None:
    """Set candidates aside: they are not proposed again, and `promote --all` leaves them out."""
    from sayso_ingest import evalsets

    folder = project_folder(settings)
    found = evalsets.decline_candidates(folder, name, cases, note=note)
    publish_sets(folder)
    write_proposals(found, format)
    say(f"{len(found)} declined. If you want one after all: sayso evalset review {name} CASE")


COMMANDS = [candidates, review, decline]
