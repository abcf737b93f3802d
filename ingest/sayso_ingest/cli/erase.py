"""erase: a person, a browser, a session or an answer goes, everywhere it can be reached."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sayso_ingest.cli.options import LOG, Command, say, with_settings
from sayso_ingest.cli.welcome import typed
from sayso_ingest.errors import UsageError
from sayso_ingest.places import log_folder
from sayso_ingest.settings import Settings

if TYPE_CHECKING:
    from sayso_ingest.operate.erasure import Account
    from sayso_ingest.warehouse import Belongings, Subject


@click.command(
    cls=Command,
    short_help="Erase a person, a browser, a session or an answer.",
    examples="""
    sayso erase --actor u-4711
    sayso erase --actor u-4711 --yes --look-in /backups --look-in /srv/exports
    sayso erase --target msg-42 --yes
    sayso erase --again --yes
    """,
)
@with_settings(*LOG)
@click.option("--actor", metavar="ID", help="Everything of a person, and of browsers that are theirs alone.")
@click.option("--anonymous", metavar="ID", help="Everything that a browser sent, whoever used it.")
@click.option("--session", metavar="ID", help="Everything of a session.")
@click.option("--target", metavar="ID", help="An answer, and all that was said about it.")
@click.option("--again", is_flag=True, help="What was erased before, and came back with an older state.")
@click.option("--yes", is_flag=True, help="Do it; without it, it is only counted. There is no way back.")
@click.option(
    "--look-in",
    multiple=True,
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    metavar="DIR",
    help="Also name backups, exports and other files below this folder that hold any of it. Can be repeated.",
)
def erase(settings: Settings, again: bool, yes: bool, look_in: tuple[Path, ...], **who: str | None) -> None:
    """Erase a person, a browser, a session or an answer from a project, for good: the bytes go from all files.

    From the warehouse, its copies, the log, rejects, candidates, eval sets, their runs and what was made of them. With
    what a person was answered goes what others said about it, for it quotes it. It works while the service runs; what
    it cannot reach is printed. What the same person says later is new; what was erased does not come back when it is
    sent again.
    """
    from sayso_ingest.eventlog import Security, open_reader
    from sayso_ingest.operate.erasure import count_derived
    from sayso_ingest.operate.erasure import erase as carry_out
    from sayso_ingest.operate.erasure import look_in as look
    from sayso_ingest.operate.tables import open_tables
    from sayso_ingest.warehouse import belongings_of, home_of, spelt_otherwise

    subject = _subject(who, again=again)
    folder = settings.project_folder
    if again and not yes:
        raise UsageError("What was to be erased is decided: --again takes --yes.")
    # Where an older state was put back, nothing is published yet.
    home = home_of(settings)
    found = None if again and not look_in else belongings_of(home, subject)
    elsewhere = [said for place in look_in if found for said in look(place, folder.name, found)]
    if found and not yes:
        _print_counts(found.events, len(found.rejects))
        _preview(found, count_derived(folder, found), subject)
        _name_others(spelt_otherwise(home, subject), subject, settings)
        _print_left(elsewhere)
        return
    reader = partial(
        open_reader,
        settings.log,
        folder=log_folder(folder),
        project=folder.name,
        security=Security.of(settings),
    )
    tables = partial(open_tables, settings, folder)
    try:
        account = carry_out(
            folder, subject, home=home, open_reader=reader, open_tables=tables, log=settings.log, say=say
        )
    except KeyboardInterrupt:
        say("Broken off, and not all of it is erased. Run it again: it goes on.")
        raise
    _print_counts(account.events, account.rejects)
    _print_account(account)
    _print_left([*account.left, *elsewhere])


def _subject(who: dict[str, str | None], *, again: bool) -> Subject:
    from sayso_ingest.warehouse import Subject

    if sum(value is not None for value in who.values()) + again != 1 or "" in who.values():
        raise UsageError("Name one: --actor ID, --anonymous ID, --session ID or --target ID, or --again.")
    try:
        "".join(filter(None, who.values())).encode()
    except UnicodeEncodeError:
        raise UsageError("That is no id: it has bytes that are no UTF-8, which no event can have.") from None
    return Subject(**who)


def _preview(found: Belongings, derived: Account, subject: Subject) -> None:
    for name, n in derived.cases.items():
        say(f"Eval set {name}: {n} cases would go from {', '.join(derived.versions[name])}.")
    for run, n in derived.results.items():
        say(f"Run {run}: what was answered in {n} results would go; their scores stay.")
    if derived.lines:
        say(f"{derived.lines:,} candidates and the like would go.")
    if found.events or found.rejects or derived.cases or derived.results or derived.lines:
        say("Nothing is erased yet: say --yes. What waits in the log comes on top.")
    else:
        say(
            f"Nothing of this {subject.by} has landed. It has to be spelt as it was sent, letter for letter. What "
            "waits in the log is not looked at: --yes does, and erases what it finds."
        )


def _name_others(others: Mapping[str, int], subject: Subject, settings: Settings) -> None:
    """Name ids that look the same: each is somebody else's, unless whoever erases knows better."""
    for other, n in others.items():
        command = typed(settings, "erase", f"--{subject.by}", other)
        say(
            f"Also there, in another form, case or with spaces: {other!a} ({n:,} events). To erase it: {command}"
        )


def _print_counts(events: Counter[str], rejects: int) -> None:
    kinds = ", ".join(f"{n:,} {kind}" for kind, n in sorted(events.items()))
    click.echo(f"{events.total():,} events{f' ({kinds})' if kinds else ''}, {rejects:,} rejects")


def _print_account(account: Account) -> None:
    for name, n in account.cases.items():
        versions = ", ".join(account.versions[name])
        say(
            f"Eval set {name}: {n} cases are gone from {versions}; the next version has a tombstone for each. Copies "
            "of these versions elsewhere (--out, branches, the history of git) have to be seen to by hand."
        )
    for run, n in account.results.items():
        say(f"Run {run}: what was answered in {n} results is gone; their scores stay, and count as before.")
    say(
        f"{account.log_records:,} records of the log and {account.lines:,} candidates and the like were cleaned."
    )
    if account.removed:
        say(f"Removed whole, and made anew when it is needed: {', '.join(account.removed)}.")


def _print_left(left: list[str]) -> None:
    for one in left:
        click.echo(f"not reached: {one}")
    say(
        "Not reached from here either, where there are any: backups and exports (--look-in names them), spools of SDKs "
        "(erased events that they send again are dropped), copies that readers made."
    )


COMMANDS = [erase]
