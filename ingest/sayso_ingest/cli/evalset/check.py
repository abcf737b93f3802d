"""What later feedback says of the cases of a set."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from sayso_ingest.cli.evalset.common import SHORT_ID, version_of
from sayso_ingest.cli.options import Command, say, with_settings
from sayso_ingest.cli.output import format_option, write_rows
from sayso_ingest.settings import Settings

if TYPE_CHECKING:
    from sayso_ingest.evalsets import Flag, Version

FLAGGED = 1
"""The exit code where a case is flagged."""


@click.command(
    cls=Command,
    short_help="Flag cases that later feedback speaks against.",
    examples="""
    sayso evalset check helpdesk
    sayso evalset check helpdesk --format json
    """,
)
@with_settings()
@click.argument("name")
@format_option()
def check(settings: Settings, name: str, format: str) -> int:
    """Flag the cases of the latest version that later feedback speaks against, each with what to do about it.

    gone: its interaction is not there any more. corrected: an annotator expects another answer since. disliked: its
    expected answer is one that most people dislike now. withdrawn: nobody stands by its expected answer any more.
    twin: the set has nearly the same question. Ends with 1 where a case is flagged.
    """
    from sayso_ingest import evalsets
    from sayso_ingest.warehouse import Published, home_of

    version = version_of(settings, name, None)
    twins = evalsets.near_twins(version.cases)
    with Published.open(home_of(settings)) as published:
        traffic = evalsets.read_traffic(published.query, version.cases)
    flags = evalsets.check_cases(
        version,
        traffic,
        made=evalsets.made_at(evalsets.versions(settings.project_folder, name)),
        twins=twins,
    )
    if flags or format != "table":
        _write(flags, version, format)
    cases = list(dict.fromkeys(flag.case_id[:SHORT_ID] for flag in flags))
    if not flags:
        say(
            f"{name} v{version.number}: nothing was said since against any of its {len(version.cases)} cases."
        )
        return 0
    say(f"{len(cases)} of {len(version.cases)} cases of {name} v{version.number} should be looked at.")
    say(f"Look at one: sayso evalset show {name} {cases[0]}")
    say(f'Take out those that are bad: sayso evalset retire {name} {" ".join(cases)} --reason "..."')
    if corrected := [flag.target for flag in flags if flag.problem == evalsets.Problem.CORRECTED]:
        targets = " ".join(f"--target {target}" for target in dict.fromkeys(corrected))
        say(f"Then bring the corrected ones back, with the new answer: sayso evalset add {name} {targets}")
    return FLAGGED


COMMANDS = [check]


def _write(flags: Sequence[Flag], version: Version, format: str) -> None:
    inputs = {case.case_id: case.input for case in version.cases}
    rows = [
        [one.case_id[:SHORT_ID], str(one.problem), one.sentence, inputs[one.case_id], list(one.event_ids)]
        for one in flags
    ]
    write_rows(["case", "problem", "what", "input", "events"], rows, format=format)
