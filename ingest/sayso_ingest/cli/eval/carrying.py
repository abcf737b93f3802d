"""Plans are carried out one after the other, within one budget, and what came of them is told."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sayso_ingest.cli.options import say
from sayso_ingest.cli.output import write_json, write_rows
from sayso_ingest.cli.sending import progress
from sayso_ingest.errors import ModelUnavailable, SaysoError

if TYPE_CHECKING:
    from sayso_ingest.evals.runs import Run
    from sayso_ingest.evals.runs.plan import Plan
    from sayso_ingest.evals.runs.summary import Summary
    from sayso_ingest.models import Budget


class Carrying:
    """Carries plans out; many cases of each at once."""

    def __init__(self, folder: Path, budget: Budget, at_once: int, stopped: threading.Event) -> None:
        self._folder = folder
        self._budget = budget
        self._at_once = at_once
        self._stopped = stopped
        self._missing = 0

    def carry(self, plans: Sequence[Plan]) -> list[Run]:
        """Carry them out, until all are or somebody stops; return those that are finished.

        Raises:
            ModelError: what answers, or a judge, would answer nothing at all; what came before that is kept.
            SaysoError: a run cannot be kept.
        """
        runs = []
        with progress(sum(len(plan.cases) * plan.samples for plan in plans)) as advance:
            for plan in plans:
                if self._stopped.is_set():
                    break
                run = self._carry(plan, advance)
                runs += [run] if run else []
        return runs

    def check_whole(self) -> None:
        """Go on where all was asked.

        Raises:
            SaysoError: for some of it there was no budget.
        """
        if self._missing:
            raise SaysoError(
                f"The budget did not hold for {self._missing:,} answers or scores. What was answered is kept; the same "
                "command with a larger one goes on."
            )

    def _carry(self, plan: Plan, advance: Callable[[int], None]) -> Run | None:
        from sayso_ingest.evals.runs.carry_out import Carried, carry_out
        from sayso_ingest.evals.runs.draft import open_draft

        carried, calls, spent = Carried(), self._budget.calls, self._budget.cost
        with open_draft(self._folder, plan) as draft:
            if draft.known:
                advance(len(draft.known))
                say(f"Going on with {draft.manifest.run_id}: {len(draft.known):,} answers are there.")
            every = carry_out(
                plan, draft, carried, at_once=self._at_once, stopped=self._stopped, price=self._budget.price
            )
            with closing(every):
                for _ in every:
                    advance(1)
            self._missing += carried.missing
            if not carried.is_whole:
                return None
            if len(carried.unavailable) == len(plan.cases) * plan.samples:
                raise ModelUnavailable(
                    f"{plan.system.name} has not answered a single case: {carried.unavailable[0].problem}"
                )
            return draft.finish(
                also=carried.unavailable,
                calls=self._budget.calls - calls,
                spent=self._budget.cost - spent,
            )


def say_dry_run(plans: Sequence[Plan], budget: Budget) -> None:
    """Say how many calls there would be, about how many tokens, and what they would cost; judges are not counted."""
    from sayso_ingest.models import Usage, tokens_of

    calls = sum(len(plan.cases) * plan.samples for plan in plans)
    read = sum(
        tokens_of(str(message.get("content", ""))) * plan.samples
        for plan in plans
        for case in plan.cases
        for message in plan.render(case)
    )
    cost = (
        f", of which reading costs about {budget.price.of(Usage(read, 0)):,.2f} in money"
        if budget.price
        else ""
    )
    runs = f"{len(plans):,} {'run' if len(plans) == 1 else 'runs'}"
    click.echo(f"{calls:,} calls in {runs}, about {read:,} tokens to read{cost}. Nothing was asked.")


def write_runs(runs: Sequence[Run], format: str) -> None:
    """Write what runs came to, as rows on standard output."""
    from sayso_ingest.evals.runs.summary import summarise

    found = [(run, summarise(run.results)) for run in runs]
    if format == "json":
        write_json([{"manifest": run.manifest.row(), "folder": str(run.path)} for run, _ in found])
        return
    columns = ["run", "cases", "score", "low", "high", "passed", "unanswered", "p50 ms", "cost"]
    if found:
        write_rows(columns, [list(_row(run, summary)) for run, summary in found])
    for run, summary in found:
        if summary.whole.unscored:
            say(
                f"{summary.whole.unscored:,} of {summary.whole.cases:,} cases of {run.run_id} have no score: nothing "
                "suits them, or they were not answered. A judge scores any: --rubric FILE."
            )
        _write_gains(run)
    if len(found) > 1:
        say("Which is better: sayso eval compare " + " ".join(run.run_id for run, _ in found))


def _write_gains(run: Run) -> None:
    """Write what several samples of a case add, where there are several, and what they cost."""
    from sayso_ingest.evals.runs.samples import gains

    found = gains(run.results)
    if not found:
        return
    click.echo()
    columns = [
        "of several samples",
        "by",
        "cases",
        "one sample",
        "taking this",
        "difference",
        "low",
        "high",
        "cost",
    ]
    rows = []
    for gain in found:
        pair = gain.compared
        figures = (
            [pair.a.mean, pair.b.mean, pair.difference, pair.interval.low, pair.interval.high]
            if pair
            else [None] * 5
        )
        dearer = f"{gain.cost_all / gain.cost_one:.1f} times" if gain.cost_one and gain.cost_all else None
        rows.append([gain.way, gain.by, gain.cases, *figures, dearer])
    write_rows(columns, rows)
    for gain in found:
        if gain.warning:
            say(f"{gain.way}: {gain.warning}")


def _row(run: Run, summary: Summary) -> Iterator[Any]:
    score, passed = summary.whole.score, summary.whole.passed
    yield run.run_id
    yield summary.whole.cases
    yield from (score.value, score.low, score.high) if score else (None, None, None)
    yield f"{passed.value:.1%}" if passed else None
    yield summary.unanswered
    yield round(summary.latency.p50) if summary.latency else None
    yield summary.cost
