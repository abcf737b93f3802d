"""The edge of the doctor: what is in the folder, in the log, in the published copy, and in /proc."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

from sayso_ingest.errors import LogError, LogGap, NotFound, SaysoError, WarehouseNewer
from sayso_ingest.eventlog import (
    PLAINTEXT,
    Positions,
    Security,
    damaged_files,
    open_reader,
    reserved_bytes,
    strange_files,
)
from sayso_ingest.keys import Key, KeyRing
from sayso_ingest.operate.doctor.collector import ask_collector
from sayso_ingest.operate.doctor.facts import CopyFacts, Facts, FileFacts, LogFacts, ProjectFacts
from sayso_ingest.operate.doctor.processes import held_copies, lock_owner, look_at_process, outliving
from sayso_ingest.operate.orphans import DAY, PATIENCE, Orphans
from sayso_ingest.operate.project import project_folders
from sayso_ingest.operate.room import needed
from sayso_ingest.operate.topics import TopicReport, look_at_topic
from sayso_ingest.parsers import AUTO
from sayso_ingest.places import (
    keys_file,
    live_warehouse,
    log_folder,
    projects_file,
    service_key_file,
    users_file,
)
from sayso_ingest.projects import ProjectBook
from sayso_ingest.record import received_at
from sayso_ingest.users import UserBook
from sayso_ingest.warehouse import Home, Lake, LakeReport, Published, look_at_lake, read_statements
from sayso_ingest.warehouse.published import FILE

_SQL = read_statements(files(__package__) / "doctor.sql")


def gather(
    data: Path,
    *,
    log: str,
    security: Security = PLAINTEXT,
    only: str | None = None,
    url: str | None = None,
    reserve: str = AUTO,
    lake: Callable[[str], Lake | None] = lambda _: None,
    overdue: float = 3600.0,
    now: datetime | None = None,
) -> Facts:
    """Look at a data folder and its projects, or one of them; what cannot be looked at is a fact as well.

    With `url` the collector there is asked whether it takes their service keys; `lake` says where the lake of a project
    is, which keeps for `overdue` seconds what was replaced.
    """
    keys, problem = _keys(data)
    listed, projects_problem = _listed(data)
    disk = shutil.disk_usage(next(folder for folder in (data, *data.absolute().parents) if folder.exists()))
    try:
        folders, landing = project_folders(data), needed(data)
    except OSError:
        folders, landing = [], 0
    return Facts(
        now=now or datetime.now(UTC).replace(tzinfo=None),
        data=data,
        folder=look_at(data),
        keys_file=look_at(keys_file(data)),
        keys=keys,
        keys_problem=problem,
        free=disk.free,
        size=disk.total,
        reserve=reserved_bytes(reserve, disk.total) if log == "sqlite" else 0,
        landing=landing if log == "sqlite" else 0,
        projects=[
            _project(
                folder,
                (log, security),
                keys_file(data),
                url,
                retired=listed.get(folder.name, False),
                lake=_lake(lake(folder.name), overdue),
            )
            for folder in folders
            if only in (None, folder.name)
        ],
        projects_problem=projects_problem,
        users_file=look_at(users_file(data)),
        users_problem=_users_problem(data),
        outliving=outliving(data),
        only=only,
        known=[folder.name for folder in folders],
    )


def look_at(path: Path) -> FileFacts | None:
    """Look at a file or a folder; None where there is none."""
    try:
        stat = path.stat()
    except OSError:
        return None
    readable, writable = os.access(path, os.R_OK), os.access(path, os.W_OK)
    return FileFacts(path, stat.st_mode & 0o777, stat.st_uid, readable, writable, path.is_dir())


def _keys(data: Path) -> tuple[Sequence[Key], str]:
    if not keys_file(data).exists():
        return (), ""
    try:
        return KeyRing(keys_file(data)).entries(), ""
    except SaysoError as error:
        return (), str(error)


def _users_problem(data: Path) -> str:
    try:
        UserBook(users_file(data)).entries()
    except SaysoError as error:
        return str(error)
    return ""


def _live_problem(live: Path) -> str:
    """Look at its first bytes alone: to open it is for its lander."""
    try:
        with live.open("rb") as file:
            return "" if file.read(12)[8:] == b"DUCK" else f"{live} is no DuckDB file."
    except OSError:
        return ""  # that it is not there, or not to be read, is seen already


def _listed(data: Path) -> tuple[Mapping[str, bool], str]:
    """Which projects are listed, and whether each is retired."""
    try:
        projects = ProjectBook(projects_file(data)).entries()
    except SaysoError as error:
        return {}, str(error)
    return {project.name: project.retired_at is not None for project in projects}, ""


def _project(
    folder: Path,
    log: tuple[str, Security],
    ring: Path,
    url: str | None,
    *,
    retired: bool,
    lake: LakeReport | None,
) -> ProjectFacts:
    live = live_warehouse(folder)
    positions, copy = _copy(folder) if lake is None else _in_lake(lake)
    secret = service_key_file(folder)
    return ProjectFacts(
        name=folder.name,
        folder=folder,
        folders=[found for path in (folder, log_folder(folder), live.parent) if (found := look_at(path))],
        service_key=look_at(secret),
        service_key_works=_works(secret, ring, folder.name),
        log=_log(folder, *log, positions),
        live=look_at(live),
        lander=look_at_process(owner) if (owner := lock_owner(live)) else None,
        live_problem=_live_problem(live),
        draft=(folder / f".{FILE}.draft").exists(),
        copy=copy,
        held=held_copies(folder / FILE),
        collector=ask_collector(url, _secret(secret)) if url and not retired else None,
        retired=retired,
        lake=lake,
    )


def _lake(lake: Lake | None, overdue: float) -> LakeReport | None:
    return look_at_lake(lake, overdue=overdue) if lake else None


def _secret(path: Path) -> str:
    try:
        return path.read_text().strip()
    except OSError:
        return ""


def _works(secret: Path, ring: Path, project: str) -> bool:
    try:
        key = KeyRing(ring).find(_secret(secret))
    except SaysoError:
        return False
    return key is not None and key.revoked_at is None and key.project == project


def _log(folder: Path, log: str, security: Security, positions: Positions) -> LogFacts:
    files = {"strangers": strange_files(log_folder(folder)), "aside": damaged_files(log_folder(folder))}
    kafka = log.startswith("kafka://")
    about: dict[str, Any] = {
        **files,
        "kafka": kafka,
        "topic": _topic(folder, log, security) if kafka else None,
    }
    reader = open_reader(log, folder=log_folder(folder), project=folder.name, security=security)
    try:
        waiting = reader.behind(positions)
        first = reader.read(positions, max_bytes=1) if waiting else []
        oldest = received_at(first[0].payload) if first else None
        return LogFacts(waiting, oldest and oldest.replace(tzinfo=None), **about)
    except LogError as error:
        return LogFacts(problem=str(error), gap=isinstance(error, LogGap), **about)
    finally:
        reader.close()


def _topic(folder: Path, log: str, security: Security) -> TopicReport | None:
    try:
        return look_at_topic(log, security, folder.name)
    except LogError:
        return None  # why it cannot be asked, the reader says


def _copy(folder: Path) -> tuple[Positions, CopyFacts | None]:
    path = folder / FILE
    file = look_at(path)
    if file is None:
        return {}, None
    return _published(folder, file, stray=path.with_name(f"{FILE}.wal").exists())


def _in_lake(lake: LakeReport) -> tuple[Positions, CopyFacts | None]:
    return ({}, None) if lake.part else _published(lake.lake, None)


def _published(
    home: Home, file: FileFacts | None, *, stray: bool = False
) -> tuple[Positions, CopyFacts | None]:
    try:
        with Published.open(home) as copy:
            positions = {row["source"]: row["next_offset"] for row in copy.query(_SQL["positions"])}
            return positions, CopyFacts(file, stray, **_landed(copy))
    except NotFound:
        return {}, None
    except SaysoError as error:
        newer = error.scripts if isinstance(error, WarehouseNewer) else ()
        return {}, CopyFacts(file, stray, problem=str(error), newer=newer)


def _landed(copy: Published) -> dict[str, Any]:
    [page] = copy.query(_SQL["page"])
    made = page["published_at"]
    since = {"since": made - DAY}
    times = {"until": made - PATIENCE, **since}
    lately = Orphans.of(copy, published_at=made, since=made - DAY)
    found = {
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
