"""What has to survive a power cut: a file as it was written, or the names in a folder after a rename; a full disk."""

from __future__ import annotations

import errno
import os
from pathlib import Path

_FULL = ("No space left on device", "disk is full")


def sync(path: Path) -> None:
    """Have the content of a file, or the names in a folder, on disk.

    Raises:
        OSError: the disk does not take it.
    """
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def full_disk(error: BaseException | None) -> BaseException | None:
    """That an error came of a full disk, in the words of the system, SQLite or DuckDB; None where it did not."""
    while error is not None:
        if getattr(error, "errno", None) == errno.ENOSPC or any(words in str(error) for words in _FULL):
            return full_disk(error.__cause__) or error
        error = error.__cause__
    return None
