"""What the commands about prompts read: production, the runs, and a repository."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sayso_ingest.cli.evalset.common import project_folder
from sayso_ingest.cli.options import say
from sayso_ingest.errors import NotFound, SaysoError
from sayso_ingest.settings import Settings

if TYPE_CHECKING:
    from sayso_ingest.evals.improve import KnownVersion
    from sayso_ingest.evals.prompts import Checkout

SHORT_COMMIT = 10
"""Characters of a commit that are shown."""

repo_option = click.option(
    "--repo",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="The git repository with the prompts.  [default: the one of this folder]",
)


@dataclass(frozen=True, slots=True)
class Reading:
    """All versions that are known, and the repository, if there is one."""

    known: list[KnownVersion]
    checkout: Checkout | None


def read(settings: Settings, repo: Path | None, *, every: bool = False) -> Reading:
    """Read everything; where production or git cannot be asked that is said, and the rest is read.

    Raises:
        NotFound: there is no project, or no folder of this name.
        UsageError: the folder that was named is in no repository.
        SaysoError: a run cannot be read.
    """
    from sayso_ingest.evals.improve import known_versions, read_offline, read_seen
    from sayso_ingest.warehouse import Published, home_of

    folder, checkout, seen = project_folder(settings), open_checkout(repo), []
    try:
        with Published.open(home_of(settings)) as published:
            seen = read_seen(published.query)
    except NotFound as error:
        say(f"Production is not known: {error}")
    return Reading(known_versions(seen, read_offline(folder), checkout, every=every), checkout)


def open_checkout(repo: Path | None) -> Checkout | None:
    """The repository that was named, or that of the folder we are in; None where that is in none, which is said.

    Raises:
        NotFound: there is no folder of the name that was given, or no git.
        UsageError: the folder that was named is in no repository.
    """
    from sayso_ingest.evals.prompts import Checkout

    if repo is not None:
        return Checkout(repo)
    try:
        return Checkout(Path())
    except SaysoError:
        say("This folder is in no git repository: name the one with the prompts with --repo DIR.")
        return None
