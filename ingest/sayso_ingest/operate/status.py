"""What is going on in each project, seen from its log and its published copy."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

from sayso_ingest.errors import LogError, NotFound
from sayso_ingest.eventlog import PLAINTEXT, Positions, Security
from sayso_ingest.operate.collector import CollectorFacts, ask_collector
from sayso_ingest.operate.erased import again_command, back_in
from sayso_ingest.operate.looking import Page, positions_of, reading
from sayso_ingest.operate.orphans import DAY, Orphans
from sayso_ingest.operate.project import named_folders
from sayso_ingest.warehouse import Home, Published, read_statements

PATIENCE = 1.0
"""Seconds that a collector has to answer."""

_SQL = read_statements(files(__package__) / "status.sql")


@dataclass(frozen=True)
class ProjectStatus:
    """Counts and times of one project; times are UTC, None where there is none yet.

    `waiting` counts log records (a record holds what one group commit wrote) that are not in the published
    copy; None when the log cannot be asked. `problem` says why, or what keeps all from being published. `orphans`
    counts feedback that found no interaction within ten minutes; the shares are of `feedback`, 0 to 1, None where there
    is no feedback. `collector` says what answered when it was asked with the project's service key; None when none was.
    """

    project: str
    waiting: int | None = 0
    problem: str | None = None
    events: int = 0
    rejects: dict[str, int] = field(default_factory=dict)
    repeats: int = 0
    dropped: dict[str, int] = field(default_factory=dict)
    feedback: int = 0
    orphans: int = 0
    orphan_share: float | None = None
    feedback_last_day: int = 0
    orphans_last_day: int = 0
    orphan_share_last_day: float | None = None
    last_received_at: datetime | None = None
    last_landed_at: datetime | None = None
    published_at: datetime | None = None
    collector: CollectorFacts | None = None


def status(
    data: Path,
    *,
    log: str,
    security: Security = PLAINTEXT,
    only: str | None = None,
    url: str | None = None,
    home: Callable[[Path], Home] = lambda folder: folder,
) -> list[ProjectStatus]:
    """Look at every project in `data`, or at one; with `url` ask the collector there whether it is theirs.

    Raises:
        NotFound: there is no project there, or none of that name.
    """
    found: list[ProjectStatus] = []
    silent: CollectorFacts | None = None  # what did not answer once is not waited for again
    for folder in named_folders(data, only):
        collector = silent or (ask_collector(url, folder, patience=PATIENCE) if url else None)
        if collector and collector.status is None:
            silent = collector
        found.append(_project_status(folder, home(folder), log=log, security=security, collector=collector))
    return found


def _project_status(
    folder: Path, home: Home, *, log: str, security: Security, collector: CollectorFacts | None
) -> ProjectStatus:
    positions, landed = _landed(home)
    waiting, problem = None, None
    with reading(log, folder, security) as reader:
        try:
            waiting = reader.behind(positions)
        except LogError as error:
            problem = str(error)
    if not landed and (back := back_in(folder, home)):
        problem = f"{back} {again_command(folder)}"
    return ProjectStatus(project=folder.name, waiting=waiting, problem=problem, collector=collector, **landed)


def _landed(home: Home) -> tuple[Positions, dict[str, Any]]:
    """Read what the published copy says; nothing when there is none."""
    try:
        copy = Published.open(home)
    except NotFound:
        return {}, {}
    with copy:
        page, positions = Page.of(copy), positions_of(copy)
        counts = copy.query(_SQL["counts"])
        rejects = copy.query(_SQL["rejects"])
        orphans = _orphans(copy, page.published_at)
    return positions, {
        **asdict(page),
        "rejects": {row["reason"]: row["n"] for row in rejects},
        "repeats": sum(row["n"] for row in counts if row["hop"] == "lander"),
        "dropped": {row["reason"]: row["n"] for row in counts if row["hop"] == "client"},
        **orphans,
    }


def _orphans(copy: Published, published_at: datetime) -> dict[str, Any]:
    ever = Orphans.of(copy, published_at=published_at)
    lately = Orphans.of(copy, published_at=published_at, since=published_at - DAY)
    return {
        "feedback": ever.feedback,
        "orphans": ever.orphans,
        "orphan_share": ever.share,
        "feedback_last_day": lately.feedback,
        "orphans_last_day": lately.orphans,
        "orphan_share_last_day": lately.share,
    }
