"""The edge of the doctor at a project: its folder, its log, who lands it, and the collector that takes its key."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sayso_ingest.errors import LogError, LogGap, WarehouseError, WarehouseLocked, WarehouseNewer
from sayso_ingest.eventlog import Positions, Security, damaged_files, strange_files
from sayso_ingest.keys import KeyRing
from sayso_ingest.operate.collector import ask_collector, service_key
from sayso_ingest.operate.doctor import copy
from sayso_ingest.operate.doctor.facts import LogFacts, ProjectFacts
from sayso_ingest.operate.doctor.files import FileFacts, look_at
from sayso_ingest.operate.doctor.processes import (
    Process,
    flock_owner,
    held_copies,
    lock_owner,
    look_at_process,
)
from sayso_ingest.operate.erased import back_in
from sayso_ingest.operate.landing import LOCK
from sayso_ingest.operate.looking import reading, topics_in
from sayso_ingest.operate.topics import TopicReport, look_at_topic
from sayso_ingest.places import live_warehouse, log_folder, service_key_file
from sayso_ingest.record import received_at
from sayso_ingest.warehouse import FILE, LakeReport, aside, look_at_live


def look_at_project(
    folder: Path,
    *,
    log: str,
    security: Security,
    keys: KeyRing | None,
    url: str | None,
    retired: bool,
    lake: LakeReport | None,
) -> ProjectFacts:
    """Look at a project; `keys` are those of its data folder, as far as they can be read."""
    path = live_warehouse(folder)
    live, owner = look_at(path), lock_owner(path)
    live_problem, live_newer = _live_problem(folder, live, owner)
    positions, published = copy.in_folder(folder) if lake is None else copy.in_lake(lake)
    return ProjectFacts(
        name=folder.name,
        folder=folder,
        folders=[found for place in (folder, log_folder(folder), path.parent) if (found := look_at(place))],
        service_key=look_at(service_key_file(folder)),
        service_key_works=keys is not None and _works(folder, keys),
        log=_look_at_log(folder, log, security, positions),
        live=live,
        lander=_lander(folder, owner),
        asking=look_at_process(pid) if (pid := flock_owner(path.parent / aside.LOCK)) else None,
        live_problem=live_problem,
        live_newer=live_newer,
        draft=(folder / f".{FILE}.draft").exists(),
        copy=published,
        held=held_copies(folder / FILE),
        collector=ask_collector(url, folder) if url and not retired else None,
        retired=retired,
        lake=lake,
        erased_back="" if lake and lake.part else back_in(folder, lake.lake if lake else folder),
    )


def _lander(folder: Path, owner: int | None) -> Process | None:
    """Who holds the live file, or is the one to land: a lake has no such file, and a lander that waits holds none."""
    pid = owner or flock_owner(folder / LOCK) or flock_owner(folder.parent / LOCK)
    return look_at_process(pid) if pid else None


def _live_problem(folder: Path, live: FileFacts | None, lander: int | None) -> tuple[str, Sequence[str]]:
    """Why no lander could open a live file that none has open, and what a newer version has done to it."""
    if live is None or not live.readable or lander is not None:
        return "", ()
    try:
        look_at_live(live.path, folder / FILE)
    except WarehouseLocked:
        return "", ()  # a lander has begun
    except WarehouseNewer as error:
        return "", error.scripts
    except WarehouseError as error:
        return str(error).splitlines()[0], ()
    return "", ()


def _works(folder: Path, keys: KeyRing) -> bool:
    key = keys.find(service_key(folder))
    return key is not None and key.revoked_at is None and key.project == folder.name


def _look_at_log(folder: Path, log: str, security: Security, positions: Positions) -> LogFacts:
    kafka = log.startswith("kafka://")
    about: dict[str, Any] = {
        "strangers": strange_files(log_folder(folder)),
        "aside": damaged_files(log_folder(folder)),
        "kafka": kafka,
        "topic": _topic(folder, log, security) if kafka else None,
        "landed_topics": topics_in(positions),
    }
    with reading(log, folder, security) as reader:
        try:
            waiting = reader.behind(positions)
            first = reader.read(positions, max_bytes=1) if waiting else []
        except LogError as error:
            return LogFacts(problem=str(error), gap=isinstance(error, LogGap), **about)
    oldest = received_at(first[0].payload) if first else None
    return LogFacts(waiting, oldest and oldest.replace(tzinfo=None), **about)


def _topic(folder: Path, log: str, security: Security) -> TopicReport | None:
    try:
        return look_at_topic(log, security, folder.name)
    except LogError:
        return None  # why it cannot be asked, the reader says
