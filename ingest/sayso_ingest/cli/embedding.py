"""The embedder that a command uses, made from the settings."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from sayso_ingest.settings import Settings, static_table_file

if TYPE_CHECKING:
    from sayso_ingest.mining import EmbedderChoice


def chosen_embedder(settings: Settings) -> EmbedderChoice:
    """Return the choice that the setting `embedder` stands for, which may make the table of `static` first."""
    from sayso_ingest.mining import choose_embedder

    return choose_embedder(
        settings.embedder, table=static_table_file(settings.data), progress=_tell_distilling
    )


def _tell_distilling(done: float) -> None:
    """Say on standard error how far the table of `static` is: on a terminal as it goes, else once."""
    if sys.stderr.isatty():
        click.echo(f"\rMaking the table of `static` from MiniLM, once: {done:.0%}", err=True, nl=done >= 1)
    elif done >= 1:
        click.echo("Made the table of `static` from MiniLM, once.", err=True)
