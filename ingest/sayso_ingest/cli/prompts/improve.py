"""A prompt is improved: what there is to learn is gathered, and a model is asked for a changed text."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sayso_ingest.cli.asking import asked_models, budget_options, say_estimate
from sayso_ingest.cli.evalset.common import project_folder, version_of
from sayso_ingest.cli.mine import set_option
from sayso_ingest.cli.options import Command, say, seed_option, with_settings
from sayso_ingest.cli.prompts.proposing import Own, Proposing, propose
from sayso_ingest.cli.prompts.reading import read, repo_option
from sayso_ingest.errors import NotFound, UsageError
from sayso_ingest.places import improve_folder, themes_file
from sayso_ingest.settings import Settings

if TYPE_CHECKING:
    from sayso import Prompt

    from sayso_ingest.evals.improve import Complaints, Gathered
    from sayso_ingest.evalsets import EvalCase
    from sayso_ingest.models import Budget, Question


@click.command(
    cls=Command,
    short_help="Gather what a prompt can learn from, and let a model change it.",
    examples="""
    sayso prompts improve answer --set helpdesk
    sayso prompts improve answer --set helpdesk --run latest --model openai:http://localhost:11434/v1#llama3.1
    sayso prompts improve prompts/answer.md --set helpdesk --dry-run
    sayso prompts improve answer --set helpdesk --apply
    """,
)
@with_settings("model")
@click.argument("prompt")
@set_option
@click.option(
    "--run",
    "run_name",
    metavar="RUN",
    help="Learn from the answers of this run.  [default: the newest of the set with this prompt, else production's]",
)
@repo_option
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Write into this folder.  [default: improve/NAME in the project's folder]",
)
@seed_option(0, "asks for the same proposal")
@budget_options
@click.option("--dry-run", is_flag=True, help="Say about what asking costs; ask and write nothing.")
@click.option(
    "--gate/--no-gate",
    "gated",
    default=True,
    show_default=True,
    help="Run the proposal as the run was made, where the same model answered it, and hold it against that.",
)
@click.option(
    "--apply", "apply_it", is_flag=True, help="Write the changed text into the prompt's file as well."
)
def improve(
    settings: Settings,
    prompt: str,
    name: str,
    run_name: str | None,
    repo: Path | None,
    out: Path | None,
    seed: int,
    budget: Budget,
    concurrency: int,
    dry_run: bool,
    gated: bool,
    apply_it: bool,
) -> None:
    """Gather questions, answers, complaints and expected answers by theme, and let a model change the prompt.

    They are written as a training set for optimisers, without held-out cases. Where a model is named it is asked for a
    changed text, which is shown as a diff and written beside it; the prompt's own file changes with --apply alone. What
    people wrote goes to the model. The same command asks nothing again.
    """
    if apply_it and not settings.model:
        raise UsageError(
            "--apply takes what a model proposes. Name one with --model openai:URL#MODEL, or SAYSO_MODEL."
        )
    own = _own(settings, repo, prompt)
    found = _gather(settings, own, set_name=name, run_name=run_name)
    question = _question(own.prompt, found, seed)
    if dry_run:
        _estimate(settings, question, budget)
        return
    folder = out or improve_folder(settings.project_folder) / own.prompt.name
    _write(folder, own, found)
    if question is None:
        say(
            "Nothing says what to do otherwise: no case of the run failed, and nobody complained. No model was asked."
        )
    elif not settings.model:
        say("To have the prompt changed by a model, name one with --model openai:URL#MODEL, or SAYSO_MODEL.")
    else:
        wanted = Proposing(own, question, found, budget, concurrency, gated)
        propose(settings, wanted, folder, apply_it=apply_it)


COMMANDS = [improve]


def _own(settings: Settings, repo: Path | None, name: str) -> Own:
    """The file of a prompt, by its path or by its name in production, in runs or in the repository.

    Raises:
        NotFound: there is no such prompt, or no file of it here.
        UsageError: several files are meant, or it is no text.
    """
    from sayso import Prompt

    from sayso_ingest.evals.improve import NOW, named_version

    found = read(settings, repo)
    if Path(name).is_file():
        file = Path(name)
    else:
        meant = named_version(found.known, name, NOW, None).prompt
        top = found.checkout.top if found.checkout else None
        if meant is None or meant.path is None or top is None:
            raise NotFound(f"There is no file of the prompt {name!r} here. Name the file itself.")
        file = top / meant.path
    try:
        prompt = Prompt.from_file(file)
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{file} cannot be read as a prompt: {error}. Name a text in UTF-8.") from error
    same = [one.name for one in found.known if one.prompt and one.prompt.path == prompt.path and one.seen]
    return Own(file, prompt, same[0] if same else prompt.name)


def _gather(settings: Settings, own: Own, *, set_name: str, run_name: str | None) -> Gathered:
    """Gather from the run that was named, or the newest that fits, and from what people wrote.

    Raises:
        NotFound: there is no such set or run.
        UsageError: the run is of another set.
    """
    from sayso_ingest.evals.improve import gather, newest_run
    from sayso_ingest.evals.runs import read_run

    folder = project_folder(settings)
    if run_name is None:
        run = newest_run(folder, set_name=set_name, prompt=own.prompt.name, version=own.prompt.version)
    else:
        run = read_run(folder, run_name)
        if run.manifest.set.name != set_name:
            raise UsageError(
                f"{run.run_id} is a run of {run.manifest.set.name}, not of {set_name}. Name another one."
            )
    cases = version_of(settings, set_name, run.manifest.set.version if run else None).cases
    return gather(cases, _complaints(settings, own, cases), run)


def _complaints(settings: Settings, own: Own, cases: Sequence[EvalCase]) -> Complaints:
    from sayso_ingest.evals.improve import Complaints
    from sayso_ingest.mining import recall
    from sayso_ingest.warehouse import Published, home_of

    remembered = recall(themes_file(settings.project_folder))
    try:
        with Published.open(home_of(settings)) as published:
            return Complaints.gather(published.query, cases, prompt=own.called, remembered=remembered)
    except NotFound as error:
        say(f"What people wrote is not known: {error}")
        return Complaints.none()


def _question(prompt: Prompt, found: Gathered, seed: int) -> Question | None:
    """What a model is asked; None where nothing says what to do otherwise."""
    from sayso_ingest.evals.improve import lessons_to_show, question_for

    lessons, themes = lessons_to_show(found.training), found.complaints.themes
    return question_for(prompt, lessons, themes, seed=seed) if lessons or themes else None


def _estimate(settings: Settings, question: Question | None, budget: Budget) -> None:
    if question is None:
        click.echo("No call would be made: nothing says what to do otherwise.")
        return
    with asked_models(settings, budget, threading.Event()) as [model]:
        say_estimate([(model, question)], budget)


def _write(folder: Path, own: Own, found: Gathered) -> None:
    """Write what was gathered, print the folder, and say what is in it."""
    from sayso_ingest.evals.improve import write

    write(folder, own.prompt.name, found)
    click.echo(folder)
    training = found.training
    failing = sum(one.is_failing for one in training.lessons)
    source = f"run {found.run.run_id}" if found.run else "production"
    say(
        f"{len(training.lessons)} cases with answers of {source}, {failing} of them failing, in "
        f"{len([theme for theme in training.themes if theme])} themes; {len(training.with_answer)} with an expected "
        f"answer are in training.jsonl. {training.held_out} held-out cases are not, nor {training.like_held_out} that "
        "ask the same."
    )
