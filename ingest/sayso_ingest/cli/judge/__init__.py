"""judge: another model grades answers by a rubric, and is held against people."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from sayso_ingest.cli.asking import asked_models, budget_options, stopping
from sayso_ingest.cli.judge.drawing import Sampling
from sayso_ingest.cli.judge.landing import wait_for
from sayso_ingest.cli.judge.run import Run
from sayso_ingest.cli.options import Command, Number, refuse_given, say, seed_option, with_settings
from sayso_ingest.cli.output import format_option
from sayso_ingest.cli.sending import url_option
from sayso_ingest.errors import UsageError
from sayso_ingest.settings import Settings

if TYPE_CHECKING:
    from sayso_ingest.models import Budget

OF_A_REPORT = ("data", "project", "format", "report")
"""Options that say something of a report."""


@click.command(
    cls=Command,
    short_help="Let another model grade answers, and hold it against people.",
    examples="""
    sayso judge --rubric helpful.md --model openai:http://localhost:11434/v1#llama3.1 --limit 200
    sayso judge --rubric helpful.md --rate 0.05 --max-cost 2 --price-in 0.15 --price-out 0.6
    sayso judge --rubric helpful.md --by uncertainty --limit 200 --samples 3
    sayso judge --rubric helpful.md --pairs --dry-run
    sayso judge --report
    """,
)
@with_settings("host", "port", "model", "second_model")
@click.option(
    "--rubric",
    "rubric_file",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Markdown that says what is good.",
)
@click.option(
    "--rate",
    type=Number(0, 1, min_open=True),
    default=1.0,
    show_default=True,
    metavar="R",
    help="The share of interactions that is judged.",
)
@click.option(
    "--by",
    type=click.Choice(["chance", "uncertainty"]),
    default="chance",
    show_default=True,
    help="chance: all alike; uncertainty: rather those that people may like or dislike alike.",
)
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Draw at most N interactions.")
@click.option(
    "--samples",
    type=click.IntRange(1, 25),
    default=1,
    show_default=True,
    metavar="N",
    help="Ask N times, and take the label of most.",
)
@click.option(
    "--pairs",
    is_flag=True,
    help="Say which of several candidates is better, each pair in both orders; of one interaction at most 4.",
)
@seed_option(0, "draws the same interactions")
@budget_options
@click.option(
    "--dry-run", is_flag=True, help="Say how many calls that is and about what they cost; ask nothing."
)
@click.option("--report", is_flag=True, help="Only say where judges stand; ask nothing.")
@url_option
@format_option("table", "json")
@click.pass_context
def judge(
    context: click.Context,
    settings: Settings,
    rubric_file: Path | None,
    rate: float,
    by: str,
    limit: int | None,
    samples: int,
    pairs: bool,
    seed: int,
    budget: Budget,
    concurrency: int,
    dry_run: bool,
    report: bool,
    url: str | None,
    format: str,
) -> None:
    """Let another model grade answers by a rubric, send its judgements to the collector, and hold it against people.

    The texts of what is judged go to the endpoint of the model. What was judged by this model and rubric is not judged
    again, and replies are kept in DATA/PROJECT/models: after Ctrl-C, or when the budget is spent, the same command goes
    on. In the end, or with --report, it says how far its rates are to be trusted.
    """
    from sayso_ingest.cli.standing import write_standing
    from sayso_ingest.judge import Asking, Rubric

    if report:
        others = [one.name for one in context.command.params if one.name not in OF_A_REPORT]
        refuse_given(
            context, others, "for judging, and --report only says where judges stand. Leave one away."
        )
        write_standing(settings, format)
        return
    if rubric_file is None:
        raise UsageError(
            "No rubric is named. Say what is good in a Markdown file, and name it with --rubric FILE."
        )
    rubric = Rubric.read(rubric_file)
    asking = Asking(samples=samples, seed=seed, pairs=pairs)
    sampling = Sampling(rate, by, limit, seed)
    with (
        stopping("what was asked is still answered and kept.") as stopped,
        asked_models(settings, budget, stopped, second=True) as models,
    ):
        run = Run(settings, rubric, asking, models, budget)
        if dry_run:
            run.estimate(sampling)
            return
        taken = run.judge(sampling, concurrency=concurrency, url=url, stopped=stopped)
    if stopped.is_set():
        say("Stopped. What was judged is kept; the same command goes on.")
        raise click.Abort
    wait_for(settings, taken)
    write_standing(settings, format)


COMMANDS = [judge]
