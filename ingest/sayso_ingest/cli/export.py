"""export: files for training tools."""

from __future__ import annotations

from pathlib import Path

import click

from sayso_ingest.cli.options import Command, say, with_settings
from sayso_ingest.cli.output import write_rows
from sayso_ingest.settings import Settings


@click.command(
    cls=Command,
    short_help="Write training data from what people edited.",
    examples="""
    sayso export --format trl-dpo --out pairs
    sayso export --format trl-dpo --dry-run
    """,
)
@with_settings()
@click.option("--format", "kind", required=True, metavar="FORMAT", help="trl-dpo: preference pairs for TRL.")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Folder to write to; not needed for a --dry-run.",
)
@click.option("--dry-run", is_flag=True, help="Count what would be kept and dropped; write nothing.")
def export(settings: Settings, kind: str, out: Path | None, dry_run: bool) -> None:
    """Write training data from what people edited, without a question of any eval set, or nearly one, in it."""
    from sayso_ingest import evalsets
    from sayso_ingest import export as room
    from sayso_ingest.warehouse import Published

    folder = settings.project_folder
    before = _names_in(out) if out else set()
    with Published.open(folder) as published:
        manifest = room.export(
            published.query,
            format=kind,
            out=out,
            eval_versions=evalsets.all_versions(folder),
            dry_run=dry_run,
        )
    rows = manifest.rows()
    write_rows(list(rows[0]), [list(row.values()) for row in rows])
    if dry_run:
        say("Nothing was written (--dry-run).")
        return
    files = [*(file.name for file in manifest.files), room.MANIFEST]
    say(f"{'Replaced' if before & set(files) else 'Written'} in {out}: {', '.join(files)}")


COMMANDS = [export]


def _names_in(folder: Path) -> set[str]:
    from sayso_ingest.evalsets import reachable

    with reachable(folder, doing="read"):
        return {path.name for path in folder.iterdir()} if folder.is_dir() else set()
