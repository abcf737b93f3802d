"""projects.json: which projects it holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from sayso_ingest.private_file import read_entries, write_entries
from sayso_ingest.projects.ages import age_of, spelled
from sayso_ingest.projects.project import Project

_VERSION = 1


def read_projects(path: Path) -> list[Project]:
    """Read every project that is listed, in the order in which they were; none where there is no file.

    Raises:
        SaysoError: the file cannot be read, or is no file of projects.
    """
    return read_entries(path, "projects", _decode, version=_VERSION) if path.exists() else []


def write_projects(path: Path, projects: Sequence[Project]) -> None:
    """Replace the file by one with these projects, durably; the caller holds the lock."""
    write_entries(path, "projects", [_encode(project) for project in projects], version=_VERSION)


def _encode(project: Project) -> dict[str, Any]:
    return {
        "name": project.name,
        "created_at": project.created_at and project.created_at.isoformat(),
        "retired_at": project.retired_at and project.retired_at.isoformat(),
        "rate": project.rate,
        "burst": project.burst,
        "retention": {kind: spelled(age) for kind, age in project.retention.items()},
        "redact": None if project.redact is None else list(project.redact),
    }


def _decode(entry: Mapping[str, Any]) -> Project:
    redact = entry["redact"]
    return Project(
        name=entry["name"],
        created_at=_time(entry["created_at"]),
        retired_at=_time(entry["retired_at"]),
        rate=entry["rate"],
        burst=entry["burst"],
        retention={kind: age_of(age) for kind, age in entry["retention"].items()},
        redact=None if redact is None else tuple(redact),
    )


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
