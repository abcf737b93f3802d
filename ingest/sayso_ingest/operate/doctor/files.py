"""What a file or a folder is like, seen from outside."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class FileFacts:
    """Owner and mode of a file."""

    path: Path
    mode: int
    owner: int
    readable: bool
    writable: bool
    is_folder: bool = True


def look_at(path: Path) -> FileFacts | None:
    """Look at a file or a folder; None where there is none."""
    try:
        stat = path.stat()
    except OSError:
        return None
    readable, writable = os.access(path, os.R_OK), os.access(path, os.W_OK)
    return FileFacts(path, stat.st_mode & 0o777, stat.st_uid, readable, writable, path.is_dir())
