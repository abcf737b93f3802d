"""eval run: every case of a version is answered and scored, by each prompt and each that answers."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from sayso_ingest.cli.asking import budget_options, stopping
from sayso_ingest.cli.eval.answering import Answering, Endpoints, answering_options, opened_systems
from sayso_ingest.cli.eval.asked_with import read_prompts
from sayso_ingest.cli.eval.carrying import Carrying, say_dry_run, write_runs
from sayso_ingest.cli.eval.scoring import Scoring, opened_scorers, scoring_options
from sayso_ingest.cli.eval.track import NAMES, log_run
from sayso_ingest.cli.evalset.common import project_folder, publish_sets, version_of
from sayso_ingest.cli.options import Command, say, seed_option, with_settings
from sayso_ingest.cli.output import format_option
from sayso_ingest.errors import UsageError
from sayso_ingest.settings import Settings

if TYPE_CHECKING:
    from sayso import Prompt

    from sayso_ingest.evals.runs import RanSet
    from sayso_ingest.evals.runs.plan import Plan
    from sayso_ingest.evals.scorers import Scorer
    from sayso_ingest.evals.systems import System
    from sayso_ingest.evalsets import EvalCase, Version
    from sayso_ingest.models import Budget


@click.command(
    cls=Command,
    short_help="Run a version of an eval set against a prompt and what answers.",
    examples="""
    sayso eval run --set helpdesk --prompt prompts/answer.md --model openai:http://localhost:11434/v1#llama3.1
    sayso eval run --set helpdesk --prompt prompts/answer.md --prompt prompts/answer.md@HEAD~1 --rubric helpful.md
    sayso eval run --set helpdesk --prompt 'prompts/*.md' --model llama3.1,qwen3 --max-cost 2 --price-in 1 --price-out 4
    sayso eval run --set helpdesk --service http://localhost:8000/answer
    sayso eval run --set helpdesk --command 'python answer.py' --scorer overlap --split dev
    sayso eval run --set helpdesk --prompt prompts/answer.md --rubric helpful.md --scorer pairwise --against answer-v2
    sayso eval compare answer-v2 answer-v3
    """,
)
@with_settings()
@click.option("--set", "name", required=True, metavar="NAME", help="The eval set.")
@click.option(
    "--version",
    "number",
    type=click.IntRange(min=1),
    metavar="N",
    help="Its version; the latest if not given.",
)
@click.option(
    "--split",
    type=click.Choice(["all", "dev", "held_out"]),
    default="all",
    show_default=True,
    help="Only cases of this side: dev to work with, held_out to be looked at last.",
)
@click.option(
    "--cases",
    type=click.IntRange(min=1),
    metavar="N",
    help="Only N cases, drawn at random; all if not given.",
)
@click.option(
    "--prompt",
    "prompts",
    multiple=True,
    metavar="FILE",
    help="The file of a prompt, FILE@COMMIT, or a pattern in quotes; may be given several times.",
)
@click.option(
    "--as",
    "called",
    metavar="NAME@VERSION",
    help="What production calls this prompt.  [default: by file and hash]",
)
@answering_options
@click.option(
    "--samples",
    type=click.IntRange(1, 25),
    default=1,
    show_default=True,
    metavar="N",
    help="Answer each case N times.",
)
@scoring_options
@seed_option(0, "draws the same cases and asks the same")
@click.option(
    "--track", "tracker", type=click.Choice(NAMES), help="Log each run with this experiment tracker as well."
)
@click.option("--note", default="", metavar="TEXT", help="Why; it stays with the run.")
@budget_options
@click.option(
    "--dry-run", is_flag=True, help="Say how many calls that is and about what they cost; ask nothing."
)
@format_option("table", "json")
def run(
    settings: Settings,
    name: str,
    number: int | None,
    split: str,
    cases: int | None,
    prompts: tuple[str, ...],
    called: str | None,
    answering: Answering,
    samples: int,
    scoring: Scoring,
    seed: int,
    tracker: str | None,
    note: str,
    budget: Budget,
    concurrency: int,
    dry_run: bool,
    format: str,
) -> None:
    """Answer every case of a version of an eval set, score the answers, and keep both as a run.

    Several prompts or models make a run each. A run is a folder below DATA/PROJECT/runs that reads well in git. What a
    model answered is kept: after Ctrl-C, or when the budget is spent, the same command goes on where it ended.
    """
    from sayso_ingest.evals.runs.plan import ran_set

    folder = project_folder(settings)
    version = version_of(settings, name, number)
    chosen = _chosen(version, split, cases, seed)
    texts = read_prompts(prompts, called)
    with (
        stopping("what was asked is still answered and kept.") as stopped,
        Endpoints.opened(settings, budget, stopped, fresh=answering.fresh) as endpoints,
        opened_systems(answering, endpoints, seed=seed, samples=samples) as systems,
        opened_scorers(scoring, answering, endpoints) as scorers,
    ):
        plans = [
            _plan(ran_set(version, split, chosen), chosen, prompt, system, scorers, samples, seed, note)
            for prompt in _asked_with(texts, systems)
            for system in systems
        ]
        if dry_run:
            say_dry_run(plans, budget)
            return
        carrying = Carrying(folder, budget, concurrency, stopped)
        runs = carrying.carry(plans)
    publish_sets(folder)
    write_runs(runs, format)
    for run in runs if tracker else ():
        log_run(settings, run, str(tracker))
    if stopped.is_set():
        say("Stopped. What was answered is kept; the same command goes on.")
        raise click.Abort
    carrying.check_whole()


COMMANDS = [run]


def _chosen(version: Version, split: str, count: int | None, seed: int) -> tuple[EvalCase, ...]:
    """The cases that are run, in the order of the version.

    Raises:
        UsageError: there are none.
    """
    of_split = [case for case in version.cases if split in ("all", case.split)]
    if not of_split:
        raise UsageError(
            f"{version.name} v{version.number} has no case that is {split}. Run --split all, or promote more cases."
        )
    if count is None or count >= len(of_split):
        return tuple(of_split)
    drawn = {case.case_id for case in random.Random(seed).sample(of_split, count)}  # noqa: S311 - a sample, no secret
    say(f"Only {count} of {len(of_split)} cases, drawn at random.")
    return tuple(case for case in of_split if case.case_id in drawn)


def _asked_with(prompts: Sequence[Prompt], systems: Sequence[System]) -> Sequence[Prompt | None]:
    """The prompts, or none where what answers has its own.

    Raises:
        UsageError: a model is to answer without one.
    """
    if not prompts and any(system.settings["kind"] == "model" for system in systems):
        raise UsageError("No prompt is named. Name its file with --prompt FILE.")
    return prompts or [None]


def _plan(
    ran: RanSet,
    cases: tuple[EvalCase, ...],
    prompt: Prompt | None,
    system: System,
    scorers: Sequence[Scorer],
    samples: int,
    seed: int,
    note: str,
) -> Plan:
    """One run; its prompt is rendered for every case before anything is asked.

    Raises:
        UsageError: it cannot be rendered for one.
    """
    from sayso_ingest.evals.prompts import Template, own_messages
    from sayso_ingest.evals.runs.plan import Plan

    render = Template(prompt).messages if prompt else own_messages
    for case in cases:
        render(case)
    return Plan(ran, cases, prompt, render, system, scorers, samples, seed, note)
