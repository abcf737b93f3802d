"""Serving a Flask app by granian, in worker processes that build it themselves."""

from __future__ import annotations

import contextlib
import ctypes
import gc
import logging
import multiprocessing
import os
import resource
from collections.abc import Callable
from functools import partial
from multiprocessing.util import Finalize
from pathlib import Path
from typing import Any, TypeAlias

from sayso_ingest.cli.welcome import local_url
from sayso_ingest.parsers import words_of
from sayso_ingest.settings import Settings

log = logging.getLogger(__name__)

LOOK_AT_KEYS_EVERY = 0.25
"""Seconds: a key that is made or revoked counts at once for people, and a request asks the disk for nothing."""

WsgiApp: TypeAlias = Callable[..., Any]
Load: TypeAlias = Callable[[Settings], WsgiApp]

STOP_WITHIN = 5
"""Seconds that requests in flight may take after SIGTERM, which refuses new connections at once; below what the
supervisor waits."""
M_ARENA_MAX = -8
"""As malloc.h has it."""
CONNECTIONS = 4096
OTHER_FILES = 512
"""Files that a process may have open beside its connections: logs of projects, libraries."""
HEADERS_WITHIN = 10_000
"""Milliseconds in which a client has to send its headers; headers that come slowly hold no thread."""


def load_collector(settings: Settings, *, count_into: Path | None = None) -> WsgiApp:
    """Build the collector, in the worker that will run it: log files and threads do not survive a fork."""
    meter = None
    if count_into is not None:
        from sayso_ingest.metrics import CollectorMeter

        meter = CollectorMeter(count_into)
    from sayso_ingest.collector import GroupCommit, RateLimit, create_app, redactors
    from sayso_ingest.eventlog import LogWriter, Reserved, Room, Security, open_writer
    from sayso_ingest.keys import KeyRing
    from sayso_ingest.operate.room import lands_elsewhere, needed
    from sayso_ingest.places import keys_file, log_folder, project_folder, projects_file
    from sayso_ingest.projects import ProjectBook
    from sayso_ingest.redaction import load_hook

    security = Security.of(settings)
    room = Room(partial(needed, settings.data, elsewhere=lands_elsewhere(settings)))

    def writer(project: str) -> LogWriter:
        folder = log_folder(project_folder(settings.data, project))
        opened = open_writer(settings.log, folder=folder, project=project, security=security)
        return Reserved(opened, folder, settings.disk_reserve, room) if settings.log == "sqlite" else opened

    commit = GroupCommit(writer, on_append=meter.appended) if meter else GroupCommit(writer)
    # A worker that ends runs the finalizers of multiprocessing, and never `atexit`. Nothing hangs on it: a killed
    # worker loses no accepted event either. But a log that is closed is left in order.
    Finalize(None, commit.close, exitpriority=0)
    return create_app(
        keyring=KeyRing(keys_file(settings.data), look_every=LOOK_AT_KEYS_EVERY),
        commit=commit,
        rate_limit=RateLimit(rate=settings.key_rate, burst=settings.key_burst),
        who_limit=RateLimit(rate=settings.who_rate, burst=settings.who_burst),
        project_of=ProjectBook(projects_file(settings.data), look_every=LOOK_AT_KEYS_EVERY).get,
        redactor_of=redactors(words_of(settings.redact), load_hook(settings.redact_hook)),
        measures=meter,
    )


def load_console(settings: Settings) -> WsgiApp:
    """Build the console of the project."""
    from sayso_ingest.console import Door, create_app, read_labels, run_ahead
    from sayso_ingest.warehouse import home_of

    app = create_app(
        project_folder=settings.project_folder,
        home=home_of(settings),
        door=Door.of(settings),
        collector=local_url(settings.host, settings.port),
        labels=read_labels(settings.console_labels),
        rubric=settings.console_rubric,
        attach=settings.attach,
        warehouse=settings.warehouse,
        ahead=True,
    )
    # Else a worker that ends would wait for the question that is being asked ahead.
    Finalize(None, run_ahead(app), exitpriority=0)
    return app


def serve(
    load: Load,
    settings: Settings,
    *,
    room: str,
    host: str,
    port: int,
    workers: int,
    threads: int,
    patient: bool = False,
) -> None:
    """Serve what `load` builds until SIGTERM or SIGINT; a second one ends at once what is not `patient`."""
    from granian.constants import HTTPModes, Interfaces
    from granian.http import HTTP1Settings
    from granian.log import LogLevels
    from granian.server import Server

    from sayso_ingest.cli.logs import server_logging

    # A body is handed over as it arrives: of 1 GB posted to an app that reads 1 MB, 3 MB were taken from the client
    # and the process grew by less than 1 MB. So the app's own limits hold, and no proxy is needed for them.
    server = Server(
        room,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        # A body that comes slowly holds one thread for as long as it stays: there is no deadline. So there are more
        # threads than processors, and a proxy before a collector that faces the internet is to buffer bodies.
        blocking_threads=threads,
        backpressure=_connections(),
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=HEADERS_WITHIN),
        # Else one worker that is killed ends the server. Two ends of the same worker within 5.5 s do so anyway.
        respawn_failed_workers=True,
        workers_kill_timeout=STOP_WITHIN,
        log_level=LogLevels.info if settings.log_level == "debug" else LogLevels.error,
        log_dictconfig=server_logging(room, settings),
    )
    if not patient:
        _end_at_once_when_asked_again(server)
    server.serve(target_loader=partial(_load_in_worker, load, settings, room), wrap_loader=False)


def _end_at_once_when_asked_again(server: Any) -> None:
    stop = server.signal_handler_interrupt

    def handle(number: int, frame: Any) -> None:
        if server.interrupt_signal:
            for worker in server.wrks:
                worker.kill()
            os._exit(128 + number)
        stop(number, frame)

    server.signal_handler_interrupt = handle


def _connections() -> int:
    """How many connections a process holds at a time; past that, those who come wait until some go.

    An idle one costs some kilobytes and no thread, and goes after `HEADERS_WITHIN`. Unless told, granian would hold
    1,024 for all processes together: so many idle clients kept everybody else out for as long. Each is a file, of which
    most systems allow 1,024 until a process asks for as many as it may have.
    """
    files, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = CONNECTIONS + OTHER_FILES
    if files < wanted:
        files = wanted if most == resource.RLIM_INFINITY else min(wanted, most)
        resource.setrlimit(resource.RLIMIT_NOFILE, (files, most))
    return max(128, min(CONNECTIONS, files - OTHER_FILES))


def _load_in_worker(load: Load, settings: Settings, room: str) -> WsgiApp:
    from sayso_ingest.cli.logs import configure_logging
    from sayso_ingest.operate import die_with

    # Workers of a killed main process would go on answering.
    main = multiprocessing.parent_process()
    if main is not None and main.pid is not None:
        die_with(main.pid)
    configure_logging(room, settings)
    _keep_to_few_arenas()
    try:
        app = load(settings)
    except Exception as error:
        log.error("cannot start: %s", error, exc_info=settings.log_level == "debug")
        raise SystemExit(1) from None
    # What is there now stays. Without this, the collector of garbage walks all of it every few seconds (43,000 objects)
    # while every request waits: 10 to 80 ms.
    gc.collect()
    gc.freeze()
    return app


def _keep_to_few_arenas() -> None:
    """Keep glibc from giving each thread a heap of its own, none of which gives back what large bodies took.

    20,000 bad requests left a collector with 420 MB, and with 170 MB since; other C libraries have no such call.
    """
    with contextlib.suppress(AttributeError, OSError):
        ctypes.CDLL(None).mallopt(M_ARENA_MAX, 2)
