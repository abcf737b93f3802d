"""What a file or a folder is like, seen from outside."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from stat import S_ISDIR

CLOSED = -1
"""The owner of what cannot be looked at, since this user may not enter the folder that it would be in."""


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
    """Look at a file or a folder; None where there is none. One in a closed folder can only be said to be so."""
    try:
        status = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError:
        return FileFacts(path, 0, CLOSED, readable=False, writable=False)
    is_folder = S_ISDIR(status.st_mode)
    enter = os.X_OK if is_folder else 0
    return FileFacts(
        path,
        status.st_mode & 0o777,
        status.st_uid,
        readable=os.access(path, os.R_OK | enter),
        writable=os.access(path, os.W_OK | enter),
        is_folder=is_folder,
    )
