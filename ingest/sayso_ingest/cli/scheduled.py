"""mine --schedule: what a timer does with candidates, a branch that is ready for a pull request, or silence."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sayso_ingest.cli.options import say

if TYPE_CHECKING:
    from sayso_ingest.evalsets import EvalCase, Repository, Version
    from sayso_ingest.mining import EmbedderChoice, Query


def chosen_tree(schedule: bool, out: Path | None) -> Path | None:
    """The tree to deliver into, None where candidates are only shown.

    Raises:
        click.UsageError: one of the two options is there without the other.
    """
    if schedule and out is None:
        raise click.UsageError(
            "--schedule makes a branch: name the git work tree that is to have it with --out."
        )
    if out is not None and not schedule:
        raise click.UsageError(
            "--out belongs to --schedule. A version is written into a tree by: sayso evalset promote NAME --out DIR"
        )
    return out


def deliver(
    folder: Path,
    name: str,
    found: Sequence[EvalCase],
    *,
    into: Repository,
    current: Version | None,
    query: Query,
    relied: Sequence[str] = (),
    seed: int,
    choose: EmbedderChoice,
) -> None:
    """Make a branch of those candidates that wait and were never in one, and print its name; nothing new: say nothing.

    Raises:
        SaysoError: git refuses it.
    """
    from sayso_ingest import evalsets
    from sayso_ingest.mining import MeasuredLevel, measure_coverage

    now = datetime.now(UTC)
    new = evalsets.undelivered(folder, name, found)
    if not new:
        return
    before = current.rows() if current else []
    levels = [
        [
            MeasuredLevel(level.at_least, level.share, level.low, level.high)
            for level in measure_coverage(query, cases=cases, seed=seed, choose=choose).levels
        ]
        for cases in (before, [*before, *(case.row() for case in new)])
    ]
    page = evalsets.proposal_page(
        name, new, covered=evalsets.Covered(*levels), relied=relied, date=f"{now:%Y-%m-%d}"
    )
    branch = evalsets.deliver(folder, name, new, into=into, page=page, now=now)
    click.echo(branch)
    say(f"{len(new)} candidates for {name}. Hand them on: git -C {into.folder} push origin {branch}")
