"""One file of a SQLite log as its reader sees it: its end, the records from a position on, and what is wrong with it.

Everything asked of it is fetched whole and the file closed again: an open cursor keeps the writer's WAL growing, an
open file keeps the disk full after it was removed.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from sayso_ingest.errors import LogDamaged, LogGap, LogUnavailable
from sayso_ingest.eventlog import sqlite_files as files

Record = tuple[int, bytes]
"""A record's number and its bytes. Numbers count from 1 without gaps, for no row is ever deleted."""

_ROWS_AT_ONCE = 10_000
_HOLE = 10_000
"""Records in a row that cannot be read, after which nothing more is looked for in a file whose end is not known."""
_DAMAGE = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
_Answer = TypeVar("_Answer")


class SqliteSource:
    """A file of the log that somebody else writes, or wrote."""

    def __init__(self, folder: Path, name: str) -> None:
        self.name = name
        self.path = files.database(folder, name)
        self._folder = folder

    def read(self, position: int, *, room: int, at_least_one: bool) -> list[Record]:
        """Return the records after the first `position` ones that fit into `room` bytes, at least one if so asked.

        Raises:
            LogDamaged, LogGap, LogUnavailable: the file is broken, is not the one that was read, cannot be read now.
        """

        def records(database: sqlite3.Connection) -> list[Record]:
            sizes = database.execute(
                "SELECT number, length(payload) FROM records WHERE number > ? ORDER BY number LIMIT ?",
                (position, _ROWS_AT_ONCE),
            ).fetchall()
            if not sizes:
                self._check(position, end=_end_of(database))
                return []
            until = _fitting(sizes, room, at_least_one=at_least_one)
            return database.execute(
                "SELECT number, payload FROM records WHERE number > ? AND number <= ? ORDER BY number",
                (position, until),
            ).fetchall()

        return self._ask(records) or []

    def salvage(self, position: int, *, room: int) -> list[Record]:
        """Return the records after a position that can still be read of a damaged file, the first of them at least.

        Raises:
            LogGap, LogUnavailable: as `read`.
        """

        def records(database: sqlite3.Connection) -> list[Record]:
            found: list[Record] = []
            left = room
            for number, payload in _readable(database, position):
                left -= len(payload)
                if found and left < 0:
                    break
                found.append((number, payload))
            return found

        try:
            return self._ask(records) or []
        except LogDamaged:
            return []  # it cannot even be opened

    def end(self, position: int) -> int | None:
        """Return how many records there are; None while there is no table, as when its writer is still making it.

        Raises:
            LogDamaged, LogGap, LogUnavailable: as `read`.
        """
        end = self._ask(_end_of)
        if end is not None:
            self._check(position, end=end)
        return end

    def fault(self, position: int) -> str | None:
        """Say what is wrong with a file that is closed, and landed up to a position as far as it can be read.

        Returns:
            None when it is whole.

        Raises:
            LogDamaged, LogGap, LogUnavailable: as `read`.
        """
        writer, reader = files.notes(self._folder, self.name)
        end = self.end(position)
        if reader not in ("", files.LANDED):
            return reader
        if end is None:
            return f"Log file {self.path} is empty, and it was not so." if writer or position else None
        closed, _, number = writer.partition(" ")
        if closed == files.CLOSED and number.isdigit() and end < int(number):
            return f"Log file {self.path} has {end} records, and was closed with {number}."
        if writer == files.MADE and not self.path.with_suffix(".db-wal").exists():
            return f"Log file {self.path} has lost its {self.path.stem}.db-wal, and with it perhaps the last records."
        return None

    def _check(self, position: int, *, end: int) -> None:
        if position > end:
            raise LogGap(
                f"Log file {self.path} has {end} records, but {position} of it are said to be landed: the file is "
                "not the one that was read. Put back the log and the warehouse that belong together."
            )

    def _ask(self, question: Callable[[sqlite3.Connection], _Answer]) -> _Answer | None:
        """Ask the file something; None while its writer is still making it, or when it was removed meanwhile."""
        try:
            if not self.path.stat().st_size or self._is_being_made():
                return None  # SQLite would remove the WAL of an empty file
            address = f"{self.path.absolute().as_uri()}?mode=ro"
            with contextlib.closing(sqlite3.connect(address, uri=True, timeout=5)) as database:
                return question(database) if self._is_made(database) else None
        except (sqlite3.Error, OSError) as error:
            if not self.path.exists():
                return None
            if _is_damage(error):
                raise LogDamaged(
                    f"Log file {self.path} is damaged: {error}. What can still be read of it is landed, then it is "
                    f"moved into {self._folder / files.ASIDE}; the other files are landed as ever."
                ) from error
            raise LogUnavailable(
                f"Log file {self.path} cannot be read: {error}. If this stays, check the disk and the rights on it."
            ) from error

    def _is_being_made(self) -> bool:
        """Whether its writer is about to make it, or died then: a rollback journal is used before there is a WAL."""
        journal = self.path.with_suffix(".db-journal")
        return journal.exists() and not files.notes(self._folder, self.name)[0]

    def _is_made(self, database: sqlite3.Connection) -> bool:
        tables = {name for (name,) in database.execute("SELECT name FROM sqlite_master")}
        if "source" in tables:  # files of older versions do not say
            names = database.execute("SELECT name FROM source").fetchall()
            if names != [(self.name,)]:
                raise LogGap(
                    f"Log file {self.path} holds the records of another one, {names[0][0] if names else 'unnamed'}. "
                    "Put back the log and the warehouse that belong together."
                )
        return "records" in tables


def _is_damage(error: Exception) -> bool:
    code = getattr(error, "sqlite_errorcode", None)
    # The low byte is the kind of an error, the others say more. A table that has lost its columns has no code.
    return code is not None and code & 0xFF in _DAMAGE


def _end_of(database: sqlite3.Connection) -> int:
    end: int = database.execute("SELECT coalesce(max(number), 0) FROM records").fetchone()[0]
    return end


def _readable(database: sqlite3.Connection, position: int) -> Iterator[Record]:
    """Yield what can be read after a position, each record looked up by its number."""
    try:
        end: int | None = _end_of(database)
    except sqlite3.Error:
        end = None
    last, number = position, position + 1
    while number <= (last + _HOLE if end is None else end):
        payload = _payload(database, number)
        if payload is not None:
            yield number, payload
            last = number
        number += 1


def _payload(database: sqlite3.Connection, number: int) -> bytes | None:
    """Return a record, None where it cannot be read."""
    try:
        row = database.execute("SELECT payload FROM records WHERE number = ?", (number,)).fetchone()
    except sqlite3.Error as error:
        if _is_damage(error):
            return None
        raise
    return row[0] if row and isinstance(row[0], bytes) else None


def _fitting(sizes: Sequence[tuple[int, int]], room: int, *, at_least_one: bool) -> int:
    """Return the highest number up to which the records fit into `room` bytes, at least the first if so asked."""
    until = sizes[0][0] if at_least_one else sizes[0][0] - 1
    for number, size in sizes:
        room -= size
        if room < 0:
            break
        until = number
    return until
