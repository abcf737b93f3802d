"""A file of the data folder that is the service's alone: replaced whole, under a lock.

A reader sees the old one or the new one, never a part; several machines may get the same one as a mounted secret.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sayso_ingest.durable import sync
from sayso_ingest.errors import SaysoError
from sayso_ingest.owner import give_to_owner, make_folder


def replace(path: Path, text: str) -> None:
    """Replace a file, or make it, for its owner alone (0600), durably."""
    beside = path.with_name(f".{path.name}.new")
    beside.unlink(missing_ok=True)
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(handle)
        give_to_owner(handle, of=path if path.exists() else path.parent)
    beside.replace(path)
    sync(path.parent)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Keep two processes from losing each other's change.

    Raises:
        SaysoError: the file cannot be changed.
    """
    try:
        make_folder(path.parent)
        handle = os.open(path.with_name(f".{path.name}.lock"), os.O_RDWR | os.O_CREAT, 0o600)
        try:
            give_to_owner(handle, of=path if path.exists() else path.parent)
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)
    except OSError as error:
        raise SaysoError(
            f"{path} cannot be changed ({error.strerror}). Check the disk and who owns it."
        ) from error
