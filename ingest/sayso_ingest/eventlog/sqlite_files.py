"""The files of a SQLite log: `<uuid>.db`, written once by one process, and `<uuid>.lock`, held while it writes.

A name never comes back. So a lock that can be taken belongs to a source that will never grow, and whatever
is removed can be mistaken for nothing else.

A lock has two lines, each written in place so that a full disk does not matter: the writer's, `made` or `closed N`
(records), and the reader's, `landed` or what is wrong with the file.
"""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

from sayso_ingest import locks
from sayso_ingest.durable import sync

_PARTS = ("db", "db-wal", "db-shm", "db-journal", "tmp", "lock")  # in the order of removal: the lock last
ASIDE = "aside"
"""The folder in the log's where files that are not whole are moved."""
MADE = "made"
CLOSED = "closed"
LANDED = "landed"
_LINE = 512
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
            if locks.take(lock):
                temporary.rename(folder / f"{source}.lock")
                return source, lock
            os.close(lock)
        except FileNotFoundError:
            os.close(lock)
        except BaseException:
            remove(folder, source)
            os.close(lock)
            raise
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
        yield locks.take(lock)
    finally:
        os.close(lock)


def note(lock: int, text: str) -> None:
    """Write the writer's line of a lock, durably."""
    _write_line(lock, 0, text)
    os.fsync(lock)


def note_of_reader(folder: Path, source: str, text: str) -> None:
    """Write the reader's line of a lock, durably; its time is then that of the note.

    Raises:
        OSError: there is no lock, or the disk fails.
    """
    lock = os.open(folder / f"{source}.lock", os.O_WRONLY)
    try:
        _write_line(lock, 1, text)
        os.fsync(lock)
    finally:
        os.close(lock)


def notes(folder: Path, source: str) -> tuple[str, str]:
    """Return the writer's line of a lock and the reader's, empty where they said nothing."""
    try:
        text = (folder / f"{source}.lock").read_bytes()
    except FileNotFoundError:
        return "", ""
    lines = (text[:_LINE], text[_LINE : 2 * _LINE])
    writer, reader = (line.rstrip(b"\0\n ").decode(errors="replace") for line in lines)
    return writer, reader


def noted_at(folder: Path, source: str) -> float:
    """When the last line was written into a lock, in seconds since the epoch."""
    return (folder / f"{source}.lock").stat().st_mtime


def set_aside(folder: Path, source: str) -> Path:
    """Move all files of a source that the caller holds out of the log; return the folder where they are.

    Moved back, the source is read on from its position, so the reader's line goes.
    """
    note_of_reader(folder, source, "")
    for number in count(1):
        place = folder / ASIDE / (source if number == 1 else f"{source}-{number}")
        if not database(place, source).exists():
            break
    place.mkdir(parents=True, exist_ok=True)
    # The database after its WAL, or what was left of the WAL by a crash in between would pass for a leftover.
    for part in ("db-wal", "db-shm", "db-journal", "db", "lock"):
        path = folder / f"{source}.{part}"
        if path.exists():
            path.rename(place / path.name)
    sync(place)
    sync(folder)
    return place


def strangers(folder: Path) -> list[str]:
    """Return the names of what is in a log's folder and is not of the log, sorted; none where it cannot be read."""
    try:
        names = sorted(path.name for path in folder.iterdir())
    except OSError:
        return []
    return [name for name in names if name != ASIDE and not _is_ours(*name.partition(".")[::2])]


def _is_ours(source: str, part: str) -> bool:
    return part in _PARTS and _SOURCE.fullmatch(source) is not None


def damaged(folder: Path) -> list[str]:
    """Return the names of what was moved aside, sorted; none where there is no such folder, or it cannot be read."""
    try:
        return sorted(path.name for path in (folder / ASIDE).iterdir())
    except OSError:
        return []


def _write_line(lock: int, number: int, text: str) -> None:
    line = text.encode()[: _LINE - 1].replace(b"\n", b" ")
    os.pwrite(lock, line.ljust(_LINE - 1) + b"\n", number * _LINE)


def remove(folder: Path, source: str) -> None:
    """Unlink all files of a source that the caller holds, the lock last."""
    for part in _PARTS:
        (folder / f"{source}.{part}").unlink(missing_ok=True)


def remove_leftovers(folder: Path) -> bool:
    """Unlink what owners that died left behind before they had a database, or while it was being removed.

    Returns:
        Whether there was any.
    """
    found = False
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
                        found = True
                break
        else:
            remove(folder, source)
            found = True
    return found


def written(folder: Path) -> list[str]:
    """Return the names of the sources that a process still writes, sorted.

    Raises:
        OSError: the folder is there and cannot be read.
    """
    still = []
    for source in sources(folder):
        lock = folder / f"{source}.lock"
        with held(lock) as free:
            if not free and lock.exists():
                still.append(source)
    return still
