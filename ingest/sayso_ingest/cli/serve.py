"""serve, collect, land, console: the rooms that run."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sayso_ingest.cli.logs import OUTPUT, configure_logging, sayer
from sayso_ingest.cli.options import LOG, Command, with_settings
from sayso_ingest.cli.private import PRIVATE, counting_option, private_port
from sayso_ingest.cli.welcome import local_url, typed, welcome
from sayso_ingest.places import (
    log_folder,
    project_folder,
    projects_file,
    users_file,
)
from sayso_ingest.settings import LOOPBACK_HOSTS, Settings

if TYPE_CHECKING:
    from sayso_ingest.lander import Lander
    from sayso_ingest.metrics import Exposed, LanderMeter
    from sayso_ingest.operate import ChildSpec

LIMITS = ("key_rate", "key_burst", "who_rate", "who_burst", "disk_reserve", "redact", "redact_hook")
CONSOLE = (
    "console_host",
    "console_port",
    "console_open",
    "console_names",
    "console_user_header",
    "console_proxy",
    "console_labels",
    "console_rubric",
)
# The supervisor gives its process id; a room that somebody started by hand lives as long as it likes.
supervised_option = click.option("--supervised-by", type=int, hidden=True)


@click.command(
    cls=Command,
    short_help="Run the whole service on this machine.",
    examples="""
    sayso serve
    sayso serve --data /var/lib/sayso --workers 4
    sayso serve --port 0 --console-port 0
    sayso serve --private-port 8712
    """,
)
@with_settings(
    "host",
    "port",
    *CONSOLE,
    "warehouse",
    "attach",
    "workers",
    "threads",
    *LIMITS,
    *LOG,
    "log_keep",
    "publish_interval",
    "retention",
    *PRIVATE,
    *OUTPUT,
)
def serve(settings: Settings) -> None:
    """Run the whole service on this machine: collector, lander and console.

    A folder that holds no project yet gets one, and its first keys are printed, this once. What fails is
    started again; SIGTERM and Ctrl-C stop everything within ten seconds, a second one at once. All that it writes is
    in --data: the keys, and for each project the event log, the warehouse and the copy of it that readers open.
    """
    from sayso_ingest.operate import Stop, Supervisor, claim_folder, claim_port, ensure_project
    from sayso_ingest.operate.watching import collector_problems, lander_problems
    from sayso_ingest.projects import ProjectBook

    configure_logging("supervisor", settings)
    say = sayer(settings)
    _check_log(settings)
    ProjectBook(projects_file(settings.data)).entries()  # one that is damaged would end every worker anew
    stop = Stop.on_signals()
    public = claim_port(settings.host, settings.port, option="--port")
    private = claim_port(settings.console_host, settings.console_port, option="--console-port")
    settings = replace(settings, port=public.port, console_port=private.port)
    first = ensure_project(settings.data, settings.project)
    claim_folder(settings.data)
    if first:
        click.echo(welcome(settings, first))
    else:
        more = typed(settings, "keys", "create", "--kind", "sk")
        say(f"Using project {settings.project} in {settings.data}. For another key: {more}")
    _say_who_enters(settings)
    _say_what_is_free(settings)

    def ready() -> None:
        console = local_url(settings.console_host, settings.console_port)
        say(f"sayso is ready: {local_url(settings.host, settings.port)} (console: {console})")

    def problems(exposed: Exposed) -> Sequence[str]:
        return [*collector_problems(settings.host, settings.port), *lander_problems(exposed.value)]

    with private_port(settings, problems) as count_into:
        supervisor = Supervisor(_children(settings, count_into), say=say, on_ready=ready)
        stop.before_the_end = supervisor.kill
        supervisor.run(stop)
    say("Stopped. Everything that was accepted is on disk.")
    _leave(stop.signal)


@click.command(
    cls=Command,
    short_help="Run the collector alone: takes events over HTTP.",
    examples="""
    sayso collect --port 8710 --workers 4
    sayso collect --log kafka://broker-1:9092,broker-2:9092/sayso
    """,
)
@with_settings("host", "port", "workers", "threads", *LIMITS, *LOG, *PRIVATE, *OUTPUT)
@supervised_option
@counting_option
def collect(settings: Settings, supervised_by: int | None, count_into: Path | None) -> None:
    """Run the collector alone: takes events over HTTP and appends them to the event log."""
    from sayso_ingest.cli import wsgi
    from sayso_ingest.operate.watching import collector_problems
    from sayso_ingest.redaction import load_hook

    _check_log(settings)
    load_hook(settings.redact_hook)  # that it cannot be is said before anything listens
    port = _begin(
        "collector", settings, supervised_by, host=settings.host, port=settings.port, option="--port"
    )
    if not supervised_by:
        _say_what_is_free(settings)
    with private_port(
        settings, lambda _: collector_problems(settings.host, port), count_into=count_into
    ) as folder:
        wsgi.serve(
            partial(wsgi.load_collector, count_into=folder),
            settings,
            room="collector",
            host=settings.host,
            port=port,
            workers=settings.workers,
            threads=settings.threads,
            patient=supervised_by is not None,
        )


@click.command(
    cls=Command,
    short_help="Run the lander alone: event log to warehouse.",
    examples="""
    sayso land
    sayso land --project default --log kafka://broker-1:9092/sayso
    sayso land --standby
    """,
)
@with_settings(*LOG, "log_keep", "warehouse", "publish_interval", "retention", *PRIVATE, *OUTPUT)
@supervised_option
@counting_option
@click.option(
    "--standby",
    is_flag=True,
    help="Where another lander is at work on the same folder, wait, and take over when it ends.",
)
def land(settings: Settings, supervised_by: int | None, count_into: Path | None, standby: bool) -> None:
    """Run the lander alone: moves events from the log into the warehouse and publishes it.

    It lands every project in the folder, or with --project that one alone, made if it is missing. The copy that
    readers open is DATA/PROJECT/warehouse.duckdb. One lander at a time works on a folder; a second one with
    --standby, on the same machine, takes over within seconds.
    """
    from sayso_ingest.lander import run
    from sayso_ingest.operate import Stop, die_with
    from sayso_ingest.operate.landing import landing_alone
    from sayso_ingest.operate.watching import lander_problems

    stop = Stop.on_signals(patient=supervised_by is not None)
    if supervised_by:
        die_with(supervised_by)
    configure_logging("lander", settings)
    say = sayer(settings)
    _check_log(settings)
    only = click.get_current_context().params["project"]

    def ready() -> None:
        if supervised_by:
            click.echo("ready")  # the supervisor waits for it
        else:
            say(f"Landing {f'project {only}' if only else 'every project'} in {settings.data}.")

    with (
        private_port(
            settings, lambda exposed: lander_problems(exposed.value), count_into=count_into
        ) as folder,
        landing_alone(settings.data, only, standby=stop if standby else None, say=say) as alone,
    ):
        if alone:
            run(_finder(settings, only), stop, on_ready=ready, measures=_lander_meter(folder))
    _leave(stop.signal)


@click.command(
    cls=Command,
    short_help="Run the console alone: pages of what was published.",
    examples="""
    sayso console
    sayso console --project default --console-port 8711
    """,
)
@with_settings("host", "port", *CONSOLE, "warehouse", "attach", *OUTPUT)
@supervised_option
def console(settings: Settings, supervised_by: int | None) -> None:
    """Run the console alone: shows what a project has published.

    What people say in it goes to the collector at --host and --port.
    """
    from sayso_ingest.cli import wsgi

    if not supervised_by:
        _say_who_enters(settings)
    host = settings.console_host
    port = _begin(
        "console", settings, supervised_by, host=host, port=settings.console_port, option="--console-port"
    )
    wsgi.serve(
        wsgi.load_console,
        settings,
        room="console",
        host=host,
        port=port,
        workers=1,
        threads=16,
        patient=supervised_by is not None,
    )


COMMANDS = [serve, collect, land, console]


def _begin(
    room: str, settings: Settings, supervised_by: int | None, *, host: str, port: int, option: str
) -> int:
    """Prepare a room that listens; return the port it listens on."""
    from sayso_ingest.operate import claim_port, die_with

    configure_logging(room, settings)
    if supervised_by:
        die_with(supervised_by)  # which also keeps the port
        return port
    port = claim_port(host, port, option=option).port
    sayer(settings)(f"The {room} listens on {local_url(host, port)}")
    return port


def _check_log(settings: Settings) -> None:
    """Refuse what is no address of a log or no age, or needs what is not installed or not set, before all starts."""
    from sayso_ingest.eventlog import Security, open_writer
    from sayso_ingest.projects import ages_of

    ages_of(settings.retention)

    # It opens nothing before its first append.
    folder, security = log_folder(settings.project_folder), Security.of(settings)
    open_writer(settings.log, folder=folder, project=settings.project, security=security).close()


def _say_what_is_free(settings: Settings) -> None:
    """Say it where nothing can be taken from the start: the reserve may be too large for the disk."""
    from sayso_ingest.eventlog import left_over
    from sayso_ingest.operate.room import needed

    if settings.log == "sqlite" and left_over(settings.data, settings.disk_reserve) < needed(settings.data):
        look = typed(settings, "doctor")
        sayer(settings)(
            f"Less is free on the disk of {settings.data} than is set aside; nothing is taken: {look}"
        )


def _say_who_enters(settings: Settings) -> None:
    """Say what to type where nobody can look into the console."""
    from sayso_ingest.users import UserBook

    if settings.console_host in LOOPBACK_HOSTS and settings.console_open != "never":
        return
    if settings.console_user_header or UserBook(users_file(settings.data)).entries():
        return
    add = typed(settings, "users", "add", "NAME", "--role", "annotate")
    sayer(settings)(f"Nobody can sign in to the console yet. Add somebody: {add}")


def _lander_meter(count_into: Path | None) -> LanderMeter | None:
    if count_into is None:
        return None
    from sayso_ingest.metrics import LanderMeter

    return LanderMeter(count_into)


def _children(settings: Settings, count_into: Path | None) -> list[ChildSpec]:
    from sayso_ingest.operate import ChildSpec, answers

    def command(room: str, *names: str) -> list[str]:
        # -P: a file in the working directory must not pass for one of our modules.
        start = [sys.executable, "-P", "-m", "sayso_ingest", room, "--supervised-by", str(os.getpid())]
        return [*start, *settings.options("data", *OUTPUT, *names)]

    counting = ["--count-into", str(count_into)] if count_into else []
    collector = command("collect", "host", "port", "workers", "threads", *LIMITS, *LOG) + counting
    lander = command("land", *LOG, "log_keep", "warehouse", "publish_interval", "retention") + counting
    private = command("console", "project", "host", "port", *CONSOLE, "warehouse", "attach")
    return [
        ChildSpec("collector", collector, answers(settings.host, settings.port)),
        ChildSpec("lander", lander),
        ChildSpec("console", private, answers(settings.console_host, settings.console_port)),
    ]


def _finder(
    settings: Settings, only: str | None
) -> Callable[[frozenset[str]], Mapping[str, Callable[[], Lander]]]:
    """Make what the lander's loop asks for projects that are new to it."""
    from sayso_ingest.operate import project_folders
    from sayso_ingest.operate.project_lander import open_lander
    from sayso_ingest.projects import ProjectBook

    book = ProjectBook(projects_file(settings.data))

    def find(known: frozenset[str]) -> Mapping[str, Callable[[], Lander]]:
        folders = [project_folder(settings.data, only)] if only else project_folders(settings.data)
        return {
            folder.name: partial(open_lander, settings, book, folder)
            for folder in folders
            if folder.name not in known
        }

    return find


def _leave(stopped_by: int | None) -> None:
    if stopped_by == signal.SIGINT:
        raise click.Abort
