"""serve: the whole service on this machine."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sayso_ingest.cli.logs import OUTPUT, configure_logging, sayer
from sayso_ingest.cli.options import LOG, Command, with_settings
from sayso_ingest.cli.private import PRIVATE, private_port
from sayso_ingest.cli.starting import (
    COLLECTING,
    CONSOLE,
    LANDING,
    check_log,
    leave,
    say_what_is_free,
    say_who_enters,
)
from sayso_ingest.cli.welcome import local_url, typed, welcome
from sayso_ingest.places import projects_file
from sayso_ingest.settings import Settings

if TYPE_CHECKING:
    from sayso_ingest.metrics import Exposed
    from sayso_ingest.operate import ChildSpec


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
    "attach",
    "workers",
    "threads",
    *COLLECTING,
    *LOG,
    *LANDING,
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
    check_log(settings)
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
    say_who_enters(settings)
    say_what_is_free(settings)

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
    leave(stop.signal)


COMMANDS = [serve]


def _children(settings: Settings, count_into: Path | None) -> list[ChildSpec]:
    from sayso_ingest.operate import ChildSpec, answers

    def command(room: str, *names: str) -> list[str]:
        # -P: a file in the working directory must not pass for one of our modules.
        start = [sys.executable, "-P", "-m", "sayso_ingest", room, "--supervised-by", str(os.getpid())]
        return [*start, *settings.options("data", *OUTPUT, *names)]

    counting = ["--count-into", str(count_into)] if count_into else []
    collector = command("collect", "host", "port", "workers", "threads", *COLLECTING, *LOG) + counting
    lander = command("land", *LOG, *LANDING) + counting
    private = command("console", "project", "host", "port", *CONSOLE, "warehouse", "attach")
    return [
        ChildSpec("collector", collector, answers(settings.host, settings.port)),
        ChildSpec("lander", lander),
        ChildSpec("console", private, answers(settings.console_host, settings.console_port)),
    ]
