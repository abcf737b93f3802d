"""compare: which of two prompt versions, models, releases or arms do people like better, and how sure is that?"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from sayso_ingest.cli.options import Command, Number, with_settings
from sayso_ingest.cli.output import format_option, write_json, write_rows
from sayso_ingest.cli.terminal import clean
from sayso_ingest.settings import Settings

if TYPE_CHECKING:
    from sayso_ingest.analysis import Comparison, Group


def _split(context: click.Context, parameter: click.Parameter, value: str) -> float:  # noqa: ARG001
    """Read 50:50 or 9:1 as the share of the first."""
    first, colon, second = value.partition(":")
    try:
        one, other = float(first), float(second)
    except ValueError:
        one = other = 0.0
    if not colon or min(one, other) <= 0:
        raise click.BadParameter(f"{value!r} is no split. Write two numbers above 0: 50:50, 9:1.")
    return one / (one + other)


@click.command(
    cls=Command,
    short_help="Say which of two versions or models people like better.",
    examples="""
    sayso compare v1 v2
    sayso compare v1 v2 --prompt answer --margin 3
    sayso compare small-1 large-2 --by model --stratify none
    sayso compare control long_answers --by variant --split 90:10 --format json
    """,
)
@with_settings()
@click.option(
    "--by",
    default="version",
    show_default=True,
    metavar="WORD",
    help="What A and B are: version, prompt, model, release or variant.",
)
@click.option("--prompt", metavar="NAME", help="Only this prompt.")
@click.option("--experiment", metavar="NAME", help="Only this experiment.")
@click.option(
    "--kind",
    default="thumb",
    show_default=True,
    metavar="WORD",
    help="What is counted: thumb (thumbs up of all thumbs) or suggestion (accepted as proposed of all decided).",
)
@click.option(
    "--name", default="", metavar="NAME", help="The dimension people were asked about.  [default: none]"
)
@click.option(
    "--stratify",
    default="tag",
    show_default=True,
    metavar="WORD",
    help="Correct for the mix of topics: tag (an interaction's first tag), or none.",
)
@click.option(
    "--margin",
    type=Number(0, 100, min_open=True),
    default=5.0,
    show_default=True,
    metavar="POINTS",
    help="A difference that matters, in percentage points.",
)
@click.option(
    "--split",
    callback=_split,
    default="50:50",
    show_default=True,
    metavar="A:B",
    help="How an experiment was to share out people, or interactions.",
)
@format_option("table", "json")
@click.argument("a")
@click.argument("b")
def compare(settings: Settings, format: str, margin: float, split: float, **contrast: Any) -> None:
    """Say which of two people like better, B against A, and how sure that is.

    The interval of the difference is corrected for the mix of topics and holds however often one looks.
    """
    from sayso_ingest.analysis import Contrast, details, sentence
    from sayso_ingest.analysis import compare as compare_two
    from sayso_ingest.warehouse import Published, home_of

    with Published.open(home_of(settings)) as copy:
        found = compare_two(copy, Contrast(margin=margin / 100, planned=split, **contrast))
    if format == "json":
        write_json(_as_json(found) | {"sentence": sentence(found)})
        return
    columns = ["", "people", "verdicts", "response rate", found.kind, "95 % interval"]
    write_rows(columns, [_side(side) for side in (found.a, found.b)])
    click.echo("\n" + clean("\n".join(details(found))))
    click.echo(f"\n{clean(sentence(found))}")


COMMANDS = [compare]


def _as_json(found: Comparison) -> dict[str, Any]:
    rates = {"a": found.a.response_rate, "b": found.b.response_rate}
    whole = asdict(found)
    return whole | {side: whole[side] | {"response_rate": rate} for side, rate in rates.items()}


def _side(side: Group) -> list[Any]:
    share = side.share
    return [
        side.label,
        share.people if share else 0,
        side.verdicts,
        "not known" if side.response_rate is None else f"{side.response_rate:.1%}",
        f"{share.rate:.1%}" if share else "",
        f"{share.low:.1%} to {share.high:.1%}" if share else "",
    ]
