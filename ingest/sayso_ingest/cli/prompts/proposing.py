"""A model is asked for a changed prompt, which is shown and written, and taken where somebody says so."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sayso_ingest.cli.asking import asked_models, stopping
from sayso_ingest.cli.options import say
from sayso_ingest.cli.prompts.texts import write_diff
from sayso_ingest.errors import SaysoError
from sayso_ingest.settings import Settings

if TYPE_CHECKING:
    from sayso import Prompt

    from sayso_ingest.evals.improve import Proposal
    from sayso_ingest.evals.runs import Run
    from sayso_ingest.models import Budget, ChatModel, Question


@dataclass(frozen=True, slots=True)
class Own:
    """The prompt's file as it was read, and what production calls the prompt."""

    file: Path
    prompt: Prompt
    called: str


def propose(
    settings: Settings,
    own: Own,
    question: Question,
    budget: Budget,
    folder: Path,
    *,
    run: Run | None,
    apply_it: bool,
) -> None:
    """Ask a model, show and write what it proposes, and take it where that was asked for.

    Raises:
        SaysoError: there is no proposal, or it cannot be written.
    """
    from sayso_ingest.evals.improve import apply
    from sayso_ingest.evalsets import replace_durably

    with (
        stopping("what was asked is still answered and kept.") as stopped,
        asked_models(settings, budget, stopped) as [model],
    ):
        proposal = _ask(model, question)
    after = proposal.prompt
    path = folder / f"{after.name}.proposed{own.file.suffix}"
    replace_durably(path, after.text.encode())
    write_diff(own.prompt.text, after.text, before=str(own.file), after=str(path))
    say(f"\n{proposal.why}\nThe whole text is in {path}: version {after.version}.")
    _say_gate(path, run)
    if apply_it:
        apply(own.file, own.prompt, after)
        say(f"{own.file} has it now. Look at it once more before it is committed: git diff {own.file}")
    else:
        say(f"{own.file} is as it was. The same command with --apply writes it there.")


def _ask(model: ChatModel, question: Question) -> Proposal:
    from sayso_ingest.evals.improve import Proposal
    from sayso_ingest.models import Outcome

    reply = model.ask(question)
    if reply.outcome is Outcome.STOPPED:
        say("Stopped. What was gathered is written; no prompt was proposed.")
        raise click.Abort
    if not isinstance(reply.value, Proposal):
        raise SaysoError(
            f"{model.name} proposed no prompt ({reply.outcome}): {reply.problem}. What was gathered is written. Ask "
            "for another one with --seed, or ask another model."
        )
    return reply.value


def _say_gate(path: Path, run: Run | None) -> None:
    """Say how the proposal is held against the prompt as it is."""
    if run is None:
        say(
            "Whether it is better, runs of both say: sayso eval run, once with each file, and sayso eval gate."
        )
        return
    ran = run.manifest.set
    split = "" if ran.split == "all" else f" --split {ran.split}"
    say(
        f"Whether it is better, a run of it says, with what answered {run.run_id}:\n"
        f"  sayso eval run --set {ran.name} --version {ran.version}{split} --prompt {path}\n"
        f"  sayso eval gate latest --against {run.run_id}"
    )
