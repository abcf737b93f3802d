"""A run goes into an experiment tracker, also one that was away when the run ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from sayso_ingest.cli.evalset.common import project_folder
from sayso_ingest.cli.options import Command, say, with_settings
from sayso_ingest.cli.terminal import clean
from sayso_ingest.errors import SaysoError
from sayso_ingest.settings import Settings

if TYPE_CHECKING:
    from sayso_ingest.evals.runs import Run

NAMES = ("mlflow", "wandb", "comet")


@click.command(
    cls=Command,
    short_help="Log a run with MLflow, W&B or Comet.",
    examples="""
    sayso eval track latest --with mlflow
    sayso eval track answer-3f2a --with wandb
    sayso eval track latest --with comet
    """,
)
@with_settings()
@click.argument("run")
@click.option("--with", "tracker", type=click.Choice(NAMES), required=True, help="The experiment tracker.")
def track(settings: Settings, run: str, tracker: str) -> None:
    """Log a finished RUN, named by its id, the beginning of it, or `latest`, with an experiment tracker.

    Where the tracker is and who you are there is set as its own package reads it, such as MLFLOW_TRACKING_URI or
    WANDB_API_KEY. Questions, answers and the prompt go there. The same run again is no second one there: what was
    logged is brought up to date.
    """
    from sayso_ingest.evals.runs import read_run

    log_run(settings, read_run(project_folder(settings), run), tracker)


def log_run(settings: Settings, run: Run, tracker: str) -> None:
    """Log a finished run, and print where it can be seen.

    Raises:
        MissingExtra: the tracker's package is not installed.
        SaysoError: the tracker does not take it; the run stays as it is.
    """
    from sayso_ingest import evalsets
    from sayso_ingest.evals.trackers import track as log

    ran = run.manifest.set
    try:
        cases = evalsets.read(settings.project_folder, ran.name, ran.version).cases
    except SaysoError as error:
        say(f"The table there has no questions: {error}")
        cases = ()
    click.echo(clean(log(run, tracker, cases=cases)))


COMMANDS = [track]
