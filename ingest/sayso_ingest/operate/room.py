"""How much of the disk it takes to land what waits in the logs, and to publish it."""

from __future__ import annotations

from pathlib import Path

from sayso_ingest.eventlog import LANDING, waiting_bytes
from sayso_ingest.operate.project import project_folders
from sayso_ingest.places import kept_copy, landed_mark, live_warehouse, log_folder

BESIDE = 4 << 20
"""Bytes that an empty warehouse takes, its copy and its write-ahead log."""


def needed(data: Path) -> int:
    """Bytes that landing and publishing take beyond what is there, if nothing more comes in."""
    return sum(_needed(folder) for folder in project_folders(data))


def _needed(project: Path) -> int:
    live, mark = _size(live_warehouse(project)), landed_mark(project)
    if not live and mark.exists():
        return 0  # it lands elsewhere, in a lake
    # The next copy is made of the one that is kept aside, or beside all that is there.
    copy = max(0, live - _size(kept_copy(project)))
    return LANDING * waiting_bytes(log_folder(project), mark) + copy + BESIDE


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
