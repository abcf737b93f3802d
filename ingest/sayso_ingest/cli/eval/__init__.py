"""eval: an eval set is run against a prompt and what answers, and runs are looked at and compared.

The commands are in the modules beside this one.
"""

from __future__ import annotations

import click

from sayso_ingest.cli.eval import comparing, gating, run, send, shown_runs, standing, track
from sayso_ingest.cli.options import Group


@click.group(
    "eval",
    cls=Group,
    short_help="Run eval sets; look at runs and compare them.",
    examples="""
    sayso eval run --set helpdesk --prompt prompts/answer.md
    sayso eval list
    sayso eval show latest
    sayso eval compare answer-91bc answer-3f2a
    sayso eval gate latest --against answer-91bc
    sayso eval standing
    sayso eval track latest --with mlflow
    """,
)
def eval_() -> None:
    """Run eval sets against prompts and what answers, and say which is better and how sure that is."""


for module in (run, shown_runs, comparing, gating, send, standing, track):
    for command in module.COMMANDS:
        eval_.add_command(command)

COMMANDS = [eval_]
