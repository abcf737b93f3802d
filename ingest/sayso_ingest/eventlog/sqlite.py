"""The log in SQLite files on one machine: each written once by one process, and unlinked when landed.

A file is never opened for appending again, so its positions can never mean other records than before: not after
a crash, not with more or fewer writers, not after a backup was put back. It says which source it is, and its lock
says how far it was written (`sqlite_files`), so that the reader notices another file, or a part, in its place.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import time
from collections.abc import Callable, Sequence
from errno import ENOENT
from pathlib import Path
from uuid import uuid4

from sayso_ingest.durable import sync
from sayso_ingest.eventlog import sqlite_files as files
from sayso_ingest.eventlog.outage import Outage

ROTATE_BYTES = 64 * 1024 * 1024
ROTATE_AFTER = 3600.0
"""Seconds."""
ROOM = 1 << 20
"""Bytes that a record may take. With fewer free, one that is small may still find room in what the file has already."""
_INSERT = "INSERT INTO records(payload) VALUES (?)"


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
            self._give_up(error)
            return [False] * len(records)
        self._outage.ends()
        return [True] * len(records)

    def problem(self) -> str:
        """Commit, as an append does, what changes nothing; see `LogWriter`."""
        try:
            self._current().try_writing()
            disk = os.statvfs(self._folder)
            if disk.f_bavail * disk.f_frsize < ROOM:
                return "its disk is full"
        except (sqlite3.Error, OSError) as error:
            self._give_up(error)
            # What else the error says names the folder.
            return str(error) if isinstance(error, sqlite3.Error) else error.strerror or "it fails"
        return ""

    def close(self) -> None:
        """Close the file for good; a later append begins another."""
        if self._file is not None and self._file.pid == os.getpid():
            self._file.close()
            self._file = None

    def _give_up(self, error: Exception) -> None:
        if getattr(error, "sqlite_errorcode", None) != sqlite3.SQLITE_FULL:
            self.close()  # a full disk leaves the file in order; after anything else a new one is safer

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
        self._records = 0
        source, self._lock = files.claim(folder, new_source)
        self._path = files.database(folder, source)
        try:
            self._database = create(self._path, source)
            files.note(self._lock, files.MADE)
            sync(folder)
            sync(folder.parent)
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
        self._records += len(records)

    def try_writing(self) -> None:
        self._database.execute("PRAGMA user_version = 0")  # which writes a page, whatever stood there
        if not self._path.exists():
            raise FileNotFoundError(ENOENT, "its file was removed while it was being written")

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
            # Before SQLite removes the WAL: a lock that does not say so stands for a file that still needs it.
            with contextlib.suppress(OSError):
                files.note(self._lock, f"{files.CLOSED} {self._records}")
            self._database.close()
        finally:
            os.close(self._lock)  # last: from here on the lander may take it

    def leave_to_parent(self) -> None:
        os.close(self._lock)  # the parent's descriptor keeps the lock


def create(path: Path, source: str) -> sqlite3.Connection:
    """Make an empty file of a source."""
    database = sqlite3.connect(path, timeout=5, isolation_level=None, check_same_thread=False)
    try:
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = FULL")
        database.execute("BEGIN")
        database.execute("CREATE TABLE source AS SELECT ? AS name", (source,))
        database.execute("CREATE TABLE records (number INTEGER PRIMARY KEY, payload BLOB NOT NULL)")
        database.execute("COMMIT")
    except BaseException:
        database.close()
        raise
    return database
