"""The edge of the doctor at a data folder: its files, its disk, who may do what there, and its projects."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from sayso_ingest.errors import SaysoError
from sayso_ingest.eventlog import PLAINTEXT, Security, reserved_bytes
from sayso_ingest.keys import KeyRing
from sayso_ingest.operate.doctor.facts import Facts
from sayso_ingest.operate.doctor.files import look_at
from sayso_ingest.operate.doctor.processes import outliving
from sayso_ingest.operate.doctor.project import look_at_project
from sayso_ingest.operate.project import project_folders
from sayso_ingest.operate.room import needed
from sayso_ingest.parsers import AUTO
from sayso_ingest.places import keys_file, projects_file, users_file
from sayso_ingest.projects import ProjectBook
from sayso_ingest.users import UserBook
from sayso_ingest.warehouse import Lake, look_at_lake


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
    disk = shutil.disk_usage(
        next(folder for folder in (data, *data.absolute().parents) if os.access(folder, os.F_OK))
    )
    folders, landing = _projects(data, lake)
    return Facts(
        now=now or datetime.now(UTC).replace(tzinfo=None),
        data=data,
        folder=look_at(data),
        keys_file=look_at(keys_file(data)),
        keys=keys.entries() if keys else (),
        keys_problem=problem,
        free=disk.free,
        size=disk.total,
        reserve=reserved_bytes(reserve, disk.total) if log == "sqlite" else 0,
        landing=landing if log == "sqlite" else 0,
        projects=[
            look_at_project(
                folder,
                log=log,
                security=security,
                keys=keys,
                url=url,
                retired=listed.get(folder.name, False),
                lake=look_at_lake(found, overdue=overdue) if (found := lake(folder.name)) else None,
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


def _projects(data: Path, lake: Callable[[str], Lake | None]) -> tuple[list[Path], int]:
    """Its projects' folders, and the bytes that landing in them takes; none where they cannot be looked at."""
    try:
        folders = project_folders(data)
        return folders, needed(data, elsewhere=all((at := lake(one.name)) and at.on_s3 for one in folders))
    except OSError:
        return [], 0


def _keys(data: Path) -> tuple[KeyRing | None, str]:
    try:
        return KeyRing(keys_file(data)), ""
    except SaysoError as error:
        return None, str(error)


def _users_problem(data: Path) -> str:
    try:
        UserBook(users_file(data))
    except SaysoError as error:
        return str(error)
    return ""


def _listed(data: Path) -> tuple[Mapping[str, bool], str]:
    """Which projects are listed, and whether each is retired."""
    try:
        projects = ProjectBook(projects_file(data)).entries()
    except SaysoError as error:
        return {}, str(error)
    return {project.name: project.retired_at is not None for project in projects}, ""
