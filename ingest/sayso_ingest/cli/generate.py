"""generate: a model writes test cases, from texts and for what a set lacks."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import click

from sayso_ingest.cli.asking import asked_models, budget_options, stopping
from sayso_ingest.cli.evalset.common import publish_sets, say_references, write_proposals
from sayso_ingest.cli.mine import set_option
from sayso_ingest.cli.options import Command, say, seed_option, with_settings
from sayso_ingest.cli.output import format_option
from sayso_ingest.cli.sending import progress
from sayso_ingest.cli.terminal import clean
from sayso_ingest.errors import UsageError
from sayso_ingest.settings import Settings

if TYPE_CHECKING:
    from sayso_ingest.evalsets import EvalCase, Version
    from sayso_ingest.judge.writing import Source, Written
    from sayso_ingest.mining import Query
    from sayso_ingest.models import Budget, ChatModel, OwnModel, Reply

    Model: TypeAlias = ChatModel | OwnModel

EXAMPLES = 5
"""Questions of a gap that a model is shown."""
DISLIKED = 0.5
"""The mean dislike of a kind of feedback from which on people spoke against an answer."""
QUOTED = 200
"""Characters of a quote that are kept with a case."""


@dataclass(slots=True)
class Tally:
    """What came of a run: what was written, by the place of its source, and what was not."""

    written: dict[int, list[Written]] = field(default_factory=dict)
    left: Counter[str] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)
    problem: str = ""

    def take(self, place: int, source: Source, reply: Reply, *, per: int) -> None:
        """Take what a model answered for one source."""
        from sayso_ingest.judge.writing import read_written

        if reply.value is None:
            self.failed[str(reply.outcome)] += 1
            self.problem = reply.problem
            return
        self.written[place], left = read_written(source, reply.value, most=per)
        self.left.update(one.words for one in left)


@click.command(
    cls=Command,
    short_help="Let a model write test cases, from texts and for what a set lacks.",
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
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Write from N sources at most.")
@click.option(
    "--with", "own", metavar="MODULE:FUNCTION", help="Ask this function of yours instead of an endpoint."
)
@seed_option(0, "asks the same, and finds the same gaps")
@budget_options
@click.option(
    "--dry-run", is_flag=True, help="Say how many calls that is and about what they cost; ask nothing."
)
@format_option()
def generate(
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

    if not (documents or contexts or gaps or variants):
        raise UsageError("Say what to write from: --documents PATH, --contexts, --gaps N or --variants.")
    version = evalsets.latest(settings.project_folder, name)
    sources = _sources(
        settings, version, documents, contexts=contexts, gaps=gaps, variants=variants, seed=seed
    )
    sources = sources[:limit]
    with (
        stopping("what was asked is still answered and kept.") as stopped,
        _model(settings, own, budget, stopped) as model,
    ):
        if dry_run:
            _estimate(sources, model, budget, per=per, seed=seed)
            return
        tally = _write(sources, model, per=per, seed=seed, at_once=concurrency, stopped=stopped)
    _propose(settings.project_folder, name, version, tally, by=model.name, format=format)
    _tell(tally, budget)
    if stopped.is_set():
        say("Stopped. What was written is kept; the same command goes on.")
        raise click.Abort


COMMANDS = [generate]


def _sources(
    settings: Settings,
    version: Version | None,
    documents: Sequence[Path],
    *,
    contexts: bool,
    gaps: int | None,
    variants: bool,
    seed: int,
) -> list[Source]:
    from sayso_ingest.judge.writing import read_contexts, read_documents
    from sayso_ingest.warehouse import Published

    found = read_documents(documents)
    if contexts or gaps:
        with Published.open(settings.project_folder) as published:
            found += read_contexts(published.query) if contexts else []
            found += _of_gaps(published.query, version, gaps, seed=seed) if gaps else []
    found += _of_disliked(version) if variants else []
    if not found:
        raise UsageError(
            "There is nothing to write from: no text was retrieved, no gap is left, or no case of the set was disliked."
        )
    return found


def _of_gaps(query: Query, version: Version | None, most: int, *, seed: int) -> list[Source]:
    """For each gap the questions in its middle, and what was retrieved for them; without that, no answer is written."""
    from sayso_ingest.evalsets import find_cases
    from sayso_ingest.judge.writing import Source, read_contexts
    from sayso_ingest.mining import measure_coverage

    cases = version.rows() if version else []
    found = []
    for gap in measure_coverage(query, cases=cases, gaps=most, seed=seed).gaps[:most]:
        targets = gap.examples[:EXAMPLES]
        if not targets:
            continue
        asked = tuple(case.input for case in find_cases(query, targets, reason=""))
        texts = read_contexts(query, targets)
        text = texts[0].text if texts else ""
        found.append(Source("gap", f"the gap {gap.topic}", text, asked, topic=gap.topic))
    return found


def _of_disliked(version: Version | None) -> list[Source]:
    from sayso_ingest.judge.writing import Source

    return [
        Source("variant", f"case {case.case_id[:12]}", "", (case.input,), case.expected, case.topic)
        for case in (version.cases if version else ())
        if case.stratum != "synthetic"
        and not case.input_messages
        and max(case.provenance.signals.values(), default=0.0) >= DISLIKED
    ]


@contextmanager
def _model(settings: Settings, own: str | None, budget: Budget, stopped: threading.Event) -> Iterator[Model]:
    from sayso_ingest.models import OwnModel

    if own is not None:
        yield OwnModel.named(own, budget=budget)
        return
    with asked_models(settings, budget, stopped) as models:
        yield models[0]


def _estimate(sources: Sequence[Source], model: Model, budget: Budget, *, per: int, seed: int) -> None:
    from sayso_ingest.judge.writing import question_for
    from sayso_ingest.models import Usage, estimated_tokens

    asked = [question_for(source, count=per, seed=seed) for source in sources]
    new = [one for one in asked if not model.is_known(one)]
    usage = Usage(sum(map(estimated_tokens, new)), sum(one.max_tokens for one in new))
    cost = f", at most {budget.price.of(usage):,.2f} in money" if budget.price else ""
    click.echo(
        f"{len(new):,} calls ({len(asked) - len(new):,} more are answered already) for up to {per * len(asked):,} "
        f"cases, about {usage.tokens_in:,} tokens to read and at most {usage.tokens_out:,} to write{cost}. "
        "Nothing was asked."
    )


def _write(
    sources: Sequence[Source], model: Model, *, per: int, seed: int, at_once: int, stopped: threading.Event
) -> Tally:
    from sayso_ingest.judge.writing import question_for
    from sayso_ingest.models import together

    def ask(place: int) -> Reply:
        return model.ask(question_for(sources[place], count=per, seed=seed))

    tally = Tally()
    with (
        progress(len(sources)) as advance,
        closing(together(range(len(sources)), ask, at_once=at_once, stopped=stopped)) as done,
    ):
        for place, reply in done:
            tally.take(place, sources[place], reply, per=per)
            advance(1)
    return tally


def _propose(folder: Path, name: str, version: Version | None, tally: Tally, *, by: str, format: str) -> None:
    """Propose what asks something new, in the order of the sources, whichever was answered first."""
    from sayso_ingest import evalsets
    from sayso_ingest.judge.writing import Fresh
    from sayso_ingest.mining import question_key

    known = [*(version.cases if version else ()), *(one.case for one in evalsets.proposals(folder, name))]
    fresh = Fresh([question_key(case.input, case.input_messages) for case in known])
    cases: list[EvalCase] = []
    for place in sorted(tally.written):
        taken, left = fresh.take(tally.written[place])
        tally.left.update(one.words for one in left)
        cases += [_case(one, by=by) for one in taken]
    added = evalsets.propose(folder, name, cases) if cases else []
    if added:
        publish_sets(folder)
    write_proposals(added, format)
    say_references([one.case for one in added])
    if added:
        say(f"They wait until a person reviews them: sayso evalset review {name} CASE")


def _case(written: Written, *, by: str) -> EvalCase:
    from sayso_ingest.evalsets import synthetic_case
    from sayso_ingest.excerpt import one_line

    what = "another way to ask" if written.source.kind == "variant" else "written from"
    quote = f": “{one_line(written.quote, QUOTED)}”" if written.quote else ""
    reason = f"{what} {one_line(written.source.name, QUOTED)} by {by}{quote}"
    return synthetic_case(
        written.question, expected=written.expected, topic=written.source.topic, reason=reason
    )


def _tell(tally: Tally, budget: Budget) -> None:
    for why, count in sorted(tally.left.items()):
        say(f"{count} left out: {why}.")
    for outcome, count in sorted(tally.failed.items()):
        say(clean(f"{count} of the model's answers came to nothing ({outcome}): {tally.problem}"))
    spent = f", {budget.cost:,.4f} in money" if budget.cost else ""
    say(f"{budget.calls:,} calls, {budget.tokens_in:,} tokens read and {budget.tokens_out:,} written{spent}.")
