"""judge: another model grades answers by a rubric, and is held against people."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic, sleep
from typing import TYPE_CHECKING

import click

from sayso_ingest.cli.asking import asked_models, budget_options, stopping
from sayso_ingest.cli.options import Command, say, seed_option, with_settings
from sayso_ingest.cli.output import format_option
from sayso_ingest.cli.sending import delivering, progress, url_option
from sayso_ingest.cli.terminal import clean
from sayso_ingest.errors import UsageError
from sayso_ingest.settings import Settings

if TYPE_CHECKING:
    from sayso_ingest.backfill import Deliverer
    from sayso_ingest.judge import Asking, Graded, Material, Rubric
    from sayso_ingest.mining import Query
    from sayso_ingest.models import Budget, ChatModel

AT_ONCE = 50
"""Judgements that are sent together."""
OFTEN = 5.0
"""Seconds after which those that wait are sent."""
LANDING = 20.0
"""Seconds that the report waits for what was sent."""
TOKENS_OUT = 120
"""What an answer with its rationale has, about."""

Job = tuple["ChatModel", "Material"]


@dataclass(frozen=True, slots=True)
class Sampling:
    """Which interactions are judged."""

    rate: float
    by: str
    limit: int | None
    seed: int


@dataclass(slots=True)
class Tally:
    """What came of a run."""

    made: int = 0
    landed: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)
    problems: dict[str, str] = field(default_factory=dict)
    recalled: int = 0
    ids: list[str] = field(default_factory=list)


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
    type=click.FloatRange(0, 1, min_open=True),
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
    "--pairs", is_flag=True, help="Say which of several candidates is better, each pair in both orders."
)
@seed_option(0, "draws the same interactions")
@budget_options
@click.option(
    "--dry-run", is_flag=True, help="Say how many calls that is and about what they cost; ask nothing."
)
@click.option("--report", is_flag=True, help="Only say where judges stand; ask nothing.")
@url_option
@format_option("table", "json")
def judge(
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
        asked_models(settings, budget, stopped) as models,
    ):
        run = _Run(settings, rubric, asking, models, budget)
        if dry_run:
            run.estimate(sampling)
            return
        tally = run.judge(sampling, concurrency=concurrency, url=url, stopped=stopped)
    _tell(tally, budget)
    if stopped.is_set():
        say("Stopped. What was judged is kept; the same command goes on.")
        raise click.Abort
    _wait_for(settings, tally.ids)
    write_standing(settings, format)


COMMANDS = [judge]


class _Run:
    """One run: which things, which models, by which rubric."""

    def __init__(
        self, settings: Settings, rubric: Rubric, asking: Asking, models: Sequence[ChatModel], budget: Budget
    ) -> None:
        self._settings = settings
        self._rubric = rubric
        self._asking = asking
        self._models = models
        self._budget = budget

    def judge(
        self, sampling: Sampling, *, concurrency: int, url: str | None, stopped: threading.Event
    ) -> Tally:
        """Judge what was drawn, and send what comes of it while it goes on."""
        from sayso_ingest.models import together
        from sayso_ingest.warehouse import Published

        tally = Tally()
        with Published.open(self._settings.project_folder) as published:
            chances, todo = self._drawn(published.query, sampling)
            jobs = self._jobs(published.query, todo)
            with (
                delivering(self._settings, url) as deliverer,
                progress(sum(map(len, todo.values()))) as advance,
            ):
                sender = _Sender(deliverer, chances, tally)
                done = together(jobs, self._one, at_once=concurrency, stopped=stopped)
                with closing(done), sender:
                    for (_, material), graded in done:
                        sender.take(material, graded)
                        advance(1)
        return tally

    def _one(self, job: Job) -> Graded:
        from sayso_ingest.judge import judge

        model, material = job
        return judge(model, self._rubric, material, self._asking)

    def estimate(self, sampling: Sampling) -> None:
        """Say how many calls there would be, with about how many tokens, and what they would cost."""
        from sayso_ingest.judge import questions
        from sayso_ingest.models import Usage, estimated_tokens
        from sayso_ingest.warehouse import Published

        calls, tokens, kept = 0, 0, 0
        with Published.open(self._settings.project_folder) as published:
            _, todo = self._drawn(published.query, sampling)
            for model, material in self._jobs(published.query, todo):
                for asked in questions(self._rubric, material, self._asking):
                    if model.is_known(asked.question):
                        kept += 1
                    else:
                        calls += 1
                        tokens += estimated_tokens(asked.question)
        usage = Usage(tokens, calls * TOKENS_OUT)
        price = self._budget.price
        cost = f", about {price.of(usage):,.2f} in money" if price else ""
        click.echo(
            f"{calls:,} calls ({kept:,} more are answered already), about {usage.tokens_in:,} tokens to read and "
            f"{usage.tokens_out:,} to write{cost}. Nothing was asked."
        )
        if not price:
            say("What that costs, --price-in and --price-out tell.")

    def _drawn(self, query: Query, sampling: Sampling) -> tuple[Mapping[str, float], dict[str, list[str]]]:
        """Each drawn target with its probability, and for each model those that it has not judged."""
        from sayso_ingest.judge import draw, read_known

        known = read_known(query, self._rubric.id, self._asking.name)
        known = [one for one in known if not self._asking.pairs or one.candidates > 1]
        dislike = None
        if sampling.by == "uncertainty":
            from sayso_ingest.mining import guess_dislikes  # it takes scikit-learn, seconds of it

            dislike = guess_dislikes(query, seed=sampling.seed)
        chances = draw(
            [one.target for one in known],
            rate=sampling.rate,
            limit=sampling.limit,
            seed=sampling.seed,
            dislike=dislike,
        )
        judged = {one.target: one.judged_by for one in known}
        todo = {
            model.name: [target for target in chances if model.name not in judged[target]]
            for model in self._models
        }
        done = len(chances) * len(self._models) - sum(map(len, todo.values()))
        say(
            clean(
                f"{len(chances):,} of {len(known):,} interactions drawn, by rubric {self._rubric.id}; judged already: "
                f"{done:,}."
            )
        )
        return chances, todo

    def _jobs(self, query: Query, todo: Mapping[str, Sequence[str]]) -> Iterator[Job]:
        from sayso_ingest.judge import read_materials

        for model in self._models:
            for material in read_materials(query, todo[model.name]):
                if not self._asking.pairs or len(material.candidates) > 1:
                    yield model, material


class _Sender:
    """Sends judgements to the collector, some at a time; the first at once, to see that one is there."""

    def __init__(self, deliverer: Deliverer, chances: Mapping[str, float], tally: Tally) -> None:
        self._deliverer = deliverer
        self._chances = chances
        self._tally = tally
        self._waiting: list[bytes] = []
        self._sent_at = float("-inf")

    def __enter__(self) -> _Sender:
        return self

    def __exit__(self, *_: object) -> None:
        self.flush()

    def take(self, material: Material, graded: Graded) -> None:
        """Take what came of one thing."""
        from sayso_ingest.backfill import encode, time_ordered_id
        from sayso_ingest.judge import as_event, content

        self._tally.recalled += graded.recalled
        if graded.judgement is None:
            ended = graded.outcomes[-1].value if graded.outcomes else "empty"
            self._tally.failed[ended] += 1
            self._tally.problems.setdefault(ended, graded.problem)
            return
        at = material.occurred_at.replace(tzinfo=UTC)
        event = as_event(
            graded.judgement,
            id=time_ordered_id(content(graded.judgement), at=at),
            now=datetime.now(UTC),
            sample_rate=self._chances[material.target],
        )
        self._tally.made += 1
        self._tally.ids.append(event["id"])
        self._waiting.append(encode(event))
        if len(self._waiting) >= AT_ONCE or monotonic() - self._sent_at > OFTEN:
            self.flush()

    def flush(self) -> None:
        """Send what waits.

        Raises:
            SaysoError: the collector takes nothing; what was judged is kept, and sent by the next run.
        """
        batch, self._waiting = self._waiting, []
        if not batch:
            return
        for outcome in self._deliverer.send(batch):
            if outcome.accepted:
                self._tally.landed += 1
            else:
                self._tally.refused[outcome.reason] += 1
        self._sent_at = monotonic()


def _tell(tally: Tally, budget: Budget) -> None:
    cost = f", cost {budget.cost:,.4f}" if budget.cost else ""
    say(
        f"{tally.made:,} judged, {tally.landed:,} taken by the collector. {budget.calls:,} calls "
        f"({tally.recalled:,} answers were kept from before), {budget.tokens_in:,} tokens read, "
        f"{budget.tokens_out:,} written{cost}."
    )
    for reason, count in tally.refused.items():
        say(f"The collector refused {count:,}: {reason}. `sayso rejects list` says more.")
    for ended, count in sorted(tally.failed.items()):
        say(clean(f"{count:,} not judged, {ended}: {tally.problems[ended]}."))
    if budget.unpriceable:
        say("Name --price-in and --price-out: the endpoint does not say what a call costs.")
    elif "unaffordable" in tally.failed:
        say("The budget is spent. The same command with more goes on.")


def _wait_for(settings: Settings, ids: Sequence[str]) -> None:
    """Wait a little until what was sent is published, so that the report has it."""
    from sayso_ingest.warehouse import Published

    sent = list(set(ids))
    sql = "SELECT count(*) AS n FROM events WHERE event_id IN (SELECT unnest($1::UUID[]))"
    until, seen, missing = monotonic() + LANDING, None, len(sent)
    while missing and monotonic() < until:
        version = Published.version(settings.project_folder)
        if version == seen:  # a copy is opened once: the lander needs the processor too
            sleep(0.2)
            continue
        seen = version
        with Published.open(settings.project_folder) as published:
            missing = len(sent) - published.query(sql, [sent])[0]["n"]
    if missing:
        say(f"{missing:,} have not landed yet; `sayso judge --report` shows them later.")
