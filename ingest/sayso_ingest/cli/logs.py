"""What rooms say while they work, on standard error: lines for people, or one JSON object a line for programs."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sayso_ingest.cli.options import say
from sayso_ingest.settings import Settings

OUTPUT = ("log_level", "log_format")
"""The settings of what is said, which every room that runs has."""
_ABOUT_A_PROJECT = "project %s"
"""How a message begins that is about one project."""


def configure_logging(room: str, settings: Settings) -> None:
    """Send the log of this process to standard error, each line with its time and room."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_formatter(room, settings.log_format))
    logging.basicConfig(handlers=[handler], level=settings.log_level.upper(), force=True)


def sayer(settings: Settings) -> Callable[[str], None]:
    """What a room that runs says to people with; where programs read it, a line of the log like any other."""
    return say if settings.log_format == "text" else logging.getLogger("sayso").info


def server_logging(room: str, settings: Settings) -> dict[str, Any]:
    """The same for the lines of the server of HTTP, as it wants to be told."""
    stderr = {"class": "logging.StreamHandler", "stream": "ext://sys.stderr", "formatter": "generic"}
    generic = {"()": _formatter, "room": room, "form": settings.log_format}
    return {"handlers": {"console": stderr, "access": stderr}, "formatters": {"generic": generic}}


class JsonLines(logging.Formatter):
    """Makes one JSON object of each record: `ts`, `level`, `room`, `project` where it is about one, `message`."""

    def __init__(self, room: str) -> None:
        super().__init__()
        self._room = room

    def format(self, record: logging.LogRecord) -> str:
        """Make a line; a traceback is part of its message."""
        told = {
            "ts": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "room": self._room,
            "message": super().format(record),
        }
        if isinstance(record.msg, str) and record.msg.startswith(_ABOUT_A_PROJECT) and record.args:
            told["project"] = str(record.args[0]) if isinstance(record.args, tuple) else ""
        return json.dumps(told, ensure_ascii=True)


def _formatter(room: str, form: str) -> logging.Formatter:
    return (
        JsonLines(room)
        if form == "json"
        else logging.Formatter(f"%(asctime)s {room} %(levelname)s %(message)s", "%Y-%m-%d %H:%M:%S%z")
    )
