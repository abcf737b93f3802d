"""evalset: candidates on their way into a set, the versions that it has, and what later feedback says of them.

The commands are in the modules beside this one, a noun each.
"""

from __future__ import annotations

import click

from sayso_ingest.cli.evalset import candidates, check, shown_versions, versions
from sayso_ingest.cli.options import Group


@click.group(
    cls=Group,
    short_help="Review and promote candidates; versions of eval sets.",
    examples="""
    sayso evalset list
    sayso evalset candidates helpdesk
    sayso evalset review helpdesk 1f0c9d2ab345 --note "a real one"
    sayso evalset promote helpdesk --all --note "first set"
    sayso evalset show helpdesk 1f0c9d2ab345
    sayso evalset check helpdesk
    """,
)
def evalset() -> None:
    """Review candidates and promote them to versions of an eval set, which never change."""


for module in (shown_versions, candidates, versions, check):
    for command in module.COMMANDS:
        evalset.add_command(command)

COMMANDS = [evalset]
