"""The edge of the doctor: what is in the folder, in the log, in the published copy, and in /proc."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

from sayso_ingest.errors import LogError, LogGap, NotFound, SaysoError
from sayso_ingest.eventlog import Positions, damaged_files, open_reader, strange_files
from sayso_ingest.keys import Key, KeyRing
from sayso_ingest.operate.doctor.processes import HeldCopy, held_copies, lock_owner
from sayso_ingest.operate.orphans import DAY, PATIENCE, Orphans
from sayso_ingest.operate.project import project_folders
from sayso_ingest.record import unpack
from sayso_ingest.settings import keys_file, live_warehouse, log_folder, service_key_file
from sayso_ingest.warehouse import Published, known_migrations, read_statements
from sayso_ingest.warehouse.published import FILE

_SQL = read_statements(files(__package__) / "doctor.sql")


@dataclass(frozen=True, slots=True)
class FileFacts:
    """Owner and mode of a file."""

    path: Path
    mode: int
    owner: int
    readable: bool
    writable: bool

    @classmethod
    def of(cls, path: Path) -> FileFacts | None:
        """Look at a file; None where there is none."""
        try:
            stat = path.stat()
        except OSError:
            return None
        readable, writable = os.access(path, os.R_OK), os.access(path, os.W_OK)
        return cls(path, stat.st_mode & 0o777, stat.st_uid, readable, writable)


@dataclass(frozen=True, slots=True)
class LogFacts:
    """What waits in the log of a project; `problem` says why it cannot be told."""

    waiting: int | None = None
    oldest: datetime | None = None
    problem: str = ""
    gap: bool = False
    strangers: Sequence[str] = ()
    aside: Sequence[str] = ()
    """Files that were not whole, or not the ones that were read, and were moved aside."""


@dataclass(frozen=True, slots=True)
class CopyFacts:
    """What the published copy of a project says; times are UTC."""

    file: FileFacts
    stray_wal: bool
    problem: str = ""
    newer: Sequence[str] = ()
    page: dict[str, Any] = field(default_factory=dict)
    rejects: Sequence[dict[str, Any]] = ()
    losses: Sequence[dict[str, Any]] = ()
    repeats: int = 0
    skewed: Sequence[dict[str, Any]] = ()
    keys: Sequence[dict[str, Any]] = ()
    orphans: dict[str, Any] = field(default_factory=dict)
    near_miss: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class ProjectFacts:
    """What is known about one project."""

    name: str
    folder: Path
    folders: Sequence[FileFacts]
    """Its own folder, that of the log, and that of the live file, as far as they are there."""
    service_key: FileFacts | None
    service_key_works: bool
    log: LogFacts
    live: FileFacts | None
    lander: int | None
    copy: CopyFacts | None
    held: Sequence[HeldCopy]


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known about a data folder."""

    now: datetime
    data: Path
    folder: FileFacts | None
    keys_file: FileFacts | None
    keys: Sequence[Key]
    keys_problem: str
    free: int
    size: int
    projects: Sequence[ProjectFacts]


def gather(data: Path, *, log: str, only: str | None = None, now: datetime | None = None) -> Facts:
    """Look at a data folder and its projects, or one of them; what cannot be looked at is a fact as well."""
    keys, problem = _keys(data)
    disk = shutil.disk_usage(next(folder for folder in (data, *data.absolute().parents) if folder.exists()))
    try:
        folders = [folder for folder in project_folders(data) if only in (None, folder.name)]
    except OSError:
        folders = []
    return Facts(
        now=now or datetime.now(UTC).replace(tzinfo=None),
        data=data,
        folder=FileFacts.of(data),
        keys_file=FileFacts.of(keys_file(data)),
        keys=keys,
        keys_problem=problem,
        free=disk.free,
        size=disk.total,
        projects=[_project(folder, log, keys_file(data)) for folder in folders],
    )


def _keys(data: Path) -> tuple[Sequence[Key], str]:
    if not keys_file(data).exists():
        return (), ""
    try:
        return KeyRing(keys_file(data)).keys(), ""
    except SaysoError as error:
        return (), str(error)


def _project(folder: Path, log: str, ring: Path) -> ProjectFacts:
    live = live_warehouse(folder)
    positions, copy = _copy(folder)
    secret = service_key_file(folder)
    return ProjectFacts(
        name=folder.name,
        folder=folder,
        folders=[
            found for path in (folder, log_folder(folder), live.parent) if (found := FileFacts.of(path))
        ],
        service_key=FileFacts.of(secret),
        service_key_works=_works(secret, ring, folder.name),
        log=_log(folder, log, positions),
        live=FileFacts.of(live),
        lander=lock_owner(live),
        copy=copy,
        held=held_copies(folder / FILE),
    )


def _works(secret: Path, ring: Path, project: str) -> bool:
    try:
        key = KeyRing(ring).find(secret.read_text().strip())
    except (OSError, SaysoError):
        return False
    return key is not None and key.revoked_at is None and key.project == project


def _log(folder: Path, log: str, positions: Positions) -> LogFacts:
    strangers, broken = strange_files(log_folder(folder)), damaged_files(log_folder(folder))
    reader = open_reader(log, folder=log_folder(folder), project=folder.name)
    try:
        waiting = reader.behind(positions)
        first = reader.read(positions, max_bytes=1) if waiting else []
        oldest = _received(first[0].payload) if first else None
        return LogFacts(waiting, oldest, strangers=strangers, aside=broken)
    except LogError as error:
        return LogFacts(problem=str(error), gap=isinstance(error, LogGap), strangers=strangers, aside=broken)
    finally:
        reader.close()


def _received(payload: bytes) -> datetime | None:
    try:
        parts = list(unpack(payload))
    except LogError:
        return None
    times = [datetime.fromisoformat(part.received_at).astimezone(UTC).replace(tzinfo=None) for part in parts]
    return min(times, default=None)


def _copy(folder: Path) -> tuple[Positions, CopyFacts | None]:
    path = folder / FILE
    file = FileFacts.of(path)
    if file is None:
        return {}, None
    stray = path.with_name(f"{FILE}.wal").exists()
    try:
        with Published.open(folder) as copy:
            positions = {row["source"]: row["next_offset"] for row in copy.query(_SQL["positions"])}
            return positions, CopyFacts(file, stray, **_landed(copy))
    except (NotFound, SaysoError) as error:
        return {}, CopyFacts(file, stray, problem=str(error))


def _landed(copy: Published) -> dict[str, Any]:
    [page] = copy.query(_SQL["page"])
    made = page["published_at"]
    since = {"since": made - DAY}
    times = {"until": made - PATIENCE, **since}
    lately = Orphans.of(copy, published_at=made, since=made - DAY)
    found = {
        "newer": sorted({row["name"] for row in copy.query(_SQL["migrations"])} - known_migrations()),
        "page": page,
        "rejects": copy.query(_SQL["rejects"], since),
        "losses": copy.query(_SQL["losses"], since),
        "repeats": copy.query(_SQL["repeats"], since)[0]["n"],
        "skewed": copy.query(_SQL["skewed"], since),
        "keys": copy.query(_SQL["keys"], {"since": made - timedelta(days=30)}),
        "orphans": {
            "feedback": lately.feedback,
            "orphans": lately.orphans,
            "interactions": copy.query(_SQL["interactions"])[0]["n"],
        },
    }
    if lately.orphans:
        found["near_miss"] = next(iter(copy.query(_SQL["near_miss"], times)), None)
    return found
