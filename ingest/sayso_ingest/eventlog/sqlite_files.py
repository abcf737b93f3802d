"""The files of a SQLite log: `<uuid>.db`, written once by one process, and `<uuid>.lock`, held while it writes.

A name never comes back. So a lock that can be taken belongs to a source that will never grow, and whatever
is removed can be mistaken for nothing else.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

_PARTS = ("db", "db-wal", "db-shm", "db-journal", "tmp", "lock")  # in the order of removal: the lock last
_TRIES = 10
_SOURCE = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def database(folder: Path, source: str) -> Path:
    """Return the path of a source's database."""
    return folder / f"{source}.db"


def sources(folder: Path) -> list[str]:
    """Return the names of the sources, sorted; files whose name is no UUID are somebody else's.

    Raises:
        OSError: the folder is there and cannot be read (`Path.glob` would say that it is empty).
    """
    try:
        with os.scandir(folder) as entries:
            names = [entry.name for entry in entries if entry.name.endswith(".db") and entry.is_file()]
    except FileNotFoundError:
        return []
    return sorted(name.removesuffix(".db") for name in names if _SOURCE.fullmatch(name.removesuffix(".db")))


def claim(folder: Path, new_source: Callable[[], str]) -> tuple[str, int]:
    """Make the lock of a new source and hold it; return its name and the lock's descriptor.

    The lock gets its name only while it is held, or the lander could take it in between. Until then it can be taken
    for a leftover and removed (`remove_leftovers`); then another name is tried.

    Raises:
        OSError: the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for _ in range(_TRIES):
        source = new_source()
        temporary = folder / f"{source}.tmp"
        lock = os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o644)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            temporary.rename(folder / f"{source}.lock")
        except (BlockingIOError, FileNotFoundError):
            os.close(lock)
        except BaseException:
            remove(folder, source)
            os.close(lock)
            raise
        else:
            return source, lock
    raise FileNotFoundError(f"new files in {folder} vanish at once; does another program clean it up?")


@contextlib.contextmanager
def held(path: Path) -> Iterator[bool]:
    """Try to take a lock without waiting, and hold it for the block; False when it is taken or not there."""
    try:
        lock = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        yield False
        return
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
    finally:
        os.close(lock)


def remove(folder: Path, source: str) -> None:
    """Unlink all files of a source that the caller holds, the lock last."""
    for part in _PARTS:
        (folder / f"{source}.{part}").unlink(missing_ok=True)


def remove_leftovers(folder: Path) -> None:
    """Unlink what owners that died left behind before they had a database, or while it was being removed."""
    for source in {path.name.partition(".")[0] for path in folder.glob("*.*")}:
        if database(folder, source).exists():
            continue
        # A lock has the temporary name first: looked at in this order, a living owner is never missed.
        for name in ("tmp", "lock"):
            path = folder / f"{source}.{name}"
            if path.exists():
                with held(path) as dead:
                    if dead and not database(folder, source).exists():
                        remove(folder, source)
                break
        else:
            remove(folder, source)


def sync(folder: Path) -> None:
    """Make names that were added to a folder, or removed from it, survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
