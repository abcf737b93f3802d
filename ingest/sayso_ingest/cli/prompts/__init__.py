"""prompts: the versions of prompts, in production, in git and in runs; and a changed text to try.

The commands are in the modules beside this one.
"""

from __future__ import annotations

import click

from sayso_ingest.cli.options import Group
from sayso_ingest.cli.prompts import improve, listed, texts


class _Listing(Group):
    """A group that lists where no command is named."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if not args or (args[0].startswith("-") and args[0] not in ctx.help_option_names):
            args = ["list", *args]
        return super().parse_args(ctx, args)


@click.group(
    cls=_Listing,
    short_help="Versions of prompts: in production, in git and in runs.",
    examples="""
    sayso prompts
    sayso prompts show answer
    sayso prompts diff answer 3f2a9c1b now
    sayso prompts improve answer --set helpdesk
    """,
)
def prompts() -> None:
    """Versions of prompts: how production liked them, where in git they are, and what runs say of them.

    Without a command they are listed.
    """


for module in (listed, texts, improve):
    for command in module.COMMANDS:
        prompts.add_command(command)

COMMANDS = [prompts]
