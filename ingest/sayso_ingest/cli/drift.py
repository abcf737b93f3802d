"""drift: whether what people ask has changed since the weeks before, and in what."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from sayso_ingest.cli.embedding import EMBEDDING, attached_for, chosen_embedder
from sayso_ingest.cli.options import Command, seed_option, with_settings
from sayso_ingest.cli.output import format_option, write_json, write_rows
from sayso_ingest.cli.waiting import running
from sayso_ingest.excerpt import one_line
from sayso_ingest.settings import Settings

if TYPE_CHECKING:
    from sayso_ingest.mining import Drift, TopicChange

QUESTION = 100
"""Characters of a question in the table; --format json has it whole."""


@click.command(
    cls=Command,
    short_help="Say whether and how what people ask has changed.",
    examples="""
    sayso drift
    sayso drift --days 14 --before 56
    sayso drift --format json
    """,
)
@with_settings(*EMBEDDING)
@click.option(
    "--days",
    type=click.IntRange(1, 3650),
    default=7,
    show_default=True,
    metavar="N",
    help="The days that are looked at, up to the newest interaction.",
)
@click.option(
    "--before",
    type=click.IntRange(1, 3650),
    default=28,
    show_default=True,
    metavar="N",
    help="The days before them, which they are held against.",
)
@click.option(
    "--topics",
    type=click.IntRange(min=0),
    default=5,
    show_default=True,
    metavar="N",
    help="How many topics to show, those whose share changed the most.",
)
@seed_option(0, "finds the same")
@format_option("table", "json")
def drift(settings: Settings, days: int, before: int, topics: int, seed: int, format: str) -> None:
    """Say whether what people ask has changed in the last days, how sure that is, and what to do next.

    Two questions are asked of the traffic: are there things that were not asked before, and did the mix change? Their
    p-values are for one look, both questions together: who looks every week and finds nothing new is told of a change
    about once in twenty weeks by chance.
    """
    from sayso_ingest.mining import measure_drift
    from sayso_ingest.warehouse import Published, home_of

    with (
        Published.open(home_of(settings), attached=attached_for(settings)) as published,
        running(settings, published.query) as run,
    ):
        now = datetime.now(UTC).replace(tzinfo=None)
        found = measure_drift(
            published.query,
            until=now,
            days=days,
            before=before,
            seed=seed,
            choose=run.keeping(chosen_embedder(settings, published)),
        )
    if format == "json":
        write_json(_as_json(found, topics))
    else:
        _tell(found, topics)


COMMANDS = [drift]


def _as_json(found: Drift, topics: int) -> dict[str, Any]:
    return {
        "sentence": found.sentence,
        "next": found.next,
        "changed": found.changed,
        **asdict(found),
        "topics": [asdict(topic) for topic in found.topics[:topics]],
    }


def _tell(found: Drift, topics: int) -> None:
    click.echo(found.sentence)
    if found.next:
        click.echo(f"Next: {found.next}")
    if found.changed is None:
        return
    click.echo("\nHow sure (p-values for one look, both questions together)")
    write_rows(["what may have changed", "p"], [[one.question, one.p] for one in found.answers])
    if found.topics[:topics]:
        click.echo("\nTopics whose share changed the most")
        columns = [
            "topic",
            "before",
            "now",
            "change",
            "95 % interval",
            "p, corrected",
            "people now",
            "for instance",
        ]
        write_rows(columns, [_topic(topic) for topic in found.topics[:topics]])
    if found.look_at:
        click.echo("\nLook at")
        write_rows(
            ["target", "question"], [[one.target, one_line(one.input, QUESTION)] for one in found.look_at]
        )


def _topic(topic: TopicChange) -> list[Any]:
    return [
        topic.topic,
        f"{topic.before:.1%}",
        f"{topic.now:.1%}",
        f"{topic.difference:+.1%}",
        f"{topic.low:+.1%} to {topic.high:+.1%}",
        topic.p,
        topic.people,
        ", ".join(topic.examples),
    ]
