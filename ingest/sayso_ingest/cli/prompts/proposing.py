"""A model is asked for a changed prompt, which is shown and written, and taken where somebody says so."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sayso_ingest.cli.asking import asked_models, stopping
from sayso_ingest.cli.options import say
from sayso_ingest.cli.prompts.gating import gate, tell
from sayso_ingest.cli.prompts.texts import write_diff
from sayso_ingest.errors import SaysoError
from sayso_ingest.settings import Settings

if TYPE_CHECKING:
    from sayso import Prompt

    from sayso_ingest.evals.compare import Gate
    from sayso_ingest.evals.improve import Gathered, Proposal
    from sayso_ingest.evals.runs import Run
    from sayso_ingest.models import Budget, ChatModel, Question


@dataclass(frozen=True, slots=True)
class Own:
    """The prompt's file as it was read, and what production calls the prompt."""

    file: Path
    prompt: Prompt
    called: str


@dataclass(frozen=True, slots=True)
class Proposing:
    """What a proposal is made of and held against, and how much that may take."""

    own: Own
    question: Question
    gathered: Gathered
    budget: Budget
    at_once: int
    gated: bool
    """Whether the proposal is run, where that can be."""


def propose(settings: Settings, wanted: Proposing, folder: Path, *, apply_it: bool) -> None:
    """Ask a model, show and write what it proposes, hold it against the old one, and take it where that is asked for.

    Raises:
        SaysoError: there is no proposal, it is worse and was to be taken, or it cannot be written.
    """
    from sayso_ingest.evals.compare import Verdict
    from sayso_ingest.evals.improve import apply

    own = wanted.own
    with (
        stopping("what was asked is still answered and kept.") as stopped,
        asked_models(settings, wanted.budget, stopped) as [model],
    ):
        after = _ask(model, wanted.question)
        path = _show(own, after, folder)
        found = _held_against(settings, wanted, after.prompt, model, stopped)
    if stopped.is_set():
        say("Stopped. What was answered is kept; the same command goes on.")
        raise click.Abort
    if found:
        tell(found, folder)
    else:
        _say_gate(path, wanted.gathered.run)
    if apply_it and found and found.verdict is Verdict.FAIL:
        raise SaysoError(
            f"The proposal is worse, and {own.file} is as it was. Ask for another one with --seed; where this one is "
            f"wanted all the same, copy {path}."
        )
    if apply_it:
        apply(own.file, own.prompt, after.prompt)
        say(f"{own.file} has it now. Look at it once more before it is committed: git diff {own.file}")
    else:
        say(f"{own.file} is as it was. The same command with --apply writes it there.")


def _show(own: Own, proposal: Proposal, folder: Path) -> Path:
    """Write a proposal and show how it differs; return its file."""
    from sayso_ingest.evalsets import replace_durably

    after = proposal.prompt
    path = folder / f"{after.name}.proposed{own.file.suffix}"
    replace_durably(path, after.text.encode())
    write_diff(own.prompt.text, after.text, before=str(own.file), after=str(path))
    say(f"\n{proposal.why}\nThe whole text is in {path}: version {after.version}.")
    return path


def _held_against(
    settings: Settings, wanted: Proposing, prompt: Prompt, model: ChatModel, stopped: threading.Event
) -> Gate | None:
    run = wanted.gathered.run
    # A run of another text says nothing of what the file has now.
    if run is None or not wanted.gated or not _is_of(run, wanted.own.prompt):
        return None
    return gate(
        settings,
        run,
        wanted.gathered.cases,
        prompt,
        model,
        wanted.budget,
        at_once=wanted.at_once,
        stopped=stopped,
    )


def _is_of(run: Run, prompt: Prompt) -> bool:
    return run.manifest.prompt is not None and run.prompt_text == prompt.text


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
