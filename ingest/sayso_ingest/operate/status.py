"""What is going on in each project, seen from its log and its published copy."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

from sayso_ingest.errors import LogError, NotFound
from sayso_ingest.eventlog import PLAINTEXT, Positions, Security, open_reader
from sayso_ingest.operate.doctor.collector import ask_collector
from sayso_ingest.operate.doctor.facts import CollectorFacts
from sayso_ingest.operate.orphans import DAY, Orphans
from sayso_ingest.operate.project import project_folders
from sayso_ingest.places import log_folder, service_key_file
from sayso_ingest.warehouse import Home, Published, read_statements

PATIENCE = 1.0
"""Seconds that a collector has to answer."""

_SQL = read_statements(files(__package__) / "status.sql")


@dataclass(frozen=True)
class ProjectStatus:
    """Counts and times of one project; times are UTC, None where there is none yet.

    `waiting` counts log records (a record holds what one group commit wrote) that are not in the published
    copy; None when the log cannot be asked, `problem` says why. `orphans` counts feedback that found no interaction
    within ten minutes; the shares are of `feedback`, 0 to 1, None where there is no feedback. `collector` says what
    answered when it was asked with the project's service key; None when none was asked.
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
    folders = [folder for folder in project_folders(data) if only in (None, folder.name)]
    if not folders:
        what = f"no project {only!r}" if only else "no project"
        raise NotFound(f"There is {what} in {data} yet. Start one with: sayso serve --data {data}")
    found: list[ProjectStatus] = []
    silent: CollectorFacts | None = None  # what did not answer once is not waited for again
    for folder in folders:
        collector = silent or _collector(folder, url)
        if collector and collector.status is None:
            silent = collector
        found.append(_project_status(folder, home(folder), log=log, security=security, collector=collector))
    return found


def _collector(folder: Path, url: str | None) -> CollectorFacts | None:
    if url is None:
        return None
    try:
        key = service_key_file(folder).read_text().strip()
    except OSError:
        key = ""
    return ask_collector(url, key, patience=PATIENCE)


def _project_status(
    folder: Path, home: Home, *, log: str, security: Security, collector: CollectorFacts | None
) -> ProjectStatus:
    positions, landed = _landed(home)
    try:
        waiting, problem = _waiting(folder, log, security, positions), None
    except LogError as error:
        waiting, problem = None, str(error)
    return ProjectStatus(project=folder.name, waiting=waiting, problem=problem, collector=collector, **landed)


def _landed(home: Home) -> tuple[Positions, dict[str, Any]]:
    """Read what the published copy says; nothing when there is none."""
    try:
        copy = Published.open(home)
    except NotFound:
        return {}, {}
    with copy:
        [page] = copy.query(_SQL["page"])
        counts = copy.query(_SQL["counts"])
        rejects = copy.query(_SQL["rejects"])
        orphans = _orphans(copy, page["published_at"])
        positions = copy.query(_SQL["positions"])
    return {row["source"]: row["next_offset"] for row in positions}, {
        "events": page["events"],
        "rejects": {row["reason"]: row["n"] for row in rejects},
        "repeats": sum(row["n"] for row in counts if row["hop"] == "lander"),
        "dropped": {row["reason"]: row["n"] for row in counts if row["hop"] == "client"},
        **orphans,
        "last_received_at": page["last_received_at"],
        "last_landed_at": page["last_landed_at"],
        "published_at": page["published_at"],
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


def _waiting(folder: Path, log: str, security: Security, positions: Positions) -> int:
    reader = open_reader(log, folder=log_folder(folder), project=folder.name, security=security)
    try:
        return reader.behind(positions)
    finally:
        reader.close()
