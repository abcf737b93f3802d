"""export: files for training tools."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from sayso_ingest.cli.embedding import EMBEDDING
from sayso_ingest.cli.export.account import list_formats
from sayso_ingest.cli.export.cases import export_set
from sayso_ingest.cli.export.training import advise_on_training, export_training
from sayso_ingest.cli.options import Command, Number, refuse_given, with_settings
from sayso_ingest.errors import UsageError
from sayso_ingest.mining import Purpose, Source
from sayso_ingest.settings import Settings

if TYPE_CHECKING:
    from sayso_ingest.evalsets import Split
    from sayso_ingest.export import TrainingFormat

FOR_SETS = ("number", "side")
"""Options that say something of an eval set only."""
FOR_TRAINING = ("sources", "purpose", "verified", "personal", "least", "validation", "split_by", "alike")
"""Options that say something of training data only."""


@click.command(
    cls=Command,
    short_help="Write training data from what people said and did.",
    examples="""
    sayso export --format trl-dpo --out pairs
    sayso export --format trl-sft --out good --validation 0.1 --split-by topic
    sayso export --format trl-kto --from liked --from disliked --dry-run
    sayso export --format parquet --purpose preferences --out pairs
    sayso export --format promptfoo --set helpdesk --out tests
    sayso export --advice
    """,
)
@with_settings(*EMBEDDING)
@click.option(
    "--format",
    "kind",
    metavar="FORMAT",
    help="One of those that --formats lists, such as trl-dpo.",
)
@click.option(
    "--formats",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=lambda context, _, given: list_formats(context) if given else None,
    help="List the formats, and end.",
)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Folder to write to; not needed for a --dry-run.",
)
@click.option("--dry-run", is_flag=True, help="Count what would be kept and left out; write nothing.")
@click.option(
    "--from",
    "sources",
    multiple=True,
    type=click.Choice([str(source) for source in Source]),
    metavar="SOURCE",
    help="Only what comes from here; give it again for more.  [default: all that fit the format]",
)
@click.option(
    "--purpose",
    type=click.Choice([str(purpose) for purpose in Purpose]),
    help="What jsonl and parquet hold; other formats have one each.  [default: preferences]",
)
@click.option("--verified", is_flag=True, help="Only what was sent with a secret key or a feedback token.")
@click.option(
    "--personal", is_flag=True, help="Also what has an address, a number or a key of somebody in it."
)
@click.option(
    "--confidence",
    "least",
    type=Number(0, 1),
    default=0.0,
    show_default=True,
    metavar="SHARE",
    help="Leave out what the next person would less likely agree with; one voice alone is 0.67, two are 0.75.",
)
@click.option(
    "--validation",
    type=Number(0, 0.9),
    default=0.0,
    show_default=True,
    metavar="SHARE",
    help="Hold so much back in a file of its own.",
)
@click.option(
    "--split-by",
    type=click.Choice(["actor", "topic", "question"]),
    default="actor",
    show_default=True,
    help="What is held back together.",
)
@click.option(
    "--alike",
    type=Number(0, 1),
    metavar="COSINE",
    help="From which on a question is taken for one of an eval set in other words.  [default: by embedder; hash 0.65]",
)
@click.option(
    "--advice", is_flag=True, help="Say whether fine-tuning is worth it yet, by topic; write nothing."
)
@click.option("--set", "name", metavar="NAME", help="Export the cases of this eval set, for a test tool.")
@click.option(
    "--version", "number", type=click.IntRange(min=1), metavar="N", help="Its version.  [default: the newest]"
)
@click.option(
    "--side", type=click.Choice(["dev", "held_out"]), help="Only this side of it.  [default: all of it]"
)
@click.pass_context
def export(
    context: click.Context,
    settings: Settings,
    kind: str | None,
    out: Path | None,
    dry_run: bool,
    sources: tuple[str, ...],
    purpose: str | None,
    verified: bool,
    personal: bool,
    least: float,
    validation: float,
    split_by: str,
    alike: float | None,
    advice: bool,
    name: str | None,
    number: int | None,
    side: Split | None,
) -> None:
    """Write training data from what people said and did, in which nobody asks a question of an eval set, or nearly one.

    With --set: the cases of an eval set, for the tool that runs them.
    """
    from sayso_ingest import export as room

    if name is None:
        refuse_given(
            context, FOR_SETS, "for the cases of an eval set. Name one with --set, or leave it away."
        )
    else:
        refuse_given(context, FOR_TRAINING, "for training data. Leave it, or --set, away.")
    if advice:
        advise_on_training(settings, alike)
        return
    if kind is None:
        raise UsageError("Say which with --format FORMAT; --formats lists them. Or ask first: --advice")
    if out is None and not dry_run:
        raise UsageError("Say where to write with --out DIR, or only count with --dry-run.")
    into = None if dry_run else out
    if name is not None:
        export_set(settings, kind, name, number, into, side)
        return
    format = room.find_format(kind)
    wanted = room.Wanted(
        purpose=_purpose(format, purpose),
        sources=tuple(map(Source, sources)),
        verified=verified,
        personal=personal,
        least=least,
        validation=validation,
        split_by=room.SplitBy(split_by),
    )
    export_training(settings, format, wanted, into, alike)


COMMANDS = [export]


def _purpose(format: TrainingFormat, asked: str | None) -> Purpose:
    if format.purpose and asked and asked != format.purpose:
        raise UsageError(
            f"{format.name} holds {format.purpose}. Leave --purpose away, or take jsonl or parquet."
        )
    return format.purpose or Purpose(asked or Purpose.PREFERENCES)
