"""projects.json: how a project stands in it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sayso_ingest.projects.ages import age_of, spelled
from sayso_ingest.projects.project import Project
from sayso_ingest.registry import Form


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


PROJECTS = Form(
    name="projects",
    version=1,
    id_of=lambda project: project.name,
    encode=_encode,
    decode=_decode,
    advice="say anew what differs: sayso projects set NAME",
)
