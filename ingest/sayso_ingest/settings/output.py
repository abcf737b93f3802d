"""Rows: what is said on standard error."""

from __future__ import annotations

from dataclasses import dataclass

from sayso_ingest import parsers
from sayso_ingest.settings.row import setting

LOG_LEVELS = ("debug", "info", "warning", "error")
LOG_FORMATS = ("text", "json")


@dataclass(frozen=True)
class OutputRows:
    """What is said on standard error."""

    log_level: str = setting(
        "info",
        "How much is said on standard error; debug adds tracebacks.",
        parsers.one_of(LOG_LEVELS),
        ", ".join(LOG_LEVELS),
    )
    log_format: str = setting(
        "text",
        "How it is said: text, or json: one object a line with ts, level, room, project and message.",
        parsers.one_of(LOG_FORMATS),
        ", ".join(LOG_FORMATS),
    )
