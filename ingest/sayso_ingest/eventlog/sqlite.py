"""The log in SQLite files on one machine: each written once by one process, and unlinked when landed.

A file is never opened for appending again, so its positions can never mean other records than before: not after
a crash, not with more or fewer writers, not after a backup was put back.
"""

from __future__ import annotations

import contextlib
import logging
import os
import sqlite3
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar
from uuid import uuid4

from sayso_ingest.errors import LogGap, LogUnavailable
from sayso_ingest.eventlog import sqlite_files as files
from sayso_ingest.eventlog.base import Entry, Positions
from sayso_ingest.eventlog.outage import Outage

log = logging.getLogger(__name__)

ROTATE_BYTES = 64 * 1024 * 1024
ROTATE_AFTER = 3600.0
"""Seconds."""
_ROWS_AT_ONCE = 10_000
_INSERT = "INSERT INTO records(payload) VALUES (?)"
_Answer = TypeVar("_Answer")


def _new_source() -> str:
    return str(uuid4())


class SqliteWriter:
    """Appends to a file of this process; used by one thread at a time.

    The file is made by the first append in a process (a forked child makes its own), and another one follows
    after `rotate_bytes` of records, after `rotate_after` seconds, or when it has become unusable.
    """

    def __init__(
        self,
        folder: Path,
        *,
        rotate_bytes: int = ROTATE_BYTES,
        rotate_after: float = ROTATE_AFTER,
        now: Callable[[], float] = time.monotonic,
        new_source: Callable[[], str] = _new_source,
    ) -> None:
        self._folder = folder
        self._rotate_bytes = rotate_bytes
        self._rotate_after = rotate_after
        self._now = now
        self._new_source = new_source
        self._file: _File | None = None
        self._inherited: list[_File] = []
        self._outage = Outage(f"in {folder}")

    def append(self, records: Sequence[bytes]) -> list[bool]:
        """Append all records in one transaction, or none; see `LogWriter`."""
        if not records:
            return []
        try:
            self._current().append(records)
        except (sqlite3.Error, OSError) as error:
            self._outage.begins(error)
            if getattr(error, "sqlite_errorcode", None) != sqlite3.SQLITE_FULL:
                self.close()  # a full disk leaves the file in order; after anything else a new one is safer
            return [False] * len(records)
        self._outage.ends()
        return [True] * len(records)

    def close(self) -> None:
        """Close the file for good; a later append begins another."""
        if self._file is not None and self._file.pid == os.getpid():
            self._file.close()
            self._file = None

    def _current(self) -> _File:
        file = self._file
        if file is not None and file.pid != os.getpid():
            # It is the parent's. Closing the database here could disturb it, so it is only put aside.
            file.leave_to_parent()
            self._inherited.append(file)
            self._file = file = None
        if file is not None and (
            file.bytes >= self._rotate_bytes or self._now() - file.opened_at >= self._rotate_after
        ):
            self.close()
            file = None
        if file is None:
            self._file = file = _File(self._folder, self._new_source, opened_at=self._now())
        return file


class _File:
    """One file while its process writes it."""

    def __init__(self, folder: Path, new_source: Callable[[], str], *, opened_at: float) -> None:
        self.pid = os.getpid()
        self.bytes = 0
        self.opened_at = opened_at
        source, self._lock = files.claim(folder, new_source)
        self._path = files.database(folder, source)
        try:
            self._database = _create(self._path)
            files.sync(folder)
            files.sync(folder.parent)
        except BaseException:
            with contextlib.suppress(OSError):
                files.remove(folder, source)
            os.close(self._lock)
            raise

    def append(self, records: Sequence[bytes]) -> None:
        # One statement is a transaction of its own, which gives up the interpreter's lock once and not three times.
        if len(records) == 1:
            self._database.execute(_INSERT, records)
        else:
            self._append_together(records)
        if not self._path.exists():  # SQLite goes on writing into an unlinked file without a word
            raise FileNotFoundError(f"{self._path} was removed while it was being written")
        self.bytes += sum(map(len, records))

    def _append_together(self, records: Sequence[bytes]) -> None:
        try:
            self._database.execute("BEGIN IMMEDIATE")
            self._database.executemany(_INSERT, [(record,) for record in records])
            self._database.execute("COMMIT")
        except BaseException:
            if self._database.in_transaction:  # a COMMIT that failed on a full disk has ended it already
                self._database.execute("ROLLBACK")
            raise

    def close(self) -> None:
        try:
            self._database.close()
        finally:
            os.close(self._lock)  # last: from here on the lander may take it

    def leave_to_parent(self) -> None:
        os.close(self._lock)  # the parent's descriptor keeps the lock


def _create(path: Path) -> sqlite3.Connection:
    database = sqlite3.connect(path, timeout=5, isolation_level=None, check_same_thread=False)
    try:
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = FULL")
        database.execute("CREATE TABLE records (number INTEGER PRIMARY KEY, payload BLOB NOT NULL)")
    except BaseException:
        database.close()
        raise
    return database


class SqliteReader:
    """Reads the files of a folder, whoever writes them; used by one thread at a time.

    A position is the number of records landed of a file. `number` counts from 1 without gaps, for no row is
    ever deleted, so the record at offset n has the number n + 1.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._last = ""

    def read(self, positions: Positions, *, max_bytes: int) -> list[Entry]:
        """Return entries, beginning with the file after the one that was read last; see `LogReader`."""
        entries: list[Entry] = []
        unreadable: list[LogUnavailable] = []
        room = max_bytes
        names = self._sources()
        for source in [name for name in names if name > self._last] + [
            name for name in names if name <= self._last
        ]:
            try:
                found = self._read(source, positions, room=room, at_least_one=not entries)
            except LogUnavailable as error:
                # One file that cannot be read must not keep back the others; if it is the only one, say so above.
                unreadable.append(error)
                continue
            if found:
                self._last = source
            entries += found
            room -= sum(len(entry.payload) for entry in found)
            if room <= 0:
                break
        self._complain(unreadable, entries)
        return entries

    def _complain(self, unreadable: Sequence[LogUnavailable], entries: Sequence[Entry]) -> None:
        if unreadable and not entries:
            raise unreadable[0]
        for error in unreadable:
            log.error("%s The other files are landed.", error)

    def behind(self, positions: Positions) -> int:
        """Count the records that are in the files and not landed."""
        return sum(self._end(source, positions) - positions.get(source, 0) for source in self._sources())

    def prune(self, positions: Positions) -> list[str]:
        """Unlink the files that are closed and landed whole; return their names."""
        removed = []
        for source in self._sources():
            # Only when the lock is held is the end final.
            with files.held(self._folder / f"{source}.lock") as closed:
                if closed and self._is_landed(source, positions):
                    files.remove(self._folder, source)
                    removed.append(source)
        if self._folder.exists():
            files.remove_leftovers(self._folder)
            files.sync(self._folder)  # or a power cut could bring a file back whose position is forgotten
        return removed

    def close(self) -> None:
        """Do nothing: no file is kept open between calls, so that pruning frees the disk at once."""

    def _read(self, source: str, positions: Positions, *, room: int, at_least_one: bool) -> list[Entry]:
        begin = positions.get(source, 0)

        def rows(database: sqlite3.Connection) -> list[tuple[int, bytes]]:
            sizes = database.execute(
                "SELECT number, length(payload) FROM records WHERE number > ? ORDER BY number LIMIT ?",
                (begin, _ROWS_AT_ONCE),
            ).fetchall()
            if not sizes:
                self._check(source, begin, end=_end_of(database))
                return []
            until = _fitting(sizes, room, at_least_one=at_least_one)
            return database.execute(
                "SELECT number, payload FROM records WHERE number > ? AND number <= ? ORDER BY number",
                (begin, until),
            ).fetchall()

        return [Entry(source, number - 1, payload) for number, payload in self._ask(source, rows) or ()]

    def _sources(self) -> list[str]:
        try:
            return files.sources(self._folder)
        except OSError as error:
            raise LogUnavailable(
                f"The event log in {self._folder} cannot be read: {error.strerror}. Check the rights on it."
            ) from error

    def _is_landed(self, source: str, positions: Positions) -> bool:
        try:
            return self._end(source, positions) == positions.get(source, 0)
        except LogUnavailable:
            return False  # `read` complains about it

    def _end(self, source: str, positions: Positions) -> int:
        position = positions.get(source, 0)
        end = self._ask(source, _end_of)
        if end is None:
            return position
        self._check(source, position, end=end)
        return end

    def _check(self, source: str, position: int, *, end: int) -> None:
        if position > end:
            raise LogGap(
                f"Log file {files.database(self._folder, source)} has {end} records, but {position} of it are "
                "said to be landed: the file is not the one that was read. Put back the log and the warehouse "
                "that belong together."
            )

    def _ask(self, source: str, question: Callable[[sqlite3.Connection], _Answer]) -> _Answer | None:
        """Ask a file something; None while its writer is still making it, or when it was pruned meanwhile.

        Whatever is asked must fetch all it wants: an open cursor keeps the writer's WAL growing.
        """
        path = files.database(self._folder, source)
        address = f"{path.absolute().as_uri()}?mode=ro"
        try:
            with contextlib.closing(sqlite3.connect(address, uri=True, timeout=5)) as database:
                made = database.execute("SELECT count(*) FROM sqlite_master WHERE name = 'records'")
                return question(database) if made.fetchone()[0] else None
        except sqlite3.Error as error:
            if not path.exists():
                return None
            raise LogUnavailable(
                f"Log file {path} cannot be read: {error}. If this stays, check the disk and the rights on it."
            ) from error


def _end_of(database: sqlite3.Connection) -> int:
    end: int = database.execute("SELECT coalesce(max(number), 0) FROM records").fetchone()[0]
    return end


def _fitting(sizes: Sequence[tuple[int, int]], room: int, *, at_least_one: bool) -> int:
    """Return the highest number up to which the records fit into `room` bytes, at least the first if so asked."""
    until = sizes[0][0] if at_least_one else sizes[0][0] - 1
    for number, size in sizes:
        room -= size
        if room < 0:
            break
        until = number
    return until
