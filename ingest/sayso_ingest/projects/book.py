"""The projects of a file, for those who look them up."""

from __future__ import annotations

from sayso_ingest.projects.file import PROJECTS
from sayso_ingest.projects.project import Project
from sayso_ingest.registry import Registry


class ProjectBook(Registry[Project]):
    """The projects of a file, followed as they change."""

    form = PROJECTS

    def get(self, name: str) -> Project:
        """Return what is set of a project; of one that is not listed, nothing is."""
        return super().get(name) or Project(name)
