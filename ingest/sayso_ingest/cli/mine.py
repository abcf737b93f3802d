"""mine: propose what people dislike as eval cases."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sayso_ingest.cli.embedding import EMBEDDING, attached_for, chosen_embedder
from sayso_ingest.cli.evalset.common import publish_sets, say_references, write_proposals
from sayso_ingest.cli.options import Command, say, seed_option, with_settings
from sayso_ingest.cli.output import format_option
from sayso_ingest.cli.scheduled import chosen_tree, deliver
from sayso_ingest.cli.waiting import running
from sayso_ingest.mining import STRATEGIES
from sayso_ingest.settings import Settings

if TYPE_CHECKING:
    from sayso_ingest.evalsets import EvalCase, Proposal

set_option = click.option("--set", "name", required=True, metavar="NAME", help="The eval set.")


@click.command(
    cls=Command,
    short_help="Propose what people dislike as eval cases.",
    examples="""
    sayso mine --set helpdesk --budget 50
    sayso mine --set helpdesk --budget 50 --strategy different --format json
    sayso mine --set helpdesk --budget 50 --schedule --out ~/product/evals
    sayso mine --set helpdesk --embedder minilm
    sayso evalset promote helpdesk --all
    """,
)
@with_settings(*EMBEDDING)
@set_option
@click.option(
    "--budget",
    type=click.IntRange(min=1),
    default=50,
    show_default=True,
    metavar="N",
    help="How many to propose.",
)
@click.option(
    "--strategy",
    type=click.Choice([strategy.name for strategy in STRATEGIES]),
    default=STRATEGIES[0].name,
    show_default=True,
    help="; ".join(f"{strategy.name}: {strategy.summary}" for strategy in STRATEGIES) + ".",
)
@seed_option(0, "draws the same candidates")
@click.option(
    "--schedule",
    is_flag=True,
    help="For cron: what is new becomes a branch of the git tree of --out, its name is printed; else silence.",
)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="TREE",
    help="With --schedule: the folder of a git work tree, or a bare repository. What is checked out stays as it is.",
)
@format_option()
def mine(
    settings: Settings,
    name: str,
    budget: int,
    strategy: str,
    seed: int,
    schedule: bool,
    out: Path | None,
    format: str,
) -> None:
    """Propose interactions as eval cases: disliked, unlike the current set, each with its reason.

    Known dislikes come first, then guesses (column evidence: said, guessed or random). A tenth of the budget is
    drawn at random, with known probability, so that rates stay unbiased. They wait in DATA/PROJECT/mining/NAME until
    `sayso evalset promote` takes them; what was declined is not proposed again.
    """
    from sayso_ingest import evalsets, mining
    from sayso_ingest.warehouse import Published, home_of

    usual = mining.usual_embedder(strategy)  # before all else, where the extra is not installed
    folder = settings.project_folder
    tree = chosen_tree(schedule, out)
    # First: what cannot be delivered is not mined.
    repository = evalsets.Repository.at(tree) if tree else None
    current = evalsets.latest(folder, name)
    cases = current.rows() if current else []
    foundation: list[str] = []
    with Published.open(home_of(settings), attached=attached_for(settings)) as published:
        with running(settings, published.query, cases) as run:
            found = mining.mine(
                published.query,
                current_cases=cases,
                declined=[case.row() for case in evalsets.declined_cases(folder, name)],
                budget=budget,
                seed=seed,
                strategy=strategy,
                choose=run.keeping(chosen_embedder(settings, published, cases, usual=usual)),
                watch=run.watch,
                tell=foundation.extend,
            )
        proposed = [evalsets.EvalCase.from_candidate(candidate) for candidate in found]
        added = evalsets.propose(folder, name, proposed)
        publish_sets(folder)
        if repository:
            deliver(
                folder,
                name,
                proposed,
                into=repository,
                current=current,
                query=published.query,
                seed=seed,
                choose=run.keeping(chosen_embedder(settings, published, cases)),
            )
            return
    _write_found(name, proposed, added, foundation, format)


COMMANDS = [mine]


def _write_found(
    name: str, found: Sequence[EvalCase], added: Sequence[Proposal], foundation: Sequence[str], format: str
) -> None:
    write_proposals(added, format)
    if foundation:
        say("\n  ".join(("What hardness rests on:", *foundation)))
    known = len(found) - len(added)
    waited = f" {known} more waited for review already." if known else ""
    say(f"{len(added)} new candidates for {name}.{waited}")
    if found:
        say(f"Questions were compared by {', '.join(sorted({case.provenance.embedder for case in found}))}.")
    say_references([proposal.case for proposal in added])
    say(f"Look: sayso evalset candidates {name}   Take them: sayso evalset promote {name} --all")
