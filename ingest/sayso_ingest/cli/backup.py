"""backup, restore: a copy of an installation that was read back, and the way from it."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sayso_ingest.cli.options import Command, say, with_settings
from sayso_ingest.cli.welcome import typed
from sayso_ingest.errors import SaysoError
from sayso_ingest.settings import Settings

if TYPE_CHECKING:
    from sayso_ingest.operate.backup import Manifest


@click.command(
    cls=Command,
    short_help="Copy everything of an installation into a folder, while it runs.",
    examples="""
    sayso backup --to /backups/2026-11-30
    sayso backup --project default --to /backups/default-2026-11-30
    """,
)
@with_settings("log", "warehouse")
@click.option(
    "--to",
    "target",
    type=click.Path(path_type=Path),
    required=True,
    metavar="FOLDER",
    help="Where to: a folder that is not there yet. It is there when the backup is whole, and not before.",
)
def backup(settings: Settings, target: Path) -> None:
    """Copy everything of an installation into a folder, while it runs or rests, and read the copy back.

    All projects, or with --project that one: warehouse, event log, eval sets, what mining and the console keep, and
    keys, users and the service's secrets, for the owner of the folder alone. Whatever was acknowledged before is in it.
    With Kafka as the log it has the positions, and the topics must hold what comes after these. Of a lake it has all
    tables, as of one snapshot, in a DuckDB file: there has to be room for them.
    """
    from sayso_ingest.operate.backup import back_up
    from sayso_ingest.warehouse import lake_of

    only = click.get_current_context().params["project"]
    lakes = partial(lake_of, settings)
    manifest = back_up(settings.data, target, log=settings.log, lake_of=lakes, only=only, say=say)
    click.echo(target)
    _tell(manifest)
    say(
        f"{len(manifest.files)} files, {manifest.bytes:,} bytes, read back. Restore it with: sayso restore {target}"
    )


@click.command(
    cls=Command,
    short_help="Make a data folder of a backup.",
    examples="""
    sayso restore /backups/2026-11-30 --data /var/lib/sayso
    sayso restore /backups/2026-11-30 --data /var/lib/sayso --replace
    sayso restore /backups/2026-11-30 --warehouse ducklake:postgres://sayso@db.internal/lake
    """,
)
@with_settings("warehouse")
@click.argument("backup", metavar="FROM", type=click.Path(path_type=Path))
@click.option(
    "--replace",
    is_flag=True,
    help="Move what is in the data folder aside, into a folder beside it, and take over what its log still holds.",
)
def restore(settings: Settings, backup: Path, replace: bool) -> None:
    """Make the data folder of a backup, after reading all of it, or change nothing.

    The service that is started on it goes on where the backup stood: what was in the log then lands, once. Clients that
    send again what came later do no harm. Whatever the backup was made of, its warehouse becomes what --warehouse says:
    a file, or a lake, in which nothing may have landed.
    """
    from sayso_ingest.erased_ids import erased_in
    from sayso_ingest.operate.backup import into_lakes
    from sayso_ingest.operate.backup import restore as put_back
    from sayso_ingest.operate.erased import again_command
    from sayso_ingest.warehouse import lake_of

    lakes = partial(lake_of, settings)
    manifest, aside = put_back(backup, settings.data, replace=replace, lake_of=lakes)
    _tell(manifest)
    if aside:
        say(f"What was in {settings.data} is in {aside} now.")
    else:
        say(f"Nothing here knows whom you have erased since {manifest.made_at}: erase them again, by name.")
    try:
        for lake in into_lakes(manifest, settings.data, lakes, say=say):
            say(f"{lake.project}: all of it is in {lake}: keep SAYSO_WAREHOUSE={settings.warehouse}")
    except SaysoError as error:
        move = typed(settings, "warehouse", "move", "--to", settings.warehouse)
        raise SaysoError(
            f"{settings.data} is as {backup} was, but what is to be in a lake is in files there still: {error}\n"
            f"No lander begins before they are in it. When that is mended: {move}"
        ) from error
    again: list[str] = []
    for name, entry in manifest.projects.items():
        if entry.lake and not lakes(name):
            say(f"{name}: its warehouse was a lake, and is a file now: set SAYSO_WAREHOUSE=duckdb.")
        if since := erased_in(settings.data / name) - erased_in(backup / name):
            say(
                f"{name}: {len(since):,} events or rejects were erased since, and are back: nothing of it lands yet."
            )
            again.append(again_command(settings.data / name))
    follow = ", then: ".join([*again, typed(settings, "serve")])
    say(f"{settings.data} is as {backup} was on {manifest.made_at}. Go on with: {follow}")


def _tell(manifest: Manifest) -> None:
    """Say where each project stands, and what is not in the backup."""
    for name, entry in manifest.projects.items():
        if entry.landing is None:
            held = "no warehouse yet"
        else:
            held = f"landing {entry.landing}: {entry.events:,} events, {entry.rejects:,} rejects"
        if entry.lake:
            held = f"snapshot {entry.snapshot} of {entry.lake}, {held}"
        log = "" if entry.waiting is None else f"; {entry.waiting:,} records of the log wait to be landed"
        say(f"{name}: {held}{log}.")
        for source in entry.damaged:
            say(f"{name}: log file {source} was damaged already, and is in the backup as it was.")
        if entry.waiting is None and entry.positions:
            ends = ", ".join(f"{source} from {offset}" for source, offset in sorted(entry.positions.items()))
            say(f"{name}: the log {manifest.log} is not in the backup. It must still hold {ends}.")


COMMANDS = [backup, restore]
