"""Listing projects, and changing what is set of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from sayso_ingest.projects.file import PROJECTS
from sayso_ingest.projects.project import Project


def enlist_project(path: Path, name: str, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
    """List a project that is new, with the time; one that is listed stays as it is."""
    change_project(path, name, lambda project: replace(project, created_at=project.created_at or now()))


def change_project(path: Path, name: str, change: Callable[[Project], Project]) -> Project:
    """Change what is set of a project, and list it if it is not listed; return what is set then."""
    with PROJECTS.changing(path) as projects:
        projects[name] = changed = change(projects.get(name, Project(name)))
    return changed
