"""The versions of prompts are listed: where each text is, how it was liked, and what runs say of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sayso_ingest.cli.options import Command, say, with_settings
from sayso_ingest.cli.output import format_option, write_rows
from sayso_ingest.cli.prompts.reading import SHORT_COMMIT, read, repo_option
from sayso_ingest.settings import Settings

if TYPE_CHECKING:
    from sayso_ingest.evals.improve import KnownVersion


@click.command(
    "list",
    cls=Command,
    short_help="List the versions of prompts.",
    examples="""
    sayso prompts
    sayso prompts list --repo ~/product
    sayso prompts list --format json
    """,
)
@with_settings()
@repo_option
@format_option()
def list_(settings: Settings, repo: Path | None, format: str) -> None:
    """List the versions that production saw, that runs used, and that files in the repository have now.

    Beside each stands where its text is, how people liked it, and the newest finished run of each eval set.
    """
    found = read(settings, repo)
    if not found.known:
        say(
            "No prompts yet. Applications name theirs with client.interaction(..., prompt=...), and files in a folder "
            "called prompts are listed."
        )
    elif format == "table":
        _write_table(found.known)
    if found.known and format != "table":
        write_rows(_COLUMNS, [_row(one) for one in found.known], format=format)
    if found.checkout:
        _say_what_is_missing(found.known)


COMMANDS = [list_]

_COLUMNS = (
    *("prompt", "version", "where", "current", "path", "commit", "interactions", "thumbs", "people"),
    *("up_rate", "up_low", "up_high", "first_at", "last_at", "runs"),
)
_PRODUCTION = ("interactions", "thumbs", "people", "up_rate", "up_low", "up_high", "first_at", "last_at")


def _row(one: KnownVersion) -> list[Any]:
    seen = [getattr(one.seen, name, None) for name in _PRODUCTION]
    runs = [asdict(run) for run in one.runs]
    return [one.name, one.version, one.where, one.current, one.path, one.commit, *seen, runs]


def _write_table(known: Sequence[KnownVersion]) -> None:
    columns = ["prompt", "version", "text", "file", "commit", "answers", "thumbs", "up", "last used", "runs"]
    write_rows(columns, [_cells(one) for one in known])


def _cells(one: KnownVersion) -> list[Any]:
    seen = one.seen
    return [
        *(one.name, one.version, one.where, one.path, (one.commit or "")[:SHORT_COMMIT]),
        *(seen.interactions if seen else "never", seen.thumbs if seen else None, liked(one)),
        seen.last_at.date() if seen else None,
        "; ".join(run.sentence for run in one.runs),
    ]


def liked(one: KnownVersion) -> str | None:
    """The share of thumbs up with its interval; None where nobody gave one."""
    seen = one.seen
    if seen is None or seen.up_rate is None:
        return None
    return f"{seen.up_rate:.0%} ({seen.up_low:.0%} to {seen.up_high:.0%})"


def _say_what_is_missing(known: Sequence[KnownVersion]) -> None:
    """Say which texts the repository does not have, and which of its files production never saw."""
    away = [f"{one.name}@{one.version}" for one in known if one.seen and one.version and one.prompt is None]
    unnamed = [one.name for one in known if one.seen and not one.version]
    unused = [one.path or one.name for one in known if one.current and one.seen is None]
    if away:
        say(
            f"{_count(away, 'version')} answered in production and {_is(away)} in no commit of this repository: "
            f"{', '.join(away)}."
        )
    if unnamed:
        say(f"Production names no version of {', '.join(unnamed)}: send it with sayso.Prompt.from_file.")
    if unused:
        say(f"{_count(unused, 'file')} with a text that was never in production: {', '.join(unused)}.")


def _count(some: Sequence[str], what: str) -> str:
    return f"{len(some)} {what}{'s' if len(some) != 1 else ''}"


def _is(some: Sequence[str]) -> str:
    return "is" if len(some) == 1 else "are"
