"""coverage: what share of traffic an eval set represents, how sure that is, and what to add to it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from sayso_ingest.cli.embedding import EMBEDDING, attached_for, chosen_embedder
from sayso_ingest.cli.options import Command, say, seed_option, with_settings
from sayso_ingest.cli.output import format_option, write_json, write_rows
from sayso_ingest.cli.waiting import running
from sayso_ingest.mining import Measured, MeasuredGap, keep_measurement, opened, read_measurements
from sayso_ingest.places import coverage_file
from sayso_ingest.settings import Settings

if TYPE_CHECKING:
    from sayso_ingest.mining import Axis, Coverage, Level

VALUES = 20
"""Values of an axis that are printed for people."""


@click.command(
    cls=Command,
    short_help="Measure what share of traffic an eval set represents.",
    examples="""
    sayso coverage --set helpdesk
    sayso coverage --set helpdesk --gaps 20 --gaps-by disliked
    sayso coverage --set helpdesk --by tag --by variables.language
    sayso coverage --set helpdesk --format json
    """,
)
@with_settings(*EMBEDDING)
@click.option("--set", "name", required=True, metavar="NAME", help="The eval set.")
@click.option(
    "--topics",
    type=click.IntRange(min=1),
    metavar="N",
    help="Number of topics (K). The level depends on it.  [default: by the traffic]",
)
@click.option(
    "--gaps",
    type=click.IntRange(min=0),
    default=5,
    show_default=True,
    metavar="N",
    help="How many gaps to show.",
)
@click.option(
    "--gaps-by",
    type=click.Choice(["traffic", "disliked"]),
    default="traffic",
    show_default=True,
    help="Rank them by the traffic that waits for cases, or by what people spoke against.",
)
@click.option(
    "--by",
    multiple=True,
    metavar="AXIS",
    help="Also by what the application said of each interaction: tag, document, prompt_name, prompt_version, model or "
    "variables.NAME. Can be given several times.",
)
@seed_option(0, "cuts the traffic into the same topics")
@format_option("table", "json")
def coverage(
    settings: Settings,
    name: str,
    topics: int | None,
    gaps: int,
    gaps_by: str,
    by: tuple[str, ...],
    seed: int,
    format: str,
) -> None:
    """Measure what share of production traffic the latest version of an eval set represents.

    Each measurement is kept in DATA/PROJECT/mining/NAME/coverage.jsonl, for the console's page and its trend.
    """
    from sayso_ingest import evalsets
    from sayso_ingest.mining import measure_coverage
    from sayso_ingest.warehouse import Published, home_of

    folder = settings.project_folder
    version = evalsets.latest(folder, name)
    if version is None:
        known = ", ".join(evalsets.set_names(folder)) or "none yet"
        say(f"There is no eval set {name!r} (there are: {known}); measured as an empty one.")
    cases = version.rows() if version else []
    with (
        Published.open(home_of(settings), attached=attached_for(settings)) as published,
        running(settings, published.query, cases) as run,
    ):
        found = measure_coverage(
            published.query,
            cases=cases,
            topics=topics,
            by=by,
            gaps=gaps,
            gaps_by=gaps_by,
            seed=seed,
            choose=run.keeping(chosen_embedder(settings, published, cases)),
        )
    if gaps_by == "disliked" and not found.disliked:
        say("Nobody has spoken against anything yet, so the gaps are ranked by traffic.")
    kept = coverage_file(folder, name)
    before = read_measurements(kept)
    measured = found.measured(at=datetime.now(UTC), version=version.number if version else None)
    keep_measurement(kept, measured)
    if format == "json":
        write_json(found.as_json(gaps=gaps))
    else:
        _tell(found, of=f"{name} v{version.number}" if version else f"{name} (no version yet)")
        _tell_before(measured, before)
        _write_gaps(measured, measured.gaps[:gaps])
        for axis in found.axes:
            _write_axis(axis)


COMMANDS = [coverage]


def _tell(found: Coverage, *, of: str) -> None:
    once, thrice = found.levels
    click.echo(
        f"{_share(once)} of traffic is in a topic with an eval case, {_share(thrice)} in one with at least 3"
    )
    if found.disliked:
        click.echo(f"{_share(found.disliked)} of what people spoke against is in a topic with an eval case")
    about = found.estimate
    click.echo(
        f"What people mean by a topic may be finer or coarser: between {about.low:.0%} and {about.high:.0%} of traffic "
        "has its like in the set, 19 times in 20"
    )
    click.echo(f"{of}: {found.cases} distinct cases against {found.interactions} interactions.")
    click.echo(
        f"K = {found.topics} topics, embedder {found.embedder}: compare only figures with the same two."
    )


def _tell_before(now: Measured, before: Sequence[Measured]) -> None:
    """Say how it was when it was measured last, for the version before where there is one."""
    comparable = [one for one in before if one.embedder_kind == now.embedder_kind and one.levels]
    others = [one for one in comparable if one.version != now.version]
    if comparable:
        last = (others or comparable)[-1]
        of = f"v{last.version}" if last.version else "without a version"
        click.echo(f"Before: {last.levels[0].share:.0%}, {of}, {last.cases} cases, on {last.at:%Y-%m-%d}.")


def _share(level: Level) -> str:
    return f"{level.share:.0%} [{level.low:.0%} to {level.high:.0%}]"


def _write_gaps(measured: Measured, gaps: Sequence[MeasuredGap]) -> None:
    if gaps:
        click.echo("\nLargest gaps")
        against = any(gap.disliked is not None for gap in gaps)
        rows = [
            [
                gap.topic,
                gap.interactions,
                f"{gap.share:.1%}",
                *([f"{gap.disliked or 0:.1%}"] if against else []),
                gap.cases,
                ", ".join(gap.examples),
                f"{gap.rises_to or 0:.0%}",
            ]
            for gap in gaps
        ]
        columns = ["topic", "interactions", "share", *(["of dislike"] if against else []), "cases"]
        write_rows([*columns, "to add", "rises to"], rows)
        click.echo(_raised(measured, gaps))


def _raised(measured: Measured, gaps: Sequence[MeasuredGap]) -> str:
    """How far the cases that close these gaps raise coverage, in a sentence."""
    last, first = gaps[-1], opened(gaps)
    once, thrice = (level.share for level in measured.levels)
    raised = f"from {thrice:.0%} to {last.rises_to or 0:.0%}"
    if not first:
        return f"Adding these {last.adds} raises traffic in a topic with at least 3 eval cases {raised}."
    return (
        f"Adding these {last.adds} raises traffic in a topic with an eval case from {once:.0%} to "
        f"{once + first:.0%}, in one with at least 3 {raised}."
    )


def _write_axis(axis: Axis) -> None:
    once, thrice = axis.levels
    click.echo(f"\nBy {axis.name}")
    click.echo(
        f"{_share(once)} of traffic has a value with an eval case, {_share(thrice)} one with at least 3"
    )
    if axis.without:
        click.echo(f"{axis.without} interactions have no value, and are left out.")
    rows = [[one.value, one.interactions, f"{one.share:.1%}", one.cases] for one in axis.values[:VALUES]]
    write_rows([axis.name, "interactions", "share", "cases"], rows)
    if len(axis.values) > VALUES:
        click.echo(f"and {len(axis.values) - VALUES} more (--format json has all)")
