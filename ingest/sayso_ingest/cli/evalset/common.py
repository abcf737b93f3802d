"""What the commands about eval sets have in common: which project and version, and how cases are shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sayso_ingest.cli.options import say
from sayso_ingest.cli.output import write_rows
from sayso_ingest.errors import NotFound
from sayso_ingest.settings import Settings

if TYPE_CHECKING:
    from sayso_ingest.evalsets import EvalCase, Proposal, Version

SHORT_ID = 12
"""Characters of a case id that are shown; as many, or more, name a case."""

note_option = click.option(
    "--note", default="", metavar="TEXT", help="Why; it stays with what it is said of."
)
out_option = click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Write the version into this folder as well, as DIR/NAME/vN: a git tree, for instance.",
)


def project_folder(settings: Settings) -> Path:
    """Return the folder of a project that is there: nothing is made for a name that was mistyped.

    Raises:
        NotFound: it is not there.
    """
    folder = settings.project_folder
    if not folder.is_dir():
        raise NotFound(f"There is no project in {folder.absolute()}. Name another with --data and --project.")
    return folder


def version_of(settings: Settings, name: str, number: int | None) -> Version:
    """Read a version of a set, the latest one if no number is given.

    Raises:
        NotFound: there is no such set, or no such version.
    """
    from sayso_ingest import evalsets

    if number is not None:
        return evalsets.read(settings.project_folder, name, number)
    version = evalsets.latest(settings.project_folder, name)
    if version is None:
        raise NotFound(f"There is no eval set {name!r} yet. Propose cases with: sayso mine --set {name}")
    return version


def write_proposals(found: Sequence[Proposal], format: str) -> None:
    """Write candidates as rows on standard output."""
    columns: dict[str, Callable[[Proposal], Any]] = {
        "case": lambda p: p.case.case_id[:SHORT_ID],
        "state": lambda p: str(p.state),
        "stratum": lambda p: p.case.stratum,
        "evidence": lambda p: p.case.provenance.evidence,
        "input": lambda p: p.case.input,
        "reason": lambda p: p.case.provenance.reason,
        "expected": lambda p: p.case.expected,
        "target": lambda p: p.case.provenance.target,
        "note": lambda p: p.note,
    }
    write_rows(list(columns), [[cell(p) for cell in columns.values()] for p in found], format=format)


def say_references(cases: Sequence[EvalCase]) -> None:
    """Say how many of the cases can be compared with an answer that people gave."""
    known = sum(case.expected is not None for case in cases)
    say(f"{known} of {len(cases)} have an expected answer.")


def publish_sets(folder: Path) -> None:
    """Let SQL know what a command just changed of the sets of a project.

    Raises:
        WarehouseError: it cannot be written down; the change itself is made.
    """
    from sayso_ingest.evals import publish

    for problem in publish(folder):
        say(f"SQL does not know of what cannot be read: {problem}")


def tell_version(folder: Path, version: Version, out: Path | None) -> None:
    """Print the folder of a version that was just made, and that in the tree it is written into as well.

    Raises:
        UsageError: the tree has another version of that number.
        SaysoError: it cannot be written into the tree, or SQL cannot be told; the version itself is made.
    """
    from sayso_ingest import evalsets

    click.echo(version.path)
    say_references(version.cases)
    held_out = sum(case.split == "held_out" for case in version.cases)
    say(
        f"{version.name} v{version.number} has {len(version.cases)} cases, {held_out} of them held out. "
        "Commit its folder; it never changes."
    )
    publish_sets(folder)
    if out:
        click.echo(evalsets.write_copy(version, out))
