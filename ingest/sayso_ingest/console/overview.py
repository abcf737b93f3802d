"""What the first page says about a project."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from importlib.resources import files
from pathlib import Path

from sayso_ingest.errors import NotFound, WarehouseError
from sayso_ingest.warehouse import Published, read_statements

_SQL = read_statements(files(__package__) / "overview.sql")


@dataclass(frozen=True)
class Overview:
    """Counts and times of the published copy; without `published_at` there is none yet.

    `problem` says why a copy that is there cannot be read.
    """

    project: str
    published_at: datetime | None = None
    last_received_at: datetime | None = None
    events: int = 0
    kinds: dict[str, int] = field(default_factory=dict)
    rejects: dict[str, int] = field(default_factory=dict)
    problem: str | None = None


def read_overview(project_folder: Path) -> Overview:
    """Read the copy that is published now."""
    project = project_folder.name
    try:
        with Published.open(project_folder) as copy:
            [page] = copy.query(_SQL["page"])
            kinds = copy.query(_SQL["kinds"])
            rejects = copy.query(_SQL["rejects"])
    except NotFound:
        return Overview(project)
    except WarehouseError as error:
        return Overview(project, problem=str(error))
    return Overview(
        project,
        published_at=page["published_at"],
        last_received_at=page["last_received_at"],
        events=page["events"],
        kinds={row["kind"]: row["n"] for row in kinds},
        rejects={row["reason"]: row["n"] for row in rejects},
    )
