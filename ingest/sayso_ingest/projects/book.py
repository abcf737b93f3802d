"""The projects of a file, for those who look them up."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from time import monotonic

from sayso_ingest.private_file import Followed
from sayso_ingest.projects.file import read_projects
from sayso_ingest.projects.project import Project


class ProjectBook:
    """The projects of a file, read again when it has changed; whether it has is looked at every `look_every` s."""

    def __init__(self, path: Path, *, look_every: float = 0, clock: Callable[[], float] = monotonic) -> None:
        self._file: Followed[Mapping[str, Project]] = Followed(
            path,
            lambda path: {project.name: project for project in read_projects(path)},
            missing={},
            advice="say anew what differs: sayso projects set NAME",
            look_every=look_every,
            clock=clock,
        )

    def get(self, name: str) -> Project:
        """Return what is set of a project; of one that is not listed, nothing is."""
        return self._file.current().get(name) or Project(name)

    def projects(self) -> Sequence[Project]:
        """Return every project that is listed, in the order in which they were."""
        return tuple(self._file.current().values())
