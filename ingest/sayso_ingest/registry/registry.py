"""The entries of a file, for those who look them up while others change it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from time import monotonic
from typing import Generic

from sayso_ingest.errors import NotFound, SaysoError
from sayso_ingest.registry.form import Entry, Form

log = logging.getLogger(__name__)

Stamp = tuple[int, int, int]


class Registry(Generic[Entry]):
    """The entries of a file, read again when it has changed; whether it has is looked at every `look_every` seconds."""

    form: Form[Entry]

    def __init__(self, path: Path, *, look_every: float = 0, clock: Callable[[], float] = monotonic) -> None:
        self._path = path
        self._look_every = look_every
        self._clock = clock
        self._looked_at = clock()
        self._lock = threading.Lock()
        self._stamp: Stamp | None = None
        self._said = ""
        self._entries: Mapping[str, Entry] = {}
        self._refresh()

    def get(self, name: str) -> Entry | None:
        """Return the entry with this id, or None."""
        return self._current().get(name)

    def entries(self) -> Sequence[Entry]:
        """Return every entry, in the order in which they were made."""
        return tuple(self._current().values())

    def _current(self) -> Mapping[str, Entry]:
        """What the file says now; what it said last, where it cannot be read."""
        now = self._clock()
        if now - self._looked_at < self._look_every:
            return self._entries
        self._looked_at = now
        try:
            if _stamp_of(self._path) != self._stamp:
                with self._lock:
                    self._refresh()
        except SaysoError as error:
            with self._lock:
                self._keep_old(error)
        return self._entries

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
            self._entries = self.form.read(self._path)
            self._said = ""
        elif self._stamp is not None:
            self._stamp = None
            raise NotFound(f"{self._path} is gone. Put it back, or {self.form.advice}")


def _stamp_of(path: Path) -> Stamp | None:
    """What changes when the file does; None where there is none.

    Raises:
        SaysoError: whether there is one cannot be told.
    """
    try:
        status = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise SaysoError(
            f"{path} cannot be read ({error.strerror}). Run this as the user of the service, or check who owns "
            f"{path.parent} and its mode."
        ) from error
    return status.st_mtime_ns, status.st_ino, status.st_size
