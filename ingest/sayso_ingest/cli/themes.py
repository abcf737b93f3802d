"""themes: what people write who do not like an answer, gathered into themes."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from sayso_ingest.cli.options import Command, say, seed_option, with_settings
from sayso_ingest.cli.output import format_option, write_json, write_rows
from sayso_ingest.cli.terminal import clean
from sayso_ingest.excerpt import one_line
from sayso_ingest.places import gathered_file, themes_file
from sayso_ingest.settings import Settings

if TYPE_CHECKING:
    from sayso_ingest.mining import Theme, Themes

QUOTE = 80
"""Characters of a quote in the table; --format json has it whole."""
PHRASES = 8


@click.command(
    cls=Command,
    short_help="Gather what people write who do not like an answer into themes.",
    examples="""
    sayso themes
    sayso themes --limit 10
    sayso themes --format json
    """,
)
@with_settings()
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Show the N most frequent themes.")
@seed_option(0, "finds the same themes")
@format_option("table", "json")
def themes(settings: Settings, limit: int | None, seed: int, format: str) -> None:
    """Gather what people write who do not like an answer into themes, the most frequent first.

    Comments of people who liked the answer are left out, and of those with no click what reads like theirs. A theme
    keeps its id from run to run: what there was is kept in DATA/PROJECT/mining/themes.json. The console shows what was
    found last on its page What goes wrong.
    """
    from sayso_ingest.mining import find_themes, read_comments, recall
    from sayso_ingest.warehouse import Published, home_of

    with Published.open(home_of(settings)) as published:
        comments = read_comments(published.query)
    found = find_themes(comments, remembered=recall(themes_file(settings.project_folder)), seed=seed)
    if found.themes:
        _keep(settings, found)
    shown = found.themes[:limit]
    if format == "json":
        write_json(_as_json(found, shown))
    elif not shown:
        say(
            "No themes: nobody has written why an answer was not good. Comments and details of a thumb down make them."
        )
    else:
        _tell(found, shown)


COMMANDS = [themes]


def _keep(settings: Settings, found: Themes) -> None:
    from sayso_ingest.mining import keep_gathered, remember

    file = themes_file(settings.project_folder)
    try:
        remember(file, found.remembered)
        now = datetime.now(UTC).replace(tzinfo=None)
        keep_gathered(gathered_file(settings.project_folder), found, now=now)
    except OSError as error:
        say(f"The ids of these themes may change: {file.parent} cannot be written ({error.strerror}).")


def _tell(found: Themes, shown: tuple[Theme, ...]) -> None:
    columns = ["id", "theme", "comments", "people", "share", "95 % interval", "trend", "for instance"]
    write_rows(columns, [_row(theme) for theme in shown])
    click.echo(f"\n{found.comments:,} comments in {len(found.themes)} themes, embedder {found.embedder}.")
    if found.praise:
        click.echo(f"{found.praise:,} with no click read like praise and are left out.")
    for who, phrases in (("disliked", found.disliked_phrases), ("liked", found.liked_phrases)):
        if phrases:
            words = ", ".join(repr(phrase.text) for phrase in phrases[:PHRASES])
            click.echo(clean(f"Those who {who} it say more often: {words}."))


def _row(theme: Theme) -> list[Any]:
    share = theme.share
    return [
        theme.id,
        theme.label,
        theme.comments,
        theme.people,
        f"{share.rate:.1%}",
        f"{share.low:.1%} to {share.high:.1%}",
        f"{theme.trend} ({theme.before} to {theme.recent} a week)",
        one_line(theme.quote, QUOTE),
    ]


def _as_json(found: Themes, shown: tuple[Theme, ...]) -> dict[str, Any]:
    phrases = {"disliked_phrases": found.disliked_phrases, "liked_phrases": found.liked_phrases}
    return {
        "themes": [
            {name: value for name, value in asdict(theme).items() if name != "members"} for theme in shown
        ],
        "comments": found.comments,
        "praise": found.praise,
        "embedder": found.embedder,
        **{name: [asdict(phrase) for phrase in of] for name, of in phrases.items()},
    }
