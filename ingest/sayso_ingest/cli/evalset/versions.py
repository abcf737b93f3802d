"""Versions of a set are made: of candidates, of what was added by hand, without what was retired."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from sayso_ingest.cli.evalset.common import note_option, out_option, project_folder, tell_version
from sayso_ingest.cli.options import Command, say, with_settings
from sayso_ingest.settings import Settings

if TYPE_CHECKING:
    from sayso_ingest.evalsets import EvalCase

BY_HAND = "added by hand"


@click.command(
    cls=Command,
    short_help="Make the next version of a set.",
    examples="""
    sayso evalset promote helpdesk --all
    sayso evalset promote helpdesk 1f0c9d2ab345 77ab01c2d3e4 --note "reviewed in the weekly"
    sayso evalset promote helpdesk --all --except 1f0c9d2ab345
    sayso evalset promote helpdesk --all --out ~/product/evals
    """,
)
@with_settings()
@click.argument("name")
@click.argument("cases", nargs=-1)
@click.option(
    "--all",
    "every",
    is_flag=True,
    help="Promote every candidate that waits, but what a model wrote and nobody reviewed.",
)
@click.option("--except", "left_out", multiple=True, metavar="CASE", help="With --all: leave this one out.")
@note_option
@out_option
def promote(
    settings: Settings,
    name: str,
    cases: tuple[str, ...],
    every: bool,
    left_out: tuple[str, ...],
    note: str,
    out: Path | None,
) -> None:
    """Make the next version of a set: all cases of the last one and the candidates named.

    It is a folder of its own in DATA/PROJECT/evalsets/NAME, which is printed, and never changes.
    """
    from sayso_ingest import evalsets

    if every == bool(cases):
        raise click.UsageError("Name the cases to promote, or say --all.")
    folder = _ready(settings, name, out)
    left = len(evalsets.unreviewed(folder, name)) if every else 0
    if left:
        say(
            f"{left} that a model wrote are left: nobody has reviewed them. Look at them with "
            f"`sayso evalset candidates {name}`, and say of each: sayso evalset review {name} CASE"
        )
    version = evalsets.promote_candidates(
        folder, name, None if every else cases, leave_out=left_out, note=note
    )
    tell_version(folder, version, out)


@click.command(
    cls=Command,
    short_help="Add cases that nobody proposed.",
    examples="""
    sayso evalset add helpdesk --target msg_8f2
    sayso evalset add helpdesk --target msg_8f2 --target msg_91c --note "from the support desk"
    sayso evalset add helpdesk --input "Do you ship to Malta?" --expected "Yes, within five days."
    """,
)
@with_settings()
@click.argument("name")
@click.option(
    "--target",
    "targets",
    multiple=True,
    metavar="TARGET",
    help="The interaction of this target; may be repeated.",
)
@click.option("--input", "question", metavar="TEXT", help="A question of your own.")
@click.option("--expected", metavar="TEXT", help="With --input: the answer that you expect.")
@note_option
@out_option
def add(
    settings: Settings,
    name: str,
    targets: tuple[str, ...],
    question: str | None,
    expected: str | None,
    note: str,
    out: Path | None,
) -> None:
    """Make the next version of a set: all cases of the last one, and cases that a person wants in it.

    An interaction comes with what people expect of it now: the answer of an annotator, an edited text, an accepted
    output. Such cases are a stratum of their own, `manual`, so that rates over the others stay what they are.
    """
    from sayso_ingest import evalsets

    if not targets and question is None:
        raise click.UsageError("Name interactions with --target, or write a question with --input.")
    if expected is not None and question is None:
        raise click.UsageError("--expected belongs to --input. An interaction brings its own.")
    reason = f"{BY_HAND}: {note}" if note else BY_HAND
    folder = _ready(settings, name, out)
    cases = _found(settings, targets, reason) if targets else []
    if question is not None:
        cases.append(evalsets.written_case(question, expected=expected, reason=reason))
    tell_version(folder, evalsets.add_cases(folder, name, cases, note=note), out)


@click.command(
    cls=Command,
    short_help="Take cases out of a set.",
    examples="""
    sayso evalset retire helpdesk 1f0c9d2ab345 --reason "the product no longer does this"
    sayso evalset retire helpdesk 1f0c9d2ab345 77ab01c2d3e4 --reason "asked twice" --out ~/product/evals
    """,
)
@with_settings()
@click.argument("name")
@click.argument("cases", nargs=-1, required=True)
@click.option("--reason", required=True, metavar="TEXT", help="Why; it stands in the manifest.")
@out_option
def retire(settings: Settings, name: str, cases: tuple[str, ...], reason: str, out: Path | None) -> None:
    """Make the next version of a set: all cases of the last one but these.

    Earlier versions keep them. They are not proposed again; `sayso evalset review` brings one back.
    """
    from sayso_ingest import evalsets

    folder = _ready(settings, name, out)
    version = evalsets.retire_cases(folder, name, cases, reason=reason)
    tell_version(folder, version, out)
    say(f"{len(version.retired)} retired. What changed: sayso evalset diff {name}")


COMMANDS = [promote, add, retire]


def _ready(settings: Settings, name: str, out: Path | None) -> Path:
    """Return the project's folder, where the next version has room in the tree it is to be written into."""
    from sayso_ingest import evalsets

    folder = project_folder(settings)
    if out:
        evalsets.check_room(folder, name, out)
    return folder


def _found(settings: Settings, targets: tuple[str, ...], reason: str) -> list[EvalCase]:
    from sayso_ingest import evalsets
    from sayso_ingest.warehouse import Published, home_of

    with Published.open(home_of(settings)) as published:
        return evalsets.find_cases(published.query, targets, reason=reason)
