"""What scores the answers of a run, as options name it: scorers, and a judge with its rubric."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sayso_ingest.cli.eval.answering import Answering, Endpoints
from sayso_ingest.cli.options import Function
from sayso_ingest.errors import UsageError

if TYPE_CHECKING:
    from sayso_ingest.evals.scorers import Scorer

_OPTIONS: tuple[Callable[[Function], Function], ...] = (
    click.option(
        "--scorer",
        "scorers",
        multiple=True,
        metavar="NAME",
        help="Score by this; several in their order, the first that suits a case counts.  [default: by where its "
        "expected answer came from]",
    ),
    click.option(
        "--rubric",
        type=click.Path(dir_okay=False, path_type=Path),
        metavar="FILE",
        help="Markdown that says what is good, for a judge.",
    ),
    click.option(
        "--judge",
        metavar="TEXT",
        help="The model that judges, openai:URL#MODEL.  [SAYSO_SECOND_MODEL, else what answers]",
    ),
    click.option(
        "--against",
        metavar="RUN",
        help="The run whose answers `pairwise` compares with.  [default: what production said]",
    ),
)


@dataclass(frozen=True, slots=True)
class Scoring:
    """What options say of who scores."""

    scorers: tuple[str, ...]
    rubric: Path | None
    judge: str | None
    against: str | None


def scoring_options(function: Function) -> Function:
    """Give a command the options that say what scores, and hand it `scoring`."""
    names = list(Scoring.__dataclass_fields__)

    @wraps(function)
    def call(**arguments: Any) -> Any:
        scoring = Scoring(**{name: arguments.pop(name) for name in names})
        return function(scoring=scoring, **arguments)

    decorated: Function = call
    for option in reversed(_OPTIONS):
        decorated = option(decorated)
    return decorated


@contextmanager
def opened_scorers(
    scoring: Scoring, answering: Answering, endpoints: Endpoints
) -> Iterator[Sequence[Scorer]]:
    """The scorers that are named, or those that the rules choose from.

    Raises:
        UsageError: there is no such scorer, or it lacks what it needs.
    """
    from sayso_ingest.evals.scorers import Means, build_scorers
    from sayso_ingest.judge import Rubric

    if scoring.judge and not scoring.rubric:
        raise UsageError(
            "--judge names a model, and no rubric says by what it judges. Name one with --rubric FILE."
        )
    with ExitStack() as stack:
        means = Means()
        if scoring.rubric:
            model = endpoints.judge(scoring.judge, answering.addresses(endpoints.settings))
            if model is None:
                raise UsageError(
                    "There is a rubric, and no model to judge by it. Name one: --judge openai:URL#MODEL."
                )
            stack.callback(model.close)
            means = Means(
                judge=model, rubric=Rubric.read(scoring.rubric), **_baseline(scoring.against, endpoints)
            )
        yield build_scorers(scoring.scorers, means)


def _baseline(against: str | None, endpoints: Endpoints) -> dict[str, Any]:
    """What a pairwise judge compares with: the answers of a run, of several to a case the first."""
    from sayso_ingest.evals.runs import read_run

    if against is None:
        return {}
    run = read_run(endpoints.settings.project_folder, against)
    answers = {case_id: some[0].output for case_id, some in run.by_case().items() if some[0].output}
    return {"baseline": answers, "against": run.run_id}
