"""Nothing goes that a copy needs while somebody copies a project: no source of the log, no file of a lake."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sayso_ingest import locks
from sayso_ingest.owner import make_folder

HOLD = "prune.lock"


@contextmanager
def unless_copied(folder: Path) -> Iterator[bool]:
    """Say whether nobody copies the project that has its live file in `folder`; nobody begins to for the block."""
    handle = _open(folder)
    try:
        yield locks.take(handle)
    finally:
        os.close(handle)


@contextmanager
def being_copied(folder: Path) -> Iterator[None]:
    """Let nothing go for the block."""
    make_folder(folder)
    handle = _open(folder)
    try:
        fcntl.flock(handle, fcntl.LOCK_SH)  # several may copy at once
        yield
    finally:
        os.close(handle)


def _open(folder: Path) -> int:
    return os.open(folder / HOLD, os.O_CREAT | os.O_RDONLY, 0o644)
