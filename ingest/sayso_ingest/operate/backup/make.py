"""Making a backup of an installation, used or at rest.

Of each project first the warehouse, then the log, while nothing may go from the log: so each record that was
acknowledged before is in one of them, and no position is ahead of the log. Then all else.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from sayso_ingest import __version__
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
from sayso_ingest.warehouse import FILE, Contents, snapshot

APART = frozenset({"live", "log", FILE})
"""What is in a project's folder and copied with care, or made anew."""

Say = Callable[[str], None]


def back_up(
    data: Path,
    target: Path,
    *,
    log: str,
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
            folder.name: _copy_project(folder, draft / folder.name, log=log, say=say) for folder in folders
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


def _copy_project(folder: Path, target: Path, *, log: str, say: Say) -> ProjectEntry:
    """Copy one project; what is committed in its warehouse and log is consistent, all else as it is at that time."""
    target.mkdir()
    contents, copied = None, None
    with held(live_warehouse(folder).parent) as at_least:
        if live_warehouse(folder).exists() or (folder / FILE).exists():
            warehouse = live_warehouse(target)
            warehouse.parent.mkdir()
            snapshot(folder, warehouse, at_least=at_least, say=say)
            contents = Contents.of(warehouse)
        if log == "sqlite":
            copied = copy_log(log_folder(folder), log_folder(target))
    for path in copying.ordinary_files(folder, without=APART):
        copying.copy_in_use(path, target / path.relative_to(folder))
    return _entry(contents, copied)


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
