"""A proposal is held against the prompt as it is: run as that was run, and passed or failed."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sayso_ingest.cli.eval.against import compared
from sayso_ingest.cli.eval.carrying import Carrying
from sayso_ingest.cli.evalset.common import publish_sets
from sayso_ingest.cli.options import say
from sayso_ingest.cli.terminal import clean
from sayso_ingest.settings import Settings

if TYPE_CHECKING:
    from sayso import Prompt

    from sayso_ingest.evals.compare import Gate
    from sayso_ingest.evals.runs import Run
    from sayso_ingest.evalsets import EvalCase
    from sayso_ingest.models import Budget, ChatModel

MARGIN = 0.05
"""The difference that matters, as `sayso eval gate` has it."""
PAGE = "gate.md"


def gate(
    settings: Settings,
    run: Run,
    cases: Sequence[EvalCase],
    prompt: Prompt,
    model: ChatModel,
    budget: Budget,
    *,
    at_once: int,
    stopped: threading.Event,
) -> Gate | None:
    """Run the proposal as the prompt was run before, and compare; None where that cannot be, or was stopped.

    Raises:
        ModelError: the model would answer nothing at all; what came before that is kept.
        SaysoError: the budget does not hold.
    """
    from sayso_ingest.evals.compare import gate as pass_or_fail
    from sayso_ingest.evals.improve import plan_like

    plan = plan_like(run, cases, prompt, model)
    if plan is None:
        return None
    carrying = Carrying(settings.project_folder, budget, at_once, stopped)
    finished = carrying.carry([plan])
    publish_sets(settings.project_folder)
    if not finished:
        if not stopped.is_set():
            carrying.check_whole()
        return None
    return pass_or_fail(compared(settings, run, finished[0], margin=MARGIN))


def tell(found: Gate, folder: Path) -> None:
    """Print what the gate says, and write its page for a pull request into a folder.

    Raises:
        SaysoError: it cannot be written.
    """
    from sayso_ingest.evals.compare import as_markdown
    from sayso_ingest.evalsets import replace_durably

    page = folder / PAGE
    replace_durably(page, as_markdown(found).encode("utf-8", "backslashreplace"))
    click.echo(f"\n{found.verdict}: {clean(found.why)}")
    say(f"Which cases got better and which worse is in {page}.")
