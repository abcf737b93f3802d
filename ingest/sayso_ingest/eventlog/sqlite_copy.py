"""A copy of a SQLite log while it is written and read: every record that was acknowledged before, each source whole.

Whoever copies has taken care that nothing is pruned meanwhile. A source in the copy is closed: it will never grow.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from sayso_ingest.errors import LogDamaged, LogGap
from sayso_ingest.eventlog import sqlite_files as files
from sayso_ingest.eventlog.sqlite import create
from sayso_ingest.eventlog.sqlite_source import SqliteSource

_ROOM = 8 << 20
"""Bytes of records that are in memory at once."""


@dataclass(frozen=True)
class CopiedLog:
    """What was copied: how many records of each source, and which sources were damaged and copied as they are."""

    records: dict[str, int]
    damaged: list[str]


def copy_log(folder: Path, target: Path, *, beyond: Mapping[str, int] | None = None) -> CopiedLog:
    """Copy what is in a log's folder into `target`: all, or the sources that have more records than `beyond` says.

    Raises:
        LogUnavailable: a file cannot be read now.
        OSError: the target cannot be written.
    """
    target.mkdir(parents=True, exist_ok=True)
    records: dict[str, int] = {}
    damaged: list[str] = []
    for name in files.sources(folder):
        source = SqliteSource(folder, name)
        try:
            end = source.end(0)
            if end is None or end <= (beyond or {}).get(name, -1):
                continue  # its writer is about to make it, or it is gone, or is there already
            count = _copy(source, folder, target)
        except (LogDamaged, LogGap):
            _copy_as_it_is(folder, target, name)
            damaged.append(name)
        else:
            records[name] = count
    if (folder / files.ASIDE).is_dir():
        shutil.copytree(folder / files.ASIDE, target / files.ASIDE, dirs_exist_ok=True)
    return CopiedLog(records, damaged)


def count_records(folder: Path, *, without: Collection[str] = ()) -> dict[str, int]:
    """Count the records of each source of a log that nobody writes, `without` those that are known to be damaged.

    Raises:
        LogDamaged, LogGap, LogUnavailable: one is broken, or cannot be read.
    """
    names = (name for name in files.sources(folder) if name not in without)
    return {name: SqliteSource(folder, name).end(0) or 0 for name in names}


def _copy(source: SqliteSource, folder: Path, target: Path) -> int:
    """Copy one source, record by record."""
    files.remove(target, source.name)
    writer, reader = files.notes(folder, source.name)
    place = files.database(target, source.name)
    try:
        with contextlib.closing(create(place, source.name)) as database:
            count = _fill(source, database)
            # Who opens a file that has a WAL writes beside it, be it to read: a backup may lie where nobody can.
            database.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.Error as error:
        raise OSError(f"{place} cannot be written: {error}") from error
    except (LogDamaged, LogGap):
        files.remove(target, source.name)
        raise
    # A writer that has closed the file said how many there were, and the reader what is wrong with them.
    closed = writer if writer.startswith(files.CLOSED) else f"{files.CLOSED} {count}"
    lock = target / f"{source.name}.lock"
    lock.touch(0o644)
    files.note_of_reader(target, source.name, "" if reader == files.LANDED else reader)
    with lock.open("r+b") as file:
        files.note(file.fileno(), closed)
    return count


def _fill(source: SqliteSource, database: sqlite3.Connection) -> int:
    count = 0
    database.execute("BEGIN")
    while some := source.read(count, room=_ROOM, at_least_one=True):
        database.executemany("INSERT INTO records(number, payload) VALUES (?, ?)", some)
        count = some[-1][0]
    database.execute("COMMIT")
    return count


def _copy_as_it_is(folder: Path, target: Path, name: str) -> None:
    for part in ("db", "db-wal", "lock"):
        path = folder / f"{name}.{part}"
        if path.exists():
            copied = target / path.name
            shutil.copyfile(path, copied)
            with copied.open("rb") as file:
                os.fsync(file.fileno())
