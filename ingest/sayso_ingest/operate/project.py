"""Projects: the folders below DATA, their service keys, and the first keys of a new one."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from sayso_ingest import locks, private_file
from sayso_ingest.errors import NotFound, SaysoError
from sayso_ingest.keys import LOOPBACK, Key, KeyRing, create_key
from sayso_ingest.owner import make_folder
from sayso_ingest.places import keys_file, log_folder, project_folder, projects_file, service_key_file
from sayso_ingest.projects import enlist_project

SERVICE_NOTE = "service key: programs on this machine, such as the demo, send with it"


def cannot_sign(key: Key) -> bool:
    """Say whether a back end's key was made before there were feedback tokens; the service key signs none."""
    return key.kind == "sk" and not key.revoked_at and key.token_key is None and key.note != SERVICE_NOTE


@dataclass(frozen=True)
class FirstKeys:
    """The secrets of a new project. They are shown once and stored nowhere."""

    secret: str
    publishable: str


def ensure_project(data: Path, project: str) -> FirstKeys | None:
    """Make the project's folder and service key if they are missing, and its first keys if it has none.

    Raises:
        SaysoError: the folder cannot be made or written to.
    """
    folder = project_folder(data, project)
    try:
        # What people wrote is for this user, until somebody opens the folder to others.
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        make_folder(folder)
        _ensure_service_key(data, project)
    except OSError as error:
        raise SaysoError(
            f"The folder {folder} cannot be used: {error.strerror}. "
            "Name one that this user may write to, with --data DIR or SAYSO_DATA."
        ) from error
    ring = keys_file(data)
    keys = KeyRing(ring).entries()
    if any(key.project == project and key.note != SERVICE_NOTE for key in keys):
        return None
    enlist_project(projects_file(data), project)
    secret, _ = create_key(ring, kind="sk", project=project, note="first secret key")
    publishable, _ = create_key(
        ring, kind="pk", project=project, origins=(LOOPBACK,), note="first publishable key"
    )
    return FirstKeys(secret, publishable)


def project_folders(data: Path) -> list[Path]:
    """Return the folders of all projects in `data`, by name."""
    if not data.is_dir():
        return []
    return sorted(
        folder
        for folder in data.iterdir()
        if service_key_file(folder).exists() or log_folder(folder).is_dir()
    )


def named_folders(data: Path, only: str | None) -> list[Path]:
    """Return the folders of all projects in `data`, or of the one that is named.

    Raises:
        NotFound: there is none, or none of that name.
    """
    found = [folder for folder in project_folders(data) if only in (None, folder.name)]
    if not found:
        what = f"no project {only!r}" if only else "no project"
        raise NotFound(f"There is {what} in {data} yet. Start one with: sayso serve --data {data}")
    return found


def _ensure_service_key(data: Path, project: str) -> None:
    path, ring = service_key_file(project_folder(data, project)), keys_file(data)
    if path.exists() and KeyRing(ring).find(path.read_text(errors="replace").strip()):
        return
    secret, _ = create_key(ring, kind="sk", project=project, note=SERVICE_NOTE)
    private_file.replace(path, f"{secret}\n")


def claim_folder(data: Path) -> int:
    """Hold the folder for one service; return the descriptor that holds it until the process ends.

    Raises:
        SaysoError: another service holds it.
    """
    descriptor = os.open(data / ".serve.lock", os.O_CREAT | os.O_RDONLY, 0o644)
    if not locks.take(descriptor):
        os.close(descriptor)
        raise SaysoError(
            f"Another `sayso serve` runs on {data}. Stop that one, or name another folder with --data."
        )
    return descriptor
