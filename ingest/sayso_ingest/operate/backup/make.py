"""Making a backup of an installation, used or at rest.

Of each project first the warehouse, then the log, while nothing may go from the log or the lake: so each record that
was acknowledged before is in one of them, and no position is ahead of the log. Then all else. A lake is copied into a
file: every backup can be read with DuckDB alone, and restored as either.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from sayso_ingest import __version__
from sayso_ingest.analysis import catalog
from sayso_ingest.errors import NotFound, SaysoError
from sayso_ingest.eventlog import CopiedLog, copy_log
from sayso_ingest.lander.pruning import held
from sayso_ingest.operate.backup import copying
from sayso_ingest.operate.backup.draft import draft_of, is_taken
from sayso_ingest.operate.backup.manifest import Manifest, ProjectEntry
from sayso_ingest.operate.backup.read_back import check, waiting
from sayso_ingest.operate.project import project_folders
from sayso_ingest.parsers import without_secrets
from sayso_ingest.places import live_warehouse, log_folder
from sayso_ingest.warehouse import FILE, Contents, Lake, LakeState, snapshot, snapshot_lake, state_of

APART = frozenset({"live", "log", FILE})
"""What is in a project's folder and copied with care, or made anew."""

Say = Callable[[str], None]
LakeOf = Callable[[str], Lake | None]
"""Tells the lake of a project; None where its warehouse is a file."""


def back_up(
    data: Path,
    target: Path,
    *,
    log: str,
    lake_of: LakeOf = lambda _: None,
    only: str | None = None,
    say: Say = lambda _: None,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Manifest:
    """Copy all projects, or `only` one, with keys, users and eval sets, into `target`, and read the copy back.

    Raises:
        NotFound: there is nothing to back up.
        SaysoError: it cannot be done; nothing is left at `target`.
    """
    folders = _projects(data, only)
    if is_taken(target):
        raise SaysoError(f"{target} is there already. Name a folder that is not, such as one with the date.")
    with draft_of(target, doing="backup") as draft:
        for path in copying.ordinary_files(
            data, without=frozenset(f.name for f in data.iterdir() if f.is_dir())
        ):
            copying.copy_in_use(path, draft / path.name)
        entries = {
            folder.name: _copy_project(
                folder, draft / folder.name, log=log, lake=lake_of(folder.name), say=say
            )
            for folder in folders
        }
        manifest = Manifest(
            sayso=__version__,
            made_at=now().isoformat(timespec="seconds"),
            log=without_secrets(log),
            projects=entries,
            files=copying.seal(draft),
        )
        manifest.write(draft)
        copying.seal(draft)
        check(draft)
    return manifest


def _projects(data: Path, only: str | None) -> list[Path]:
    if not data.is_dir():
        raise NotFound(f"There is no folder {data}. Name the one to back up with --data DIR or SAYSO_DATA.")
    found = [folder for folder in project_folders(data) if only in (None, folder.name)]
    if not found:
        what = f"no project {only!r}" if only else "no project"
        raise NotFound(f"There is {what} in {data}, so there is nothing to back up.")
    return found


def _copy_project(folder: Path, target: Path, *, log: str, lake: Lake | None, say: Say) -> ProjectEntry:
    """Copy one project; what is committed in its warehouse and log is consistent, all else as it is at that time."""
    target.mkdir()
    contents, copied, state = None, None, None
    warehouse = live_warehouse(target)
    with held(live_warehouse(folder).parent) as at_least:
        if lake and (state := _landed_in(lake, folder, at_least)):
            snapshot_lake(lake, state, warehouse, views=catalog())
            contents = Contents.of(warehouse)
        elif live_warehouse(folder).exists() or (folder / FILE).exists():
            warehouse.parent.mkdir()
            snapshot(folder, warehouse, at_least=at_least, say=say)
            contents = Contents.of(warehouse)
        if log == "sqlite":
            copied = copy_log(log_folder(folder), log_folder(target))
    for path in copying.ordinary_files(folder, without=APART):
        copying.copy_in_use(path, target / path.relative_to(folder))
    entry = _entry(contents, copied)
    return replace(entry, lake=lake.address, snapshot=state.snapshot) if lake and state else entry


def _landed_in(lake: Lake, folder: Path, at_least: int) -> LakeState | None:
    """Say how far a lake is, as far as it is published if that is enough; None where nothing has landed in it.

    Raises:
        SaysoError: more has landed than is in it, so that it is not the one.
    """
    state = state_of(lake, published=True)
    if state.landing < max(at_least, 1):
        state = state_of(lake)
    # There is a file as long as it was not moved, or where a restore was killed before that.
    if state.landing < at_least and (state.landing or not live_warehouse(folder).exists()):
        raise SaysoError(
            f"{lake} is at landing {state.landing}, and the log of {folder.name} was pruned of what landed until "
            f"landing {at_least}. Is it the right lake? The settings that name it are SAYSO_WAREHOUSE and those that "
            "begin with SAYSO_LAKE_."
        )
    return state if state.landing else None


def _entry(contents: Contents | None, copied: CopiedLog | None) -> ProjectEntry:
    positions = contents.positions if contents else {}
    return ProjectEntry(
        landing=contents.landing if contents else None,
        events=contents.events if contents else 0,
        rejects=contents.rejects if contents else 0,
        waiting=waiting(copied.records, positions) if copied else None,
        damaged=copied.damaged if copied else [],
        positions={} if copied else positions,
    )
