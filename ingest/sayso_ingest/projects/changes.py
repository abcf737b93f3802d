"""Listing projects, and changing what is set of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from sayso_ingest.private_file import locked
from sayso_ingest.projects.file import read_projects, write_projects
from sayso_ingest.projects.project import Project


def _utc_now() -> datetime:
    return datetime.now(UTC)


def enlist_project(path: Path, name: str, *, now: Callable[[], datetime] = _utc_now) -> None:
    """List a project that is new, with the time; one that is listed stays as it is."""
    change_project(path, name, lambda project: replace(project, created_at=project.created_at or now()))


def change_project(path: Path, name: str, change: Callable[[Project], Project]) -> Project:
    """Change what is set of a project, and list it if it is not listed; return what is set then."""
    with locked(path):
        projects = {project.name: project for project in read_projects(path)}
        before = projects.get(name)
        changed = change(before or Project(name))
        if changed != before:
            write_projects(path, list({**projects, name: changed}.values()))
    return changed
