"""log: the event log in Kafka is made, moved to, and gaps in it are accepted."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from sayso_ingest.cli.options import LOG, Command, Group, Number, only_project, say, with_settings
from sayso_ingest.cli.terminal import clean
from sayso_ingest.cli.welcome import local_url, typed
from sayso_ingest.errors import NotFound, SaysoError, UsageError
from sayso_ingest.places import project_folder
from sayso_ingest.settings import Settings

if TYPE_CHECKING:
    from sayso_ingest.eventlog import Security
    from sayso_ingest.operate.topics import TopicReport

DAY_MS = 86_400_000


@click.group(
    cls=Group,
    short_help="Make the event log in Kafka, move to it, and mend it.",
    examples="""
    sayso log create --log kafka://broker-1:9092,broker-2:9092,broker-3:9092/sayso
    sayso log move --to kafka://broker-1:9092,broker-2:9092,broker-3:9092/sayso
    sayso log accept --project shop
    """,
)
def log() -> None:
    """Make the event log in Kafka, move to it, and let landing go on where it was lost."""


@log.command(
    cls=Command,
    short_help="Make each project's topic in Kafka, safe.",
    examples="""
    sayso log create --log kafka://broker-1:9092,broker-2:9092,broker-3:9092/sayso
    sayso log create --project shop --partitions 6 --days 14
    sayso log create --alter
    """,
)
@with_settings(*LOG)
@click.option(
    "--partitions",
    type=click.IntRange(1, 1000),
    default=3,
    show_default=True,
    metavar="N",
    help="Partitions of a topic that is made; one that is there keeps its own.",
)
@click.option(
    "--days",
    type=Number(min=0.001, max=3650),
    default=7.0,
    show_default=True,
    metavar="N",
    help="Days that a record stays at least, landed or not: longer than a lander may be away.",
)
@click.option("--alter", is_flag=True, help="Give topics that are there already the settings that are safe.")
def create(settings: Settings, partitions: int, days: float, alter: bool) -> int:
    """Make the topic of each project in the data folder, or of the one that --project names.

    Each record is kept by three brokers, or as many as there are, and counts as written once all but one of them have
    it; none that lacks records may take the lead. What a topic that is there already has otherwise is told, and the
    command then ends with 1.
    """
    from sayso_ingest.eventlog import Security
    from sayso_ingest.operate.topics import create_topics

    reports = list(
        create_topics(
            settings.log,
            Security.of(settings),
            _projects(settings),
            partitions=partitions,
            days=days,
            alter=alter,
        )
    )
    for report in reports:
        _tell(settings, report)
    return int(any(report.weak for report in reports))


@log.command(
    cls=Command,
    short_help="Let landing go on where Kafka lost or replaced a topic.",
    examples="""
    sayso log accept --project shop
    sayso log accept --project shop --yes
    """,
)
@with_settings(*LOG, "warehouse")
@click.option("--yes", is_flag=True, help="Do it; without, it is only told.")
def accept(settings: Settings, yes: bool) -> int:
    """Let landing go on where a topic is not as it was: made again, records expired, another cluster.

    Until then nothing of such a project is landed. Of each partition that does not fit it says what is skipped or read
    again. With --yes that is written into the warehouse, and kept in its table accepted_gaps. No lander may be at work:
    stop it, and start it afterwards. Without --yes it ends with 1 where there is something to decide.
    """
    from sayso_ingest.operate.gaps import gaps_of
    from sayso_ingest.operate.landing import landing_alone

    open_questions = False
    for project in _projects(settings):
        folder = project_folder(settings.data, project)
        with landing_alone(settings.data, project), gaps_of(settings, folder) as gaps:
            for gap in gaps.found:
                click.echo(clean(f"{project}: {gap.said}."))
            if gaps.found and yes:
                gaps.accept()
                click.echo(f"{project}: accepted. Landing goes on as soon as a lander runs.")
            elif not gaps.found:
                click.echo(f"{project}: the log fits what has landed, and there is nothing to decide.")
            open_questions = open_questions or bool(gaps.found and not yes)
    if open_questions:
        say("Nothing was changed. If records can be put back, do that; else type it again with --yes.")
    return int(open_questions)


@log.command(
    cls=Command,
    short_help="Move from files to Kafka, or back.",
    examples="""
    sayso log move --to kafka://broker-1:9092,broker-2:9092,broker-3:9092/sayso
    sayso log move --log kafka://broker-1:9092/sayso --to sqlite
    """,
)
@with_settings(*LOG, "warehouse", "host", "port")
@click.option("--to", "new", required=True, metavar="LOG", help="The new log, as in SAYSO_LOG.")
def move(settings: Settings, new: str) -> None:
    """Move an installation from the event log that SAYSO_LOG names to another one, with the service stopped.

    What the old log still holds is landed, and the new one is made ready; nothing is copied, so nothing is lost and
    nothing doubled, and the same command goes on after it was killed. Then it says what to change. Without --project it
    moves all projects of the data folder.
    """
    from sayso_ingest.eventlog import Security
    from sayso_ingest.operate import claim_folder
    from sayso_ingest.operate.landing import landing_alone

    renewed = replace(settings, log=new)
    if new == settings.log:
        raise UsageError(
            f"The log is {new!r} already (SAYSO_LOG). Name the old one with --log, if this is the new one."
        )
    security = Security.of(renewed if new.startswith("kafka://") else settings)
    held = claim_folder(settings.data)  # so that no `sayso serve` comes in between
    try:
        for project in _projects(settings):
            with landing_alone(settings.data, project):
                _move(settings, project, renewed, security)
    finally:
        os.close(held)
    click.echo(f"Now set SAYSO_LOG={new} for every collector and the lander, and start them.")


def _move(settings: Settings, project: str, renewed: Settings, security: Security) -> None:
    from sayso_ingest.operate.collector import ask_collector
    from sayso_ingest.operate.move_log import move_log

    folder = project_folder(settings.data, project)
    url = local_url(settings.host, settings.port)
    if settings.port and ask_collector(url, folder).takes_key:
        raise SaysoError(f"A collector takes events for {project} at {url}. Stop it, then type this again.")
    moved = move_log(settings, folder, new=renewed.log, security=security)
    click.echo(
        f"{project}: all that {settings.log} held has landed ({_number(moved.batches, 'landing', 'landings')})."
    )
    if moved.topic:
        _tell(renewed, moved.topic)


def _projects(settings: Settings) -> list[str]:
    """The one that was named, else all that there are."""
    from sayso_ingest.operate import project_folders

    only = only_project()
    names = [only] if only else [folder.name for folder in project_folders(settings.data)]
    if not names:
        raise NotFound(
            f"There is no project in {settings.data} yet. Name one with --project, or a folder with --data."
        )
    return names


def _number(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def _tell(settings: Settings, report: TopicReport) -> None:
    topic = report.topic
    keep = "for ever" if topic.keep_ms < 0 else f"for {topic.keep_ms / DAY_MS:g} days"
    click.echo(
        f"{report.project}: topic {topic.name} {'was made' if report.made else 'is there'}: "
        f"{_number(topic.partitions, 'partition', 'partitions')}, {_number(topic.copies, 'copy', 'copies')} of each "
        f"record on {_number(report.brokers, 'broker', 'brokers')}, written once "
        f"{topic.settings.get('min.insync.replicas', '?')} have it, kept {keep}."
    )
    if report.altered:
        click.echo(f"{report.project}: altered {', '.join(report.altered)}.")
    for weakness in report.weak:
        say(f"{report.project}: {weakness.said}.")
    if any(weakness.setting for weakness in report.weak):
        say(
            f"Give it the safe settings: {typed(settings, 'log', 'create', '--alter', '--log', settings.log)}"
        )
    if topic.copies == 1:
        say(f"{report.project}: there is one copy of each record. What its disk loses, is lost.")


COMMANDS = [log]
