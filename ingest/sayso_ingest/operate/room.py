"""How much of the disk it takes to land what waits in the logs, and to publish it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sayso_ingest.eventlog import LANDING, waiting_bytes
from sayso_ingest.operate.project import project_folders
from sayso_ingest.places import kept_copy, landed_mark, live_warehouse, log_folder
from sayso_ingest.settings import Settings

BESIDE = 4 << 20
"""Bytes that an empty warehouse takes, its copy and its write-ahead log."""
WHOLE_UP_TO = 8 << 20
"""Bytes of a warehouse up to which a copy takes the place of the one before; of a larger one that is kept for the next
copy. The same as in `warehouse.copy_file`, which a collector does not load."""


@dataclass(frozen=True, slots=True)
class _Needed:
    lasting: int
    """What is there afterwards and was not before."""
    draft: int
    """What is there beside that while a copy is made."""


def needed(data: Path, *, elsewhere: bool = False) -> int:
    """Bytes that landing and publishing take beyond what is there, if nothing more comes in.

    Of the drafts of copies the largest counts: one that finds no room is tried again when the others have their places.
    """
    if elsewhere:
        return 0
    found = [_needed(folder) for folder in project_folders(data)]
    return sum(one.lasting for one in found) + max((one.draft for one in found), default=0)


def lands_elsewhere(settings: Settings) -> bool:
    """Say whether nothing of what lands takes room on this machine."""
    return settings.warehouse != "duckdb" and settings.lake_data.startswith("s3:")


def _needed(project: Path) -> _Needed:
    live = _size(live_warehouse(project))
    landing = LANDING * waiting_bytes(log_folder(project), landed_mark(project))
    if live <= WHOLE_UP_TO:
        return _Needed(landing + (0 if live else BESIDE), live + BESIDE)
    return _Needed(landing + max(0, live - _size(kept_copy(project))), 0)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
