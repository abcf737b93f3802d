"""Where else somebody may still be named: files of the project that are nobody's, and folders that one is told of."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sayso_ingest.erased_ids import FILE as ERASED
from sayso_ingest.errors import SaysoError
from sayso_ingest.operate.backup import Manifest
from sayso_ingest.operate.backup.manifest import FILE as MANIFEST
from sayso_ingest.places import live_warehouse
from sayso_ingest.warehouse import FILE, Belongings, Traces
from sayso_ingest.warehouse.place import MOVED

CHUNK = 8 << 20
OVERLAP = 1 << 16


def leftovers(project_folder: Path, found: Belongings) -> Iterator[str]:
    """Name files of a project that still hold something; warehouse and log are rewritten, and not read again."""
    live = live_warehouse(project_folder)
    moved = live.with_name(live.name + MOVED)
    if moved.exists():
        yield f"{moved} is the warehouse as it was before it was moved into a lake: remove it"
    done = {project_folder / name for name in (FILE, ERASED, "live", "log")}
    for path in sorted(project_folder.iterdir()):
        if path not in done:
            yield from (f"{file} still names it" for file in _files_with(path, found))


def look_in(folder: Path, project: str, found: Belongings) -> Iterator[str]:
    """Name backups, exports and other files below a folder that hold something of it, or may."""
    backups = []
    for manifest in sorted(folder.rglob(MANIFEST)):
        try:
            backup = Manifest.read(manifest.parent)
        except SaysoError:
            continue  # a manifest of something else
        if project in backup.projects:
            backups.append(manifest.parent)
            yield f"{manifest.parent} is a backup of {backup.made_at}: remove it, or erase again after restoring it"
    for file in _files_with(folder, found):
        if not any(file.is_relative_to(backup) for backup in backups):
            yield f"{file} names it"


def _files_with(path: Path, found: Belongings) -> Iterator[Path]:
    traces = Traces(found)
    for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
        if file.is_file() and any(traces.stands_in(piece) for piece in _pieces(file)):
            yield file


def _pieces(file: Path) -> Iterator[bytes]:
    """Read a file in pieces that overlap, so that nothing is cut in two everywhere."""
    before = b""
    try:
        with file.open("rb") as reader:
            while chunk := reader.read(CHUNK):
                yield before + chunk
                before = chunk[-OVERLAP:]
    except OSError:
        return
