"""generate: a model writes test cases, from texts and for what a set lacks."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sayso_ingest.cli.asking import asked_models, budget_options, stopping
from sayso_ingest.cli.generate.proposing import propose
from sayso_ingest.cli.generate.run import Run
from sayso_ingest.cli.generate.sources import MOST, Wanted, find_sources
from sayso_ingest.cli.generate.tally import Tally
from sayso_ingest.cli.mine import set_option
from sayso_ingest.cli.options import Command, refuse_given, say, seed_option, with_settings
from sayso_ingest.cli.output import format_option
from sayso_ingest.errors import SaysoError
from sayso_ingest.settings import Settings

if TYPE_CHECKING:
    from sayso_ingest.cli.generate.run import Model
    from sayso_ingest.models import Budget


@click.command(
    cls=Command,
    short_help="Let a model write test cases that a set lacks.",
    examples="""
    sayso generate --set helpdesk --documents handbook/ --model openai:http://localhost:11434/v1#llama3.1
    sayso generate --set helpdesk --contexts --limit 50 --per 2 --max-calls 50
    sayso generate --set helpdesk --gaps 5 --variants --dry-run
    sayso generate --set helpdesk --documents faq.md --with writer:ask
    sayso evalset candidates helpdesk
    """,
)
@with_settings("model")
@set_option
@click.option(
    "--documents",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="PATH",
    help="Write from this file, or the texts in this folder; may be repeated.",
)
@click.option("--contexts", is_flag=True, help="Write from texts that were retrieved for interactions.")
@click.option(
    "--gaps", type=click.IntRange(min=1), metavar="N", help="Write for the N largest gaps of the set."
)
@click.option("--variants", is_flag=True, help="Ask cases of the set that were disliked in other words.")
@click.option(
    "--per",
    type=click.IntRange(1, 20),
    default=3,
    show_default=True,
    metavar="N",
    help="Cases from each source.",
)
@click.option(
    "--limit",
    type=click.IntRange(min=1),
    metavar="N",
    help=f"Write from N sources at most; needed where there are more than {MOST:,}.",
)
@click.option(
    "--with", "own", metavar="MODULE:FUNCTION", help="Ask this function of yours instead of an endpoint."
)
@seed_option(0, "asks the same, and finds the same gaps")
@budget_options
@click.option(
    "--dry-run", is_flag=True, help="Say how many calls that is and about what they cost; ask nothing."
)
@format_option()
@click.pass_context
def generate(
    context: click.Context,
    settings: Settings,
    name: str,
    documents: tuple[Path, ...],
    contexts: bool,
    gaps: int | None,
    variants: bool,
    per: int,
    limit: int | None,
    own: str | None,
    seed: int,
    budget: Budget,
    concurrency: int,
    dry_run: bool,
    format: str,
) -> None:
    """Let a model write test cases: questions, each with the answer that a sentence of its source supports.

    What it writes waits as candidates of the stratum `synthetic` until a person has reviewed it. The texts of the
    sources go to the model. Its replies are kept in DATA/PROJECT/models: after Ctrl-C, or when the budget is spent, the
    same command goes on.
    """
    from sayso_ingest import evalsets

    if own is not None:
        refuse_given(context, ["model"], "for an endpoint, and --with asks a function. Leave one away.")
    version = evalsets.latest(settings.project_folder, name)
    wanted = Wanted(documents, contexts, gaps, variants, limit, seed)
    sources = find_sources(settings, version, wanted)
    tally = Tally()
    with (
        stopping("what was asked is still answered and kept.") as stopped,
        _model(settings, own, budget, stopped) as model,
    ):
        run = Run(sources, model, per=per, seed=seed)
        if dry_run:
            run.estimate(budget)
            return
        failure = None
        try:
            run.write(tally, at_once=concurrency, stopped=stopped)
        except Exception as error:
            failure = error
        if tally.written or not failure:  # what was written before something failed was paid for
            propose(settings.project_folder, name, version, tally, by=model.name, format=format)
            tally.tell(budget)
        if failure:
            raise failure
    if stopped.is_set():
        say("Stopped. What was written is kept; the same command goes on.")
        raise click.Abort
    if tally.failed and not tally.written:
        raise SaysoError(
            "No model's answer was of use, so nothing was written. Ask again, or ask another model."
        )


COMMANDS = [generate]


@contextmanager
def _model(settings: Settings, own: str | None, budget: Budget, stopped: threading.Event) -> Iterator[Model]:
    from sayso_ingest.models import OwnModel

    if own is not None:
        yield OwnModel.named(own, budget=budget)
        return
    with asked_models(settings, budget, stopped) as models:
        yield models[0]
