"""How far scores of a set are to be trusted: how often it was chosen by, and how well it foretold what people said."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from sayso_ingest.cli.evalset.common import project_folder
from sayso_ingest.cli.options import Command, say, with_settings
from sayso_ingest.cli.output import format_option, write_json, write_rows
from sayso_ingest.cli.terminal import clean
from sayso_ingest.errors import SaysoError
from sayso_ingest.settings import Settings

if TYPE_CHECKING:
    from sayso_ingest.evals.compare import Choices, Foresight, Sides
    from sayso_ingest.evals.runs import Manifest, Run


@click.command(
    cls=Command,
    short_help="Say how far scores of each set are to be trusted.",
    examples="""
    sayso eval standing
    sayso eval standing --format json
    """,
)
@with_settings()
@format_option("table", "json")
def standing(settings: Settings, format: str) -> None:
    """Say of each version of a set that was run how many candidates were chosen among by it, and what luck that is.

    And how well its scores have foretold what people said of the same prompt versions in production.
    """
    from sayso_ingest.evals.runs import runs_of

    finished = [one for one in runs_of(project_folder(settings)) if one.finished_at]
    sets = sorted({(one.set.name, one.set.version) for one in finished})
    if not sets:
        say("No set was run yet.")
    found = [_of(settings, name, version, finished) for name, version in sets]
    if format == "json":
        write_json([_as_json(*one) for one in found])
        return
    for one in found:
        _tell(*one)


COMMANDS = [standing]


def _of(
    settings: Settings, name: str, version: int, finished: list[Manifest]
) -> tuple[Choices, Sides | None, Foresight | None]:
    from sayso_ingest.evals.compare import candidate, choices_by, sides_of
    from sayso_ingest.evals.runs import read_run

    here = [one for one in finished if (one.set.name, one.set.version) == (name, version)]
    newest = {candidate(one): one.run_id for one in here}
    runs = [read_run(project_folder(settings), run_id) for run_id in newest.values()]
    two = (runs[-2], runs[-1]) if len(runs) > 1 else None
    sides = sides_of(runs[-1], runs[-1].label)
    return choices_by(name, version, here, two), sides, _foresight(settings, runs)


def _foresight(settings: Settings, runs: list[Run]) -> Foresight | None:
    """None where the published copy cannot be asked, and that was said."""
    from sayso_ingest.evals.compare import foresight, read_seen
    from sayso_ingest.warehouse import Published, home_of

    try:
        with Published.open(home_of(settings)) as published:
            return foresight(read_seen(published.query, runs))
    except SaysoError as error:
        say(f"What people said cannot be asked for: {error}")
        return None


def _tell(choices: Choices, sides: Sides | None, seen: Foresight | None) -> None:
    from sayso_ingest.evals.compare import warning
    from sayso_ingest.evals.compare.choices import in_words as sides_in_words
    from sayso_ingest.evals.compare.foretold import in_words
    from sayso_ingest.evals.compare.words import points

    luck = "not known" if choices.luck is None else f"{points(choices.luck)} points"
    row = [f"{choices.set_name} v{choices.set_version}", choices.runs, choices.candidates, luck]
    write_rows(["set", "runs", "candidates", "luck of the best"], [row])
    lines = [warning(choices), sides_in_words(sides) if sides else None, in_words(seen) if seen else None]
    for line in filter(None, lines):
        click.echo(clean(line))
    click.echo()


def _as_json(choices: Choices, sides: Sides | None, seen: Foresight | None) -> dict[str, Any]:
    from dataclasses import asdict

    from sayso_ingest.evals.compare import warning
    from sayso_ingest.evals.compare.foretold import in_words

    return {
        **asdict(choices),
        "warning": warning(choices),
        "splits": asdict(sides) if sides else None,
        "foresight": asdict(seen) | {"enough": seen.enough, "sentence": in_words(seen)} if seen else None,
    }
