"""What exports have in common: how the account of one is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sayso_ingest.cli.options import say
from sayso_ingest.cli.output import write_rows
from sayso_ingest.event import JSON

if TYPE_CHECKING:
    from sayso_ingest.export import File


def write_account(rows: Sequence[Mapping[str, JSON]]) -> None:
    """Print rows as a table."""
    write_rows(list(rows[0]), [list(row.values()) for row in rows])


def say_written(out: Path | None, files: Sequence[File]) -> None:
    """Say what was written where; without a folder it was only counted."""
    if out is None:
        say("Nothing was written (--dry-run).")
    else:
        say(f"Written in {out}: {', '.join(map(_named, files))}, with manifest.json")


def _named(file: File) -> str:
    return f"{file.name} ({file.rows:,})" if file.rows else file.name


def list_formats(context: click.Context) -> None:
    """Print the formats, and end."""
    from sayso_ingest.export import CASES, TRAINING

    write_rows(
        ["format", "holds", "for"],
        [
            *([one.name, one.purpose or "any (--purpose)", one.summary] for one in TRAINING),
            *([one.name, "an eval set (--set)", one.summary] for one in CASES),
        ],
    )
    context.exit()
