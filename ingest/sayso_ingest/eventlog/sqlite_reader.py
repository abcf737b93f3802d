"""The reader of the log in SQLite files: all files of a folder in turn, and the end of those that are landed.

A file that cannot be trusted keeps back nothing but itself: what can be read of it is landed, the trouble is told,
and as soon as its writer has gone it is moved aside, where nothing removes it.
"""

from __future__ import annotations

import contextlib
import logging
import sys
import time
from collections.abc import Callable
from pathlib import Path

from sayso_ingest.durable import sync
from sayso_ingest.errors import LogDamaged, LogError, LogGap, LogUnavailable
from sayso_ingest.eventlog import sqlite_files as files
from sayso_ingest.eventlog.base import Entry, Positions
from sayso_ingest.eventlog.sqlite_source import SqliteSource

log = logging.getLogger(__name__)

Stamp = tuple[int, ...]
"""A position, and what changes when a file or its WAL does."""


def _state_of(source: SqliteSource, position: int) -> tuple[bool, str | None]:
    """Say of a closed file whether all that can be read of it is landed, and then what is wrong with it."""
    try:
        if source.read(position, room=1, at_least_one=True):
            return False, None
        return True, source.fault(position)
    except LogDamaged as error:
        return not source.salvage(position, room=1), str(error)
    except LogGap as error:
        return True, str(error)


class SqliteReader:
    """Reads the files of a folder, whoever writes them; used by one thread at a time.

    A position is the number of records landed of a file, so the record at offset n has the number n + 1.
    """

    def __init__(self, folder: Path, *, keep: float = 0.0, now: Callable[[], float] = time.time) -> None:
        """Read what is in `folder`; files stay for `keep` seconds after they were found to be landed."""
        self._folder = folder
        self._keep = keep
        self._now = now
        self._last = ""
        self._exhausted: dict[str, Stamp] = {}
        self._told: set[str] = set()
        self.unread: set[str] = set()
        """Files that could not be read when all were read last."""

    def read(self, positions: Positions, *, max_bytes: int) -> list[Entry]:
        """Return entries, beginning with the file after the one that was read last; see `LogReader`.

        Raises:
            LogUnavailable: the folder cannot be read. What concerns one file is told in the log, and by `behind`.
        """
        entries: list[Entry] = []
        self.unread = set()
        room = max_bytes
        names = self._sources()
        for name in [n for n in names if n > self._last] + [n for n in names if n <= self._last]:
            if self._is_exhausted(name, positions):
                continue
            found = self._read(name, positions, room=room, at_least_one=not entries)
            if found:
                self._last = name
            entries += found
            room -= sum(len(entry.payload) for entry in found)
            if room <= 0:
                break
        return entries

    def behind(self, positions: Positions) -> int:
        """Count the records that are in the files and not landed.

        Raises:
            LogGap, LogDamaged, LogUnavailable: a file is not the one that was read, is broken, cannot be read.
        """
        return sum(self._end(name, positions) - positions.get(name, 0) for name in self._sources())

    def ends(self, positions: Positions) -> Positions:
        """Return how far each file goes, a damaged one as far as it can be read; not those that cannot be read."""
        ends = {}
        for name in self._sources():
            with contextlib.suppress(LogError):
                try:
                    ends[name] = self._end(name, positions)
                except LogDamaged:
                    source, position = SqliteSource(self._folder, name), positions.get(name, 0)
                    for number, _ in source.salvage(position, room=sys.maxsize)[-1:]:
                        ends[name] = number
        return ends

    def prune(self, positions: Positions) -> list[str]:
        """Unlink the files that are closed, landed whole and kept long enough; return their names.

        A file that is closed and not whole is moved aside when all that can be read of it is landed.
        """
        removed = []
        for name in self._sources():
            # Only when the lock is held is the end final.
            with files.held(self._folder / f"{name}.lock") as closed:
                if closed and self._settle(name, positions):
                    removed.append(name)
        try:
            if self._folder.exists() and (files.remove_leftovers(self._folder) or removed):
                sync(self._folder)  # or a power cut could bring a file back that counts as removed
        except OSError as error:
            self._complain(f"Leftovers in {self._folder} cannot be removed: {error.strerror}.")
        return removed

    def close(self) -> None:
        """Do nothing: no file is kept open between calls, so that pruning frees the disk at once."""

    def _read(self, name: str, positions: Positions, *, room: int, at_least_one: bool) -> list[Entry]:
        source, position = SqliteSource(self._folder, name), positions.get(name, 0)
        stamp = self._stamp(name, positions)
        try:
            records = source.read(position, room=room, at_least_one=at_least_one)
        except LogDamaged as error:
            self._complain(str(error))
            records = source.salvage(position, room=room)
            if not records:
                self._exhausted[name] = stamp
            elif not self._remember_damage(name, str(error)):
                self.unread.add(name)
                return []
        except LogError as error:
            self._complain(f"{error} The other files are landed.")
            self.unread.add(name)
            return []
        return [Entry(name, number - 1, payload) for number, payload in records]

    def _remember_damage(self, name: str, message: str) -> bool:
        """Write it down before anything is read past a hole, or the file might pass for one that is landed whole."""
        try:
            files.note_of_reader(self._folder, name, message)
        except FileNotFoundError:
            return True  # without a lock it is never removed
        except OSError as error:
            self._complain(
                f"The damage of log file {name} cannot be noted in {self._folder}: {error.strerror}."
            )
            return False
        return True

    def _end(self, name: str, positions: Positions) -> int:
        position = positions.get(name, 0)
        end = SqliteSource(self._folder, name).end(position)
        return position if end is None else end

    def _settle(self, name: str, positions: Positions) -> bool:
        """Remove a closed file that is landed whole, move one aside that is not whole; say whether it was removed."""
        try:
            landed, fault = _state_of(SqliteSource(self._folder, name), positions.get(name, 0))
            if not landed:
                return False
            if fault is not None:
                self._set_aside(name, fault)
                return False
            if not self._kept_long_enough(name):
                self._exhausted[name] = self._stamp(name, positions)
                return False
            files.remove(self._folder, name)
        except LogUnavailable as error:
            self._complain(str(error))
            return False
        except OSError as error:
            self._complain(
                f"Log file {files.database(self._folder, name)} is done with and cannot be removed or moved: "
                f"{error.strerror}. Check the rights on its folder."
            )
            return False
        self._exhausted.pop(name, None)
        return True

    def _set_aside(self, name: str, fault: str) -> None:
        self._complain(fault)
        place = files.set_aside(self._folder, name)
        self._exhausted.pop(name, None)
        log.error(
            "Log file %s was moved aside, into %s. If you can repair it, or have it in a backup, move it back into %s: "
            "what has landed does not land twice.",
            name,
            place,
            self._folder,
        )

    def _kept_long_enough(self, name: str) -> bool:
        if not self._keep:
            return True
        if files.notes(self._folder, name)[1] != files.LANDED:
            files.note_of_reader(self._folder, name, files.LANDED)
        return self._now() - files.noted_at(self._folder, name) >= self._keep

    def _is_exhausted(self, name: str, positions: Positions) -> bool:
        """Whether there was nothing more to be had from a file, as it is: it is kept, or damaged.

        Else each such file would be opened by SQLite again in every round.
        """
        return name in self._exhausted and self._exhausted[name] == self._stamp(name, positions)

    def _stamp(self, name: str, positions: Positions) -> Stamp:
        stamp = [positions.get(name, 0)]
        for part in ("db", "db-wal"):
            with contextlib.suppress(FileNotFoundError):
                stat = (self._folder / f"{name}.{part}").stat()
                stamp += [stat.st_ino, stat.st_size, stat.st_mtime_ns]
        return tuple(stamp)

    def _complain(self, message: str) -> None:
        if message not in self._told:
            self._told.add(message)
            log.error("%s", message)

    def _sources(self) -> list[str]:
        try:
            return files.sources(self._folder)
        except OSError as error:
            raise LogUnavailable(
                f"The event log in {self._folder} cannot be read: {error.strerror}. Check the rights on it."
            ) from error
