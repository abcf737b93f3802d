"""warehouse: taken from the file to the lake."""

from __future__ import annotations

from dataclasses import replace

import click

from sayso_ingest.cli.options import Command, Group, say, with_settings
from sayso_ingest.cli.welcome import typed
from sayso_ingest.errors import NotFound, UsageError
from sayso_ingest.places import live_warehouse
from sayso_ingest.settings import Settings


@click.group(
    cls=Group,
    examples="""
    sayso warehouse move --to ducklake:postgres://sayso@db.internal/lake
    """,
)
def warehouse() -> None:
    """Move what has landed from the file to a lake."""


@warehouse.command(
    cls=Command,
    short_help="Move from the file to a lake.",
    examples="""
    sayso warehouse move --to ducklake:postgres://sayso@db.internal/lake
    sayso warehouse move --project shop --to ducklake:postgres://sayso@db.internal/lake
    """,
)
@with_settings()
@click.option("--to", "new", required=True, metavar="LAKE", help="The lake, as in SAYSO_WAREHOUSE.")
def move(settings: Settings, new: str) -> None:
    """Move the warehouse of every project, or of the one that --project names, from its file to a lake.

    No lander may be at work. Each table is held against the file, by counts and by hashes, before the lake counts; a
    move that was killed begins anew. The file is kept under another name. The settings of the lake are those
    whose names begin with SAYSO_LAKE_.
    """
    from sayso_ingest.operate import project_folders
    from sayso_ingest.operate.move_warehouse import move_warehouse
    from sayso_ingest.warehouse import lake_of

    settings = Settings.load(data=settings.data, project=settings.project, warehouse=new)
    only = click.get_current_context().params["project"]
    folders = [folder for folder in project_folders(settings.data) if only in (None, folder.name)]
    waiting = [folder for folder in folders if live_warehouse(folder).exists()]
    if not waiting:
        raise NotFound(
            f"No project in {settings.data.absolute()} has its warehouse in a file: nothing is to be moved."
        )
    for folder in waiting:
        lake = lake_of(settings, folder.name)
        if lake is None:
            raise UsageError("--to names no lake. Allowed: ducklake:postgres://USER@HOST[:PORT]/DATABASE.")
        moved = move_warehouse(folder, lake, say=say)
        click.echo(f"{moved.project}: {moved.rows:,} rows are in the lake. The file is kept as {moved.kept}")
    serve = typed(replace(settings, project="default"), "serve")
    click.echo(f"Now set SAYSO_WAREHOUSE={new} and start it: {serve}")


COMMANDS = [warehouse]
