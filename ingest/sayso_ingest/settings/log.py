"""Rows: the event log."""

from __future__ import annotations

from dataclasses import dataclass

from sayso_ingest import parsers
from sayso_ingest.settings.row import setting

LOG_ADDRESSES = (
    "sqlite (files in the project's folder), kafka://HOST:PORT[,HOST:PORT]/PREFIX "
    "(one topic a project, PREFIX.PROJECT)"
)


@dataclass(frozen=True)
class LogRows:
    """The event log."""

    log: str = setting(
        "sqlite",
        "The event log: sqlite (files in the project's folder) or kafka://HOST:PORT[,HOST:PORT]/PREFIX.",
        parsers.matching(parsers.LOG),
        LOG_ADDRESSES,
    )
    log_keep: float = setting(
        0.0,
        "Seconds that a file of the sqlite log stays after it has landed; 0 removes it at once.",
        parsers.number(float, 0.0, 31_536_000.0),
        "0 to 31536000 (a year)",
    )
