"""Reading a backup back: every file against its hash, every warehouse and log against what the manifest says."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from sayso_ingest.errors import SaysoError
from sayso_ingest.operate.backup import copying
from sayso_ingest.operate.backup.manifest import FILE, Manifest, ProjectEntry
from sayso_ingest.operate.looking import reading
from sayso_ingest.places import live_warehouse, log_folder
from sayso_ingest.warehouse import Contents

SHOWN = 5


def check(folder: Path) -> Manifest:
    """Read everything of a backup, and return what it says of itself.

    Raises:
        NotFound: it is no backup.
        SaysoError: a file is missing, was changed or added, or does not hold what it should.
    """
    manifest = Manifest.read(folder)
    there = {str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file()} - {FILE}
    wrong = [f"{path} is missing" for path in sorted(manifest.files.keys() - there)]
    wrong += [f"{path} does not belong to it" for path in sorted(there - manifest.files.keys())]
    for path in sorted(there & manifest.files.keys()):
        if copying.entry_of(folder / path) != manifest.files[path]:
            wrong.append(f"{path} is not as it was written")
    if wrong:
        more = f", and {len(wrong) - SHOWN} more" if len(wrong) > SHOWN else ""
        raise SaysoError(
            f"The backup in {folder} is damaged: {'; '.join(wrong[:SHOWN])}{more}. "
            "Nothing was done with it. Use another backup."
        )
    for name, entry in manifest.projects.items():
        _check_project(folder / name, entry)
    return manifest


def waiting(records: Mapping[str, int], positions: Mapping[str, int]) -> int:
    """Count the records of a log that are past the positions."""
    return sum(max(0, count - positions.get(source, 0)) for source, count in records.items())


def _check_project(folder: Path, entry: ProjectEntry) -> None:
    """Hold what is in the files against the manifest."""
    positions: Mapping[str, int] = {}
    if entry.landing is not None:
        found = Contents.of(live_warehouse(folder))
        positions = found.positions
        if (found.landing, found.events, found.rejects) != (entry.landing, entry.events, entry.rejects):
            raise SaysoError(f"{live_warehouse(folder)} does not hold what the manifest of the backup says.")
    if entry.waiting is not None and not entry.damaged:
        with reading("sqlite", folder) as reader:
            waits = reader.behind(positions)
        if waits != entry.waiting:
            raise SaysoError(f"{log_folder(folder)} does not hold what the manifest of the backup says.")
