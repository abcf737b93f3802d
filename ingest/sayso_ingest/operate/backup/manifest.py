"""What a backup holds: every file with its size and hash, and of each project where it stood."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from sayso_ingest.errors import NotFound, SaysoError

FILE = "manifest.json"
VERSION = 1


@dataclass(frozen=True)
class ProjectEntry:
    """Where one project stood: what its warehouse holds, and how much its log held on top of that."""

    landing: int | None
    """The last landing in the warehouse; None where there was no warehouse yet."""
    events: int
    rejects: int
    waiting: int | None
    """Records of the log in the backup that are not landed in it; None where the log is not in the backup."""
    damaged: list[str] = field(default_factory=list)
    """Log files that were damaged already, and are in the backup as they were."""
    positions: dict[str, int] = field(default_factory=dict)
    """Where landing goes on in a log that is not in the backup, by source."""
    lake: str | None = None
    """The lake that the warehouse was copied from; None where it was a file. In the backup it is one anyhow."""
    snapshot: int | None = None
    """The lake's snapshot that was copied."""


@dataclass(frozen=True)
class FileEntry:
    """One file as it was written."""

    sha256: str
    bytes: int


@dataclass(frozen=True)
class Manifest:
    """All that a backup says of itself."""

    sayso: str
    """The version that made it."""
    made_at: str
    log: str
    """The address of the event log."""
    projects: dict[str, ProjectEntry]
    files: dict[str, FileEntry]
    """By the path in the backup."""

    @property
    def bytes(self) -> int:
        """The size of all files."""
        return sum(file.bytes for file in self.files.values())

    def write(self, folder: Path) -> None:
        """Write it into a backup's folder."""
        text = json.dumps({"version": VERSION} | asdict(self), indent=1, sort_keys=True)
        (folder / FILE).write_text(text + "\n", "utf-8")

    @classmethod
    def read(cls, folder: Path) -> Manifest:
        """Read that of a backup.

        Raises:
            NotFound: the folder is no backup.
            SaysoError: the manifest is of a newer version, or was changed.
        """
        path = folder / FILE
        try:
            said = json.loads(path.read_text("utf-8"))
            if said.pop("version") != VERSION:
                raise SaysoError(f"{path} was written by a newer sayso. Restore it with that version.")
            return cls._of(said)
        except (FileNotFoundError, NotADirectoryError) as error:
            raise NotFound(
                f"{folder} is no backup: it has no {FILE}, which is written when all else is there. "
                "A backup that was broken off is not one."
            ) from error
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise SaysoError(
                f"{path} is damaged, and does not say what is in the backup. Take another one."
            ) from error

    @classmethod
    def _of(cls, said: dict[str, Any]) -> Manifest:
        projects = {name: ProjectEntry(**entry) for name, entry in said.pop("projects").items()}
        files = {path: FileEntry(**entry) for path, entry in said.pop("files").items()}
        return cls(**said, projects=projects, files=files)
