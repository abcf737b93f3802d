"""What is refused, or said, before a room starts; and the settings of each room."""

from __future__ import annotations

import signal

import click

from sayso_ingest.cli.logs import sayer
from sayso_ingest.cli.welcome import typed
from sayso_ingest.places import log_folder, users_file
from sayso_ingest.settings import LOOPBACK_HOSTS, Settings

COLLECTING = ("key_rate", "key_burst", "who_rate", "who_burst", "disk_reserve", "redact", "redact_hook")
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
LANDING = ("log_keep", "warehouse", "publish_interval", "retention")


def check_log(settings: Settings) -> None:
    """Refuse what is no address of a log or no age, or needs what is not installed or not set, before all starts."""
    from sayso_ingest.eventlog import Security, open_writer
    from sayso_ingest.projects import ages_of

    ages_of(settings.retention)

    # It opens nothing before its first append.
    folder, security = log_folder(settings.project_folder), Security.of(settings)
    open_writer(settings.log, folder=folder, project=settings.project, security=security).close()


def say_what_is_free(settings: Settings) -> None:
    """Say it where nothing can be taken from the start: the reserve may be too large for the disk."""
    from sayso_ingest.eventlog import left_over
    from sayso_ingest.operate.room import lands_elsewhere, needed

    takes = needed(settings.data, elsewhere=lands_elsewhere(settings))
    if settings.log == "sqlite" and left_over(settings.data, settings.disk_reserve) < takes:
        look = typed(settings, "doctor")
        sayer(settings)(
            f"Less is free on the disk of {settings.data} than is set aside, so no event is taken. "
            f"What to do says: {look}"
        )


def say_who_enters(settings: Settings) -> None:
    """Say what to type where nobody can look into the console."""
    from sayso_ingest.users import UserBook

    if settings.console_host in LOOPBACK_HOSTS and settings.console_open != "never":
        return
    if settings.console_user_header or UserBook(users_file(settings.data)).entries():
        return
    add = typed(settings, "users", "add", "NAME", "--role", "annotate")
    sayer(settings)(f"Nobody can sign in to the console yet. Add somebody: {add}")


def leave(stopped_by: int | None) -> None:
    """End as Ctrl-C does, where that was what stopped a room."""
    if stopped_by == signal.SIGINT:
        raise click.Abort
