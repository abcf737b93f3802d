"""mine, evalset, coverage: from what people dislike to versions of an eval set, and what share of traffic it covers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sayso_ingest.cli.options import Command, Group, say, with_settings
from sayso_ingest.cli.output import format_option, write_rows
from sayso_ingest.errors import NotFound
from sayso_ingest.settings import Settings

if TYPE_CHECKING:
    from sayso_ingest.evalsets import Proposal, Version

SHORT_ID = 12
"""Characters of a case id that are shown; as many, or more, name a case."""

set_option = click.option("--set", "name", required=True, metavar="NAME", help="The eval set.")


@click.command(
    cls=Command,
    examples="""
    sayso mine --set helpdesk --budget 50
    sayso mine --set helpdesk --budget 50 --strategy different --format json
    sayso evalset promote helpdesk --all
    """,
)
@with_settings()
@set_option
@click.option(
    "--budget", type=click.IntRange(min=1), default=50, show_default=True, help="How many to propose."
)
@click.option("--strategy", default="hard", show_default=True, help="hard, different or represent.")
@click.option(
    "--seed", type=int, default=0, show_default=True, help="The same seed draws the same candidates."
)
@format_option()
def mine(settings: Settings, name: str, budget: int, strategy: str, seed: int, format: str) -> None:
    """Propose interactions as eval cases: disliked, unlike the current set, each with its reason.

    A tenth of the budget is drawn at random, with known probability, so that rates stay unbiased.
    """
    from sayso_ingest import evalsets, mining
    from sayso_ingest.warehouse import Published

    folder = settings.project_folder
    current = evalsets.latest(folder, name)
    with Published.open(folder) as published:
        found = mining.mine(
            published.query,
            current_cases=current.rows() if current else (),
            budget=budget,
            seed=seed,
            strategy=strategy,
        )
    cases = [evalsets.EvalCase.from_candidate(candidate) for candidate in found]
    added = evalsets.propose(folder, name, cases)
    _write_proposals(added, format)
    say(f"{len(added)} new candidates for {name} ({len(cases) - len(added)} were proposed before).")
    say(f"Look: sayso evalset candidates {name}   Take them: sayso evalset promote {name} --all")


@click.command(
    cls=Command,
    examples="""
    sayso coverage --set helpdesk
    sayso coverage --set helpdesk --topics 40 --gaps 20
    sayso coverage --set helpdesk --format json
    """,
)
@with_settings()
@set_option
@click.option("--topics", type=click.IntRange(min=1), help="Number of topics (K). The level depends on it.")
@click.option(
    "--gaps", type=click.IntRange(min=0), default=5, show_default=True, help="How many gaps to show."
)
@click.option("--seed", type=int, default=0, show_default=True)
@format_option("table", "json")
def coverage(settings: Settings, name: str, topics: int | None, gaps: int, seed: int, format: str) -> None:
    """Measure what share of production traffic the latest version of an eval set represents."""
    from sayso_ingest import evalsets, mining
    from sayso_ingest.cli.output import write_json
    from sayso_ingest.warehouse import Published

    folder = settings.project_folder
    version = evalsets.latest(folder, name)
    with Published.open(folder) as published:
        found = mining.coverage(
            published.query, cases=version.rows() if version else [], topics=topics, seed=seed
        )
    if format == "json":
        write_json({"levels": found.rows(), "gaps": found.gap_rows()[:gaps]})
        return
    for level in found.levels:
        click.echo(
            f"{level.share:.0%} [{level.low:.0%} to {level.high:.0%}] of traffic is in a topic with "
            f"at least {level.at_least} eval case{'s' if level.at_least > 1 else ''}"
        )
    state = f"{name} v{version.number}" if version else f"{name} (no version yet)"
    click.echo(f"{state}: {found.cases} cases against {found.interactions} interactions.")
    click.echo(
        f"K = {found.topics} topics, embedder {found.embedder}: compare only figures with the same two."
    )
    if found.gaps and gaps:
        click.echo("\nLargest gaps")
        rows = [
            [gap.topic, gap.interactions, f"{gap.share:.1%}", gap.cases, ", ".join(gap.examples)]
            for gap in found.gaps[:gaps]
        ]
        write_rows(["topic", "interactions", "share", "cases", "examples"], rows)


@click.group(
    cls=Group,
    examples="""
    sayso evalset list
    sayso evalset candidates helpdesk
    sayso evalset promote helpdesk --all --note "first set"
    sayso evalset show helpdesk
    """,
)
def evalset() -> None:
    """Review candidates and promote them to versions of an eval set, which never change."""


@evalset.command(
    "list",
    cls=Command,
    examples="""
    sayso evalset list
    """,
)
@with_settings()
@format_option()
def list_(settings: Settings, format: str) -> None:
    """List the eval sets and their versions."""
    from sayso_ingest import evalsets

    found = evalsets.all_versions(settings.project_folder)
    if not found:
        say("No eval set yet. Propose cases with: sayso mine --set NAME")
    if found or format != "table":
        rows = [[v.name, f"v{v.number}", len(v.cases), v.created_at, v.note, str(v.path)] for v in found]
        write_rows(["set", "version", "cases", "created_at", "note", "folder"], rows, format=format)


@evalset.command(
    cls=Command,
    examples="""
    sayso evalset candidates helpdesk
    sayso evalset candidates helpdesk --format jsonl
    """,
)
@with_settings()
@click.argument("name")
@format_option()
def candidates(settings: Settings, name: str, format: str) -> None:
    """List what has been proposed for a set and how far each is."""
    from sayso_ingest import evalsets

    found = evalsets.proposals(settings.project_folder, name)
    if not found:
        say(f"Nothing has been proposed for {name!r} yet. Propose cases with: sayso mine --set {name}")
    if found or format != "table":
        _write_proposals(found, format)


@evalset.command(
    cls=Command,
    examples="""
    sayso evalset promote helpdesk --all
    sayso evalset promote helpdesk 1f0c9d2ab345 77ab01c2d3e4 --note "reviewed in the weekly"
    sayso evalset promote helpdesk --all --except 1f0c9d2ab345
    """,
)
@with_settings()
@click.argument("name")
@click.argument("cases", nargs=-1)
@click.option("--all", "every", is_flag=True, help="Promote every candidate that is not promoted yet.")
@click.option("--except", "left_out", multiple=True, metavar="CASE", help="With --all: leave this one out.")
@click.option("--note", default="", metavar="TEXT", help="Why; it stands in the manifest.")
def promote(
    settings: Settings, name: str, cases: tuple[str, ...], every: bool, left_out: tuple[str, ...], note: str
) -> None:
    """Make the next version of a set: all cases of the last one and the candidates named."""
    from sayso_ingest import evalsets

    if every == bool(cases):
        raise click.UsageError("Name the cases to promote, or say --all.")
    folder = settings.project_folder
    waiting = _waiting(folder, name)
    chosen = _without(waiting, left_out) if every else [_named(waiting, prefix) for prefix in cases]
    version = evalsets.promote(folder, name, [proposal.case for proposal in chosen], note=note)
    evalsets.advance(folder, name, [p.case.case_id for p in chosen], to=evalsets.State.PROMOTED, note=note)
    click.echo(version.path)
    say(f"{name} v{version.number} has {len(version.cases)} cases. Commit its folder; it never changes.")


@evalset.command(
    cls=Command,
    examples="""
    sayso evalset show helpdesk
    sayso evalset show helpdesk --version 1 --format jsonl
    """,
)
@with_settings()
@click.argument("name")
@click.option(
    "--version", "number", type=click.IntRange(min=1), help="Which version; the latest if not given."
)
@format_option()
def show(settings: Settings, name: str, number: int | None, format: str) -> None:
    """Show the cases of a version."""
    version = _version(settings, name, number)
    rows = [
        [c.case_id[:SHORT_ID], c.stratum, c.topic, c.input, c.expected, c.reference_kind, c.provenance.reason]
        for c in version.cases
    ]
    write_rows(["case", "stratum", "topic", "input", "expected", "reference", "reason"], rows, format=format)


@evalset.command(
    cls=Command,
    examples="""
    sayso evalset diff helpdesk 1 2
    """,
)
@with_settings()
@click.argument("name")
@click.argument("before", type=click.IntRange(min=1))
@click.argument("after", type=click.IntRange(min=1))
@format_option()
def diff(settings: Settings, name: str, before: int, after: int, format: str) -> None:
    """Say which cases one version has and another has not."""
    from sayso_ingest import evalsets

    versions = [_version(settings, name, number) for number in (before, after)]
    difference = evalsets.compare(*versions)
    inputs = {case.case_id: case.input for version in versions for case in version.cases}
    changes = (("added", difference.added), ("removed", difference.removed), ("changed", difference.changed))
    rows = [[change, case[:SHORT_ID], inputs[case]] for change, cases in changes for case in cases]
    if not rows:
        say(f"{name} v{before} and v{after} hold the same cases.")
    if rows or format != "table":
        write_rows(["change", "case", "input"], rows, format=format)


COMMANDS = [mine, evalset, coverage]


def _version(settings: Settings, name: str, number: int | None) -> Version:
    from sayso_ingest import evalsets

    if number is not None:
        return evalsets.read(settings.project_folder, name, number)
    version = evalsets.latest(settings.project_folder, name)
    if version is None:
        raise NotFound(f"There is no eval set {name!r} yet. Propose cases with: sayso mine --set {name}")
    return version


def _waiting(folder: Path, name: str) -> list[Proposal]:
    """Candidates that are not in the set. Those of a promotion that was cut short are, and are marked so."""
    from sayso_ingest import evalsets

    version = evalsets.latest(folder, name)
    known = {case.case_id for case in version.cases} if version else set()
    found = [p for p in evalsets.proposals(folder, name) if p.state != evalsets.State.PROMOTED]
    cut_short = [p.case.case_id for p in found if p.case.case_id in known]
    if cut_short:
        evalsets.advance(folder, name, cut_short, to=evalsets.State.PROMOTED)
    return [p for p in found if p.case.case_id not in known]


def _write_proposals(found: Sequence[Proposal], format: str) -> None:
    columns: dict[str, Callable[[Proposal], Any]] = {
        "case": lambda p: p.case.case_id[:SHORT_ID],
        "state": lambda p: str(p.state),
        "stratum": lambda p: p.case.stratum,
        "input": lambda p: p.case.input,
        "reason": lambda p: p.case.provenance.reason,
        "expected": lambda p: p.case.expected,
        "target": lambda p: p.case.provenance.target,
    }
    write_rows(list(columns), [[cell(p) for cell in columns.values()] for p in found], format=format)


def _named(found: Sequence[Proposal], prefix: str) -> Proposal:
    """The one candidate whose id starts so."""
    matches = [proposal for proposal in found if proposal.case.case_id.startswith(prefix)]
    if len(matches) != 1:
        what = "is not the id of a candidate that waits" if not matches else "fits several candidates"
        raise click.UsageError(f"{prefix} {what}. `sayso evalset candidates` lists them.")
    return matches[0]


def _without(found: Sequence[Proposal], left_out: Sequence[str]) -> list[Proposal]:
    excluded = {_named(found, prefix).case.case_id for prefix in left_out}
    return [proposal for proposal in found if proposal.case.case_id not in excluded]
