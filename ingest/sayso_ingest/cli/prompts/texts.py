"""The texts of versions: one with all that is known of it, or how two of them differ."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sayso_ingest.cli.options import Command, say, with_settings
from sayso_ingest.cli.output import format_option, write_json, write_rows
from sayso_ingest.cli.prompts.listed import liked
from sayso_ingest.cli.prompts.reading import Reading, read, repo_option
from sayso_ingest.cli.terminal import clean
from sayso_ingest.excerpt import one_line
from sayso_ingest.places import themes_file
from sayso_ingest.settings import Settings

if TYPE_CHECKING:
    from sayso_ingest.evals.improve import KnownVersion, VersionText
    from sayso_ingest.mining import Theme

LABEL = 12
"""Characters that the name of a field takes."""
THEMES = 5
QUOTE = 80
COLOURS = {"+": "green", "-": "red", "@": "cyan"}


@click.command(
    cls=Command,
    short_help="Show how the texts of two versions differ.",
    examples="""
    sayso prompts diff answer
    sayso prompts diff answer 3f2a9c1b
    sayso prompts diff answer 3f2a9c1b 77ab01c2 --repo ~/product
    sayso prompts diff answer main now
    """,
)
@with_settings()
@repo_option
@click.argument("name")
@click.argument("a", required=False)
@click.argument("b", required=False)
def diff(settings: Settings, repo: Path | None, name: str, a: str | None, b: str | None) -> None:
    """Show how the text of B differs from that of A, as a unified diff.

    A version is named by its beginning, `now` is what the file has, and a commit or branch is taken, too. Without B it
    is `now`; without A it is what answered last in production.
    """
    from sayso_ingest.evals.improve import NOW

    found = read(settings, repo, every=True)
    older = _text(settings, found, name, a or _answered_last(found, name))
    newer = _text(settings, found, name, b or NOW)
    if older.text == newer.text:
        say(f"{older.label} and {newer.label} are the same text.")
        return
    write_diff(older.text, newer.text, before=_head(older), after=_head(newer))


@click.command(
    cls=Command,
    short_help="Show the text of a version and what is known of it.",
    examples="""
    sayso prompts show answer
    sayso prompts show answer 3f2a9c1b --repo ~/product
    sayso prompts show answer now --format json
    """,
)
@with_settings()
@repo_option
@click.argument("name")
@click.argument("version", required=False)
@format_option("table", "json")
def show(settings: Settings, repo: Path | None, name: str, version: str | None, format: str) -> None:
    """Show the text of a version, where it is from, how it was liked, its runs, and what people complain of in it.

    Without VERSION it is what the file has now, else what answered last.
    """
    from sayso_ingest.evals.improve import named_version

    found = read(settings, repo, every=True)
    known = named_version(found.known, name, version, found.checkout)
    text, themes = _text_if_any(settings, known), _themes(settings, known)
    if format == "json":
        write_json(_as_json(known, text, themes))
        return
    for label, told in _account(known, text):
        click.echo(click.style(f"{label:{LABEL}}", bold=True) + clean(told))
    if themes:
        click.echo("\n" + click.style("What people complain of", bold=True))
        columns = ["theme", "comments", "people", "for instance"]
        rows = [[one.label, one.comments, one.people, one_line(one.quote, QUOTE)] for one in themes]
        write_rows(columns, rows)
    if text:
        click.echo("\n" + click.style("Text", bold=True) + "\n" + clean(text.text.rstrip("\n")))


COMMANDS = [diff, show]


def write_diff(older: str, newer: str, *, before: str, after: str) -> None:
    """Print how a text changed, in colour where that is a terminal."""
    lines = difflib.unified_diff(older.splitlines(), newer.splitlines(), before, after, lineterm="")
    for number, line in enumerate(lines):
        bold = number < len(("---", "+++"))
        click.echo(click.style(clean(line), fg=None if bold else COLOURS.get(line[:1]), bold=bold))


def _text(settings: Settings, found: Reading, name: str, version: str | None) -> VersionText:
    from sayso_ingest.evals.improve import named_version, version_text

    return version_text(settings.project_folder, named_version(found.known, name, version, found.checkout))


def _text_if_any(settings: Settings, known: KnownVersion) -> VersionText | None:
    from sayso_ingest.errors import NotFound
    from sayso_ingest.evals.improve import version_text

    try:
        return version_text(settings.project_folder, known)
    except NotFound as error:
        say(str(error))
        return None


def _answered_last(found: Reading, name: str) -> str | None:
    """The version that answered last in production; None where none did."""
    of_name = [one for one in found.known if one.name == name]
    answered = [(one.seen.last_at, one.version) for one in of_name if one.seen and one.version]
    return max(answered)[1] if answered else None


def _head(text: VersionText) -> str:
    return f"{text.label}  {text.source}"


def _themes(settings: Settings, known: KnownVersion) -> Sequence[Theme]:
    """What people complain of in this version, the most frequent first."""
    from sayso_ingest.mining import find_themes, read_comments, recall
    from sayso_ingest.warehouse import Published, home_of

    if known.seen is None:
        return ()
    with Published.open(home_of(settings)) as published:
        comments = read_comments(published.query)
    own = [one for one in comments if (one.prompt_name, one.prompt_version) == (known.name, known.version)]
    return find_themes(own, remembered=recall(themes_file(settings.project_folder))).themes[:THEMES]


def _account(known: KnownVersion, text: VersionText | None) -> Iterator[tuple[str, str]]:
    yield "prompt", f"{known.name}@{known.version}"
    yield "text from", text.source if text else known.where
    seen = known.seen
    if seen:
        yield "answers", f"{seen.interactions:,}, {seen.first_at:%Y-%m-%d} to {seen.last_at:%Y-%m-%d}"
        told = f"; liked by {rate}" if (rate := liked(known)) else ""
        yield "thumbs", f"{seen.up:,} up, {seen.down:,} down, of {seen.people:,} people{told}"
    else:
        yield "answers", "never in production"
    for run in known.runs:
        yield "run", f"{run.sentence}, {run.answered_by}, {run.run_id}"


def _as_json(known: KnownVersion, text: VersionText | None, themes: Sequence[Theme]) -> dict[str, Any]:
    return {
        "prompt": known.name,
        "version": known.version,
        "where": known.where,
        "path": known.path,
        "commit": known.commit,
        "production": asdict(known.seen) if known.seen else None,
        "runs": [asdict(run) for run in known.runs],
        "themes": [
            {name: value for name, value in asdict(one).items() if name != "members"} for one in themes
        ],
        "source": text.source if text else None,
        "text": text.text if text else None,
    }
