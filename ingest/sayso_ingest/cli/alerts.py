"""alerts: who is told when a figure is past what the team set, and what was said in the week."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from sayso_ingest.cli.options import Command, Group, say, with_settings
from sayso_ingest.cli.output import format_option, write_rows
from sayso_ingest.cli.welcome import local_url
from sayso_ingest.settings import Settings, from_environment

if TYPE_CHECKING:
    from sayso_ingest.alerts import Judged, Rules

COLUMNS = ("rule", "group", "figure", "value", "low", "high", "people", "near_end", "threshold", "fires")
FIRES = 1


@click.group(
    cls=Group,
    short_help="Tell the team when a figure is past what it set.",
    examples="""
    sayso alerts check
    sayso alerts send
    sayso alerts send --data /var/lib/sayso
    """,
)
def alerts() -> None:
    """Tell the team when a figure is past what it set, and each week what was said.

    The rules are in DATA/PROJECT/alerts.toml, what was told is in DATA/PROJECT/alerts.json. Where there are no rules
    yet, both commands show some to begin with.
    """


@alerts.command(
    cls=Command,
    short_help="Say what would fire now; exit code 1 if anything does.",
    examples="""
    sayso alerts check
    sayso alerts check --format json
    """,
)
@with_settings()
@format_option()
def check(settings: Settings, format: str) -> int:
    """Say of each rule and group whether it would fire now; nothing is posted or remembered.

    Exit code 0: none would. 1: some would, or it failed. The column near_end is the end of the stricter interval that
    a rule looks at; it is empty where fewer than 20 people spoke.
    """
    from sayso_ingest.alerts import look
    from sayso_ingest.warehouse import Published, home_of

    with Published.open(home_of(settings)) as copy:  # first: it says where there is no such project
        judged = look(copy, _rules(settings, sending=False))
    write_rows(COLUMNS, [_row(one) for one in judged], format=format)
    return FIRES if any(one.fires for one in judged) else 0


@alerts.command(
    cls=Command,
    short_help="Post what is new to the webhooks.",
    examples="""
    sayso alerts send --data /var/lib/sayso
    """,
)
@with_settings("console_host", "console_port")
def send(settings: Settings) -> int:
    """Post alerts that are new, those that are over, and the digest of the week; to be run by cron or a timer.

    The rules are looked at once a day (UTC), by the first run that day; later runs try again what could not be
    posted. Says nothing when there is nothing new. Exit code 1 when a webhook did not take its message. Messages link
    to the console: at the address in alerts.toml, else at the host and port below.
    """
    from sayso_ingest.alerts import tell
    from sayso_ingest.warehouse import Published, home_of

    console = local_url(settings.console_host, settings.console_port)
    with Published.open(home_of(settings)) as copy:
        rules = _rules(settings, sending=True)
        told = tell(copy, settings.project_folder, rules, console=console, now=datetime.now(UTC))
    for line in (*told.posted, *told.problems):
        say(line)
    return 1 if told.problems else 0


COMMANDS = [alerts]


def _rules(settings: Settings, *, sending: bool) -> Rules:
    from sayso_ingest.alerts import exposed, read_rules

    rules = read_rules(settings.project_folder, secret=from_environment if sending else None)
    if warning := exposed(settings.project_folder, rules):
        say(warning)
    return rules


def _row(judged: Judged) -> list[Any]:
    one, rule = judged.reading, judged.reading.rule
    group = ", ".join(one.group.values())
    threshold = f"{rule.side} {rule.threshold:g}"
    figures = (one.value, one.low, one.high, one.people, judged.near_end)
    return [rule.name, group, rule.figure, *figures, threshold, judged.fires]
