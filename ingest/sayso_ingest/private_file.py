"""A file of the data folder that is the service's alone: replaced whole under a lock, and followed as it changes.

`keys.json`, `users.json` and `projects.json` are such files. A reader sees the old one or the new one, never a part;
several machines may get the same one as a mounted secret.
"""

from __future__ import annotations

import fcntl
import json
import logging
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import Any, Generic, TypeVar

from sayso_ingest.durable import sync
from sayso_ingest.errors import NotFound, SaysoError
from sayso_ingest.owner import give_to_owner, make_folder

log = logging.getLogger(__name__)

Value = TypeVar("Value")
Stamp = tuple[int, int, int]


def read_entries(
    path: Path, name: str, decode: Callable[[dict[str, Any]], Value], *, version: int
) -> list[Value]:
    """Read what stands under `name` in a file of this version.

    Raises:
        SaysoError: the file cannot be read, or is no such file.
    """
    try:
        held = json.loads(path.read_text("utf-8"))
        if held["version"] != version:
            raise SaysoError(
                f"{path} has version {held['version']}, this sayso reads version {version}. Upgrade it."
            )
        return [decode(entry) for entry in held[name]]
    except OSError as error:
        raise SaysoError(
            f"{path} cannot be read ({error.strerror}). Check who owns it and its mode."
        ) from error
    except ValueError as error:
        raise SaysoError(f"{path} is damaged: {error}. Restore it from a backup.") from error
    except (KeyError, TypeError, AttributeError) as error:
        raise SaysoError(
            f"{path} is not a file of {name}: what has to be there is missing or of another kind. "
            "Restore it from a backup."
        ) from error


def write_entries(path: Path, name: str, entries: Sequence[dict[str, Any]], *, version: int) -> None:
    """Replace the file by one that holds these, durably; the caller holds the lock."""
    replace(path, json.dumps({"version": version, name: list(entries)}, indent=2))


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


class Followed(Generic[Value]):
    """What a file says, read again when it has changed; whether it has is looked at every `look_every` seconds."""

    def __init__(
        self,
        path: Path,
        read: Callable[[Path], Value],
        *,
        missing: Value,
        advice: str,
        look_every: float = 0,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        """Follow `path`; `missing` is what it says before there is one, `advice` how to make one that is gone."""
        self._path = path
        self._read = read
        self._advice = advice
        self._look_every = look_every
        self._clock = clock
        self._looked_at = clock()
        self._lock = threading.Lock()
        self._stamp: Stamp | None = None
        self._said = ""
        self._value = missing
        self._refresh()

    def current(self) -> Value:
        """Return what the file says now; what it said last, where it cannot be read."""
        now = self._clock()
        if now - self._looked_at < self._look_every:
            return self._value
        self._looked_at = now
        if _stamp_of(self._path) != self._stamp:
            with self._lock:
                try:
                    self._refresh()
                except SaysoError as error:
                    self._keep_old(error)
        return self._value

    def _keep_old(self, error: SaysoError) -> None:
        """Go on with what was read before: a file that is being replaced by hand must not lock everybody out."""
        self._stamp = None  # whatever it was, it is looked at again, until it can be read
        if str(error) != self._said:
            self._said = str(error)
            log.warning("%s What was read before stays in use.", error)

    def _refresh(self) -> None:
        stamp = _stamp_of(self._path)
        if stamp == self._stamp:
            return
        if stamp is not None:
            self._stamp = stamp  # before reading: a change in between is seen as one
            self._value = self._read(self._path)
            self._said = ""
        elif self._stamp is not None:
            self._stamp = None
            raise NotFound(f"{self._path} is gone. Put it back, or {self._advice}")


def _stamp_of(path: Path) -> Stamp | None:
    """What changes when the file does; None where there is none."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_ino, status.st_size
