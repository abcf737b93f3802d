"""collect, land, console: one room alone, started by hand or by `serve`."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sayso_ingest.cli.logs import OUTPUT, configure_logging, sayer
from sayso_ingest.cli.options import LOG, Command, only_project, with_settings
from sayso_ingest.cli.private import PRIVATE, counting_option, private_port
from sayso_ingest.cli.starting import (
    COLLECTING,
    CONSOLE,
    LANDING,
    check_log,
    leave,
    say_what_is_free,
    say_who_enters,
)
from sayso_ingest.cli.welcome import local_url
from sayso_ingest.settings import Settings

if TYPE_CHECKING:
    from sayso_ingest.metrics import Exposed, LanderMeter

# The supervisor gives its process id; a room that somebody started by hand lives as long as it likes.
supervised_option = click.option("--supervised-by", type=int, hidden=True)


@click.command(
    cls=Command,
    short_help="Run the collector alone: takes events over HTTP.",
    examples="""
    sayso collect --port 8710 --workers 4
    sayso collect --log kafka://broker-1:9092,broker-2:9092/sayso
    """,
)
@with_settings("host", "port", "workers", "threads", *COLLECTING, *LOG, *PRIVATE, *OUTPUT)
@supervised_option
@counting_option
def collect(settings: Settings, supervised_by: int | None, count_into: Path | None) -> None:
    """Run the collector alone: takes events over HTTP and appends them to the event log."""
    from sayso_ingest.cli import wsgi
    from sayso_ingest.operate.watching import collector_problems
    from sayso_ingest.redaction import load_hook

    check_log(settings)
    load_hook(settings.redact_hook)  # that it cannot be is said before anything listens
    port = _begin(
        "collector", settings, supervised_by, host=settings.host, port=settings.port, option="--port"
    )
    if not supervised_by:
        say_what_is_free(settings)
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
@with_settings(*LOG, *LANDING, *PRIVATE, *OUTPUT)
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
    from sayso_ingest.operate.project_lander import lander_finder
    from sayso_ingest.operate.watching import STANDS_BY, lander_problems

    stop = Stop.on_signals(patient=supervised_by is not None)
    if supervised_by:
        die_with(supervised_by)
    configure_logging("lander", settings)
    say = sayer(settings)
    check_log(settings)
    only = only_project()

    waits = threading.Event()

    def wait(said: str) -> None:
        waits.set()
        say(said)

    def problems(exposed: Exposed) -> Sequence[str]:
        return [STANDS_BY] if waits.is_set() else lander_problems(exposed.value)

    def ready() -> None:
        if supervised_by:
            click.echo("ready")  # the supervisor waits for it
        else:
            say(f"Landing {f'project {only}' if only else 'every project'} in {settings.data}.")

    with (
        private_port(settings, problems, count_into=count_into) as folder,
        landing_alone(settings.data, only, standby=stop if standby else None, say=wait) as alone,
    ):
        waits.clear()
        if alone:
            run(lander_finder(settings, only), stop, on_ready=ready, measures=_lander_meter(folder))
    leave(stop.signal)


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
        say_who_enters(settings)
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


COMMANDS = [collect, land, console]


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


def _lander_meter(count_into: Path | None) -> LanderMeter | None:
    if count_into is None:
        return None
    from sayso_ingest.metrics import LanderMeter

    return LanderMeter(count_into)
