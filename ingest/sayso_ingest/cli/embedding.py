"""The embedder that a command uses, made from the settings."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import click

from sayso_ingest.cli.options import say
from sayso_ingest.event import JSON
from sayso_ingest.places import static_table_file
from sayso_ingest.settings import Settings

if TYPE_CHECKING:
    from sayso_ingest.mining import EmbedderChoice
    from sayso_ingest.warehouse import Attached, Published

EMBEDDING = ("embedder", "attach")
"""The settings that a command with an embedder takes as options."""


def attached_for(settings: Settings) -> Sequence[Attached]:
    """Return the file that holds the user's vectors, of those that are listed; none for another embedder."""
    from sayso_ingest.warehouse import read_attached

    kind, _, column = settings.embedder.partition(":")
    return [one for one in read_attached(settings.attach) if kind == "column" and one.is_named_in(column)]


def chosen_embedder(
    settings: Settings,
    published: Published,
    cases: Sequence[Mapping[str, JSON]] = (),
    *,
    usual: EmbedderChoice | None = None,
) -> EmbedderChoice:
    """Return the choice that the setting `embedder` stands for, which may make the table of `static` first.

    `usual` is that of `auto`, where it is not by the traffic alone. `cases` are rows of an eval set: the user's vectors
    of these are found by the target they came from.
    """
    from sayso_ingest.mining import choose_embedder

    if settings.embedder == "auto" and usual:
        return usual

    return choose_embedder(
        settings.embedder,
        table=static_table_file(settings.data),
        query=published.query,
        key=settings.embedder_key,
        targets={case["input"]: target for case in cases if (target := case["provenance"]["target"])},
        progress=_tell_distilling,
        tell=say,
    )


def _tell_distilling(done: float) -> None:
    """Say on standard error how far the table of `static` is: on a terminal as it goes, else once."""
    if sys.stderr.isatty():
        click.echo(f"\rMaking the table of `static` from MiniLM, once: {done:.0%}", err=True, nl=done >= 1)
    elif done >= 1:
        say("Made the table of `static` from MiniLM, once.")
