"""Runs are compared: two in words and figures, many as a table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from sayso_ingest.cli.eval.against import cases_of, compared, read_runs
from sayso_ingest.cli.evalset.common import SHORT_ID
from sayso_ingest.cli.options import Command, Number, with_settings
from sayso_ingest.cli.output import format_option, write_json, write_rows
from sayso_ingest.cli.terminal import clean
from sayso_ingest.excerpt import one_line
from sayso_ingest.settings import Settings

if TYPE_CHECKING:
    from sayso_ingest.evals.compare import Comparison, Pair, Part, Table

LONG = 100
"""Characters of a text that a table shows."""

margin_option = click.option(
    "--margin",
    type=Number(0, 100, min_open=True),
    default=5.0,
    show_default=True,
    metavar="POINTS",
    help="A difference that matters, in points of a hundred.",
)


@click.command(
    cls=Command,
    short_help="Say which of two or more runs is better.",
    examples="""
    sayso eval compare answer-91bc answer-3f2a
    sayso eval compare answer-91bc answer-3f2a --changes 50
    sayso eval compare answer-91bc answer-3f2a short-77ab --format markdown
    """,
)
@with_settings()
@click.argument("a")
@click.argument("b", nargs=-1, required=True)
@margin_option
@click.option(
    "--changes",
    type=click.IntRange(min=0),
    default=10,
    show_default=True,
    metavar="N",
    help="So many of the cases that got worse, and as many that got better.",
)
@format_option("table", "json", "markdown")
def compare(settings: Settings, a: str, b: tuple[str, ...], margin: float, changes: int, format: str) -> None:
    """Say whether run B is better than run A over the cases that both scored, how sure that is, and where.

    With more than two each is compared with A, with intervals that hold for all of them together.
    """
    runs = read_runs(settings, [a, *b])
    if len(runs) > 2:
        from sayso_ingest.evals.compare import compare_many

        met = cases_of(settings, runs)
        _write_table(compare_many(runs, met.cases, changed=met.changed, margin=margin / 100), format)
        return
    found = compared(settings, runs[0], runs[1], margin=margin / 100)
    if format == "json":
        write_json(_as_json(found))
    elif format == "markdown":
        from sayso_ingest.evals.compare import as_markdown, gate

        click.echo(as_markdown(gate(found)), nl=False)
    else:
        _tell(found, changes)


COMMANDS = [compare]


def _tell(found: Comparison, changes: int) -> None:
    from sayso_ingest.evals.compare import details, sentence

    click.echo(clean(sentence(found)) + "\n")
    for line in details(found):
        click.echo(clean(line))
    columns = [
        "cases of",
        "name",
        "cases",
        found.a.label,
        found.b.label,
        "difference",
        "95 % interval",
        "won",
        "lost",
    ]
    if rows := list(_parts(found)):
        click.echo()
        write_rows(columns, rows)
    for what, pairs in (("worse", found.losses), ("better", found.wins)):
        if pairs and changes:
            click.echo(
                f"\n{len(pairs)} got {what}" + (f", {changes} of them" if len(pairs) > changes else "")
            )
            rows = [_change(pair) for pair in pairs[:changes]]
            write_rows(["case", "score", "question", found.a.label, found.b.label], rows)


def _parts(found: Comparison) -> Iterator[list[Any]]:
    kinds = (
        ("split", found.splits),
        ("stratum", found.strata),
        ("topic", found.topics),
        ("theme", found.themes),
    )
    for kind, parts in kinds:
        for part in parts:
            if part.paired:
                yield [kind, part.name or "(none)", part.cases, *_figures(part)]


def _figures(part: Part) -> list[Any]:
    from sayso_ingest.evals.compare.words import points, signed

    paired = part.paired
    if paired is None:
        return []
    interval = f"{signed(paired.interval.low)} to {signed(paired.interval.high)}"
    means = [points(paired.a.mean), points(paired.b.mean)]
    return [*means, signed(paired.difference), interval, paired.wins, paired.losses]


def _change(pair: Pair) -> list[Any]:
    from sayso_ingest.evals.compare.words import points

    texts = [
        "(erased)" if text is None else one_line(clean(text), LONG)
        for text in (pair.input, pair.a.output, pair.b.output)
    ]
    return [pair.case_id[:SHORT_ID], f"{points(pair.a.score)} to {points(pair.b.score)}", *texts]


def _as_json(found: Comparison) -> dict[str, Any]:
    from sayso_ingest.evals.compare import details, sentence

    words = {"sentence": sentence(found), "details": details(found), "cases": found.cases}
    return words | asdict(found)


def _write_table(table: Table, format: str) -> None:
    from sayso_ingest.evals.compare.many import against_first, in_words, with_interval

    if format == "json":
        write_json({"sentence": in_words(table)} | asdict(table))
        return
    first = table.entries[0].label
    columns = ["run", "prompt", "answered by", "cases", "score", f"against {first}", "outcome", "best"]
    rows = [
        [
            *(entry.label, entry.prompt, entry.system, entry.cases, with_interval(entry.scored)),
            *(against_first(entry), str(entry.outcome or "")),
            "best"
            if entry.label == table.best
            else "may be as good"
            if entry.label in table.like_best
            else "",
        ]
        for entry in table.entries
    ]
    if format == "markdown":
        from sayso_ingest.evals.compare.pull_request import table_of

        click.echo(table_of(columns, rows) + "\n")
    else:
        write_rows(columns, rows)
        click.echo()
    click.echo(clean(in_words(table)))
