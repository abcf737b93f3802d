"""projects: make, list, set and retire them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import click

from sayso_ingest.cli.options import Command, Group, say, with_settings
from sayso_ingest.cli.output import format_option, write_rows
from sayso_ingest.cli.welcome import typed, welcome
from sayso_ingest.errors import NotFound, UsageError
from sayso_ingest.parsers import REDACTABLE, words_of
from sayso_ingest.places import projects_file
from sayso_ingest.settings import Settings

if TYPE_CHECKING:
    from sayso_ingest.projects import Project

COLUMNS = ("name", "created_at", "retired_at", "rate", "burst", "retention", "redact")
DEFAULT = "default"
"""What takes back what was set."""
NONE = "none"

name_argument = click.argument("name")


@click.group(
    cls=Group,
    examples="""
    sayso projects create shop
    sayso projects list
    sayso projects set shop --rate 500 --keep interaction=30d --keep all=365d
    sayso projects retire shop
    """,
)
def projects() -> None:
    """Make projects, and say what differs from one to another.

    What is said stands in DATA/projects.json, for all collectors and landers that read this folder. Collectors take
    it within a second, landers when they look, once an hour, for what is past its age. A project that is not in it
    has what the settings say.
    """


@projects.command(
    cls=Command,
    short_help="Make a project and its first keys.",
    examples="""
    sayso projects create shop
    sayso projects create shop --data /var/lib/sayso
    """,
)
@with_settings("host", "port", project=False)
@name_argument
def create(settings: Settings, name: str) -> None:
    """Make a project: its folder and its first keys, which are printed, this once.

    A service that runs takes it at once.
    """
    from sayso_ingest.keys import check_project
    from sayso_ingest.operate import ensure_project

    check_project(name)
    settings = replace(settings, project=name)
    first = ensure_project(settings.data, name)
    if first is None:
        more = typed(settings, "keys", "create", "--kind", "sk")
        raise UsageError(f"There is a project {name} in {settings.data} already. For another key: {more}")
    click.echo(welcome(settings, first))


@projects.command(
    "list",
    cls=Command,
    short_help="List the projects and what is set of them.",
    examples="""
    sayso projects list
    sayso projects list --format json
    """,
)
@with_settings(project=False)
@format_option()
def list_(settings: Settings, format: str) -> None:
    """List the projects of this data folder and what is set of each; what is empty is as the settings say."""
    names = _known(settings)
    if not names:
        say(
            f"No projects in {settings.data} yet. Make one with: {typed(settings, 'projects', 'create', 'NAME')}"
        )
    if names or format != "table":
        write_rows(COLUMNS, [_row(project) for project in names.values()], format=format)


@projects.command(
    cls=Command,
    short_help="Refuse the keys of a project from now on.",
    examples="""
    sayso projects retire shop
    sayso projects retire shop --undo
    """,
)
@with_settings(project=False)
@name_argument
@click.option("--undo", is_flag=True, help="Let its keys in again.")
def retire(settings: Settings, name: str, undo: bool) -> None:
    """Refuse the keys of a project from now on: with 403 and `project_retired`.

    What has come in is landed yet, and all of it stays, with what keeps and erases it.
    """

    def change(project: Project) -> Project:
        return replace(project, retired_at=None if undo else project.retired_at or datetime.now(UTC))

    _change(settings, name, change)
    back = typed(settings, "projects", "retire", name, "--undo")
    say(
        f"{name} takes events again."
        if undo
        else f"{name} is retired: its keys are refused, its data stays. To take it up again: {back}"
    )


@projects.command(
    "set",
    cls=Command,
    short_help="Say what differs in a project.",
    examples="""
    sayso projects set shop --rate 500 --burst 5000
    sayso projects set shop --keep thumb=90d --keep interaction=30d --keep all=365d
    sayso projects set shop --redact email,phone,card,key
    sayso projects set shop --rate default --keep thumb=default --redact default
    """,
)
@with_settings(project=False)
@name_argument
@click.option(
    "--rate",
    metavar="N",
    help="Events a second that each process of the collector takes of all its keys together, on average; "
    "`default`: no limit of its own.",
)
@click.option(
    "--burst",
    metavar="N",
    help="Events that it takes at once; `default`: what comes in ten seconds at that rate, and 200 at least.",
)
@click.option(
    "--keep",
    multiple=True,
    metavar="KIND=AGE",
    help="How long events of a kind stay: days or hours, as in thumb=90d or signal=12h, or `ever`. The kind can be "
    "`rejects`, or `all` for what has no age of its own. `default` takes it back. Can be given several times.",
)
@click.option(
    "--redact",
    metavar="WORDS",
    help=f"What is replaced in texts before they are kept: {', '.join(REDACTABLE)}, separated by commas, or `none`. "
    "`default`: as SAYSO_REDACT says.",
)
def set_(
    settings: Settings,
    name: str,
    rate: str | None,
    burst: str | None,
    keep: tuple[str, ...],
    redact: str | None,
) -> None:
    """Say what differs in a project; what is not named stays as it is."""
    changes: dict[str, Any] = {}
    if rate is not None:
        changes["rate"] = _number(rate, "--rate", float, 0.01, 1_000_000)
    if burst is not None:
        changes["burst"] = _number(burst, "--burst", int, 1, 100_000_000)
    if redact is not None:
        changes["redact"] = _redacted(redact)

    def change(project: Project) -> Project:
        changed = replace(project, **changes, retention=_kept(project, keep))
        if changed.burst and not changed.rate:
            raise UsageError("A burst goes with a rate. Name both: --rate N --burst N")
        return changed

    if not (changes or keep):
        raise UsageError("Nothing to set was named. Name --rate, --burst, --keep or --redact.")
    write_rows(COLUMNS, [_row(_change(settings, name, change))])


COMMANDS = [projects]


def _known(settings: Settings) -> dict[str, Project]:
    """Every project there is: listed, or with a folder."""
    from sayso_ingest.operate import project_folders
    from sayso_ingest.projects import ProjectBook

    book = ProjectBook(projects_file(settings.data))
    names = sorted(
        {folder.name for folder in project_folders(settings.data)} | {p.name for p in book.entries()}
    )
    return {name: book.get(name) for name in names}


def _change(settings: Settings, name: str, change: Callable[[Project], Project]) -> Project:
    from sayso_ingest.projects import change_project

    if name not in _known(settings):
        make = typed(settings, "projects", "create", name)
        raise NotFound(f"There is no project {name!r} in {settings.data}. Make it with: {make}")
    return change_project(projects_file(settings.data), name, change)


def _row(project: Project) -> Sequence[Any]:
    from sayso_ingest.projects import spelled

    kept = " ".join(f"{kind}={spelled(age)}" for kind, age in sorted(project.retention.items()))
    redact = None if project.redact is None else ",".join(project.redact) or NONE
    return [
        {"retention": kept or None, "redact": redact}.get(column, getattr(project, column))
        for column in COLUMNS
    ]


def _kept(project: Project, keep: Sequence[str]) -> dict[str, timedelta]:
    """The ages of a project with those that were named."""
    from sayso_ingest.projects import KEPT, age_of

    kept = dict(project.retention)
    for word in keep:
        kind, sign, age = word.partition("=")
        if not sign or kind not in KEPT:
            raise UsageError(f"--keep is {word!r}. Write KIND=AGE, with one of: {', '.join(KEPT)}.")
        if age == DEFAULT:
            kept.pop(kind, None)
        else:
            kept[kind] = age_of(age)
    return kept


def _number(text: str, option: str, kind: type[int] | type[float], low: float, high: float) -> float | None:
    if text == DEFAULT:
        return None
    try:
        value = kind(text)
    except ValueError:
        value = -1
    if not low <= value <= high:
        raise UsageError(f"{option} is {text!r}. Allowed: {low:g} to {high:g}, or {DEFAULT}.")
    return value


def _redacted(text: str) -> tuple[str, ...] | None:
    if text in {DEFAULT, NONE}:
        return None if text == DEFAULT else ()
    try:
        return words_of(text)
    except ValueError:
        allowed = ", ".join((*REDACTABLE, NONE, DEFAULT))
        raise UsageError(f"--redact is {text!r}. Allowed: {allowed}.") from None
