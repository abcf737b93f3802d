"""Changing what records of a SQLite log say, in place, while their file may be written and read: for erasing.

Numbers stay, so that no position means another record; SQLite overwrites what was there (`secure_delete`).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from sayso_ingest.errors import LogUnavailable
from sayso_ingest.eventlog import sqlite_files as files

_AT_ONCE = 500
_TRIES = 20

Change = Callable[[str, int, bytes], bytes | None]
"""Given the source of a record, its offset and what it says: what it is to be instead; None where it stays."""


def rewrite_log(folder: Path, change: Change) -> int:
    """Change records of all files of a log, also of those that were moved aside; return how many were changed.

    Raises:
        LogUnavailable: a file cannot be changed.
    """
    places = [files.database(folder, name) for name in files.sources(folder)]
    places += sorted((folder / files.ASIDE).glob("*/*.db"))
    return sum(_rewrite(place, change) for place in places)


def _rewrite(path: Path, change: Change) -> int:
    changed, number = 0, 0
    try:
        with closing(
            sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, timeout=30)
        ) as database:
            database.isolation_level = None
            database.execute("PRAGMA secure_delete = ON")
            while rows := database.execute(
                "SELECT number, payload FROM records WHERE number > ? ORDER BY number LIMIT ?",
                (number, _AT_ONCE),
            ).fetchall():
                number = rows[-1][0]
                told = ((change(path.stem, n - 1, payload), n) for n, payload in rows)
                new = [(other, n) for other, n in told if other is not None]
                if new:
                    # Short, and one at a time: the collector waits for it when it commits.
                    database.execute("BEGIN IMMEDIATE")
                    database.executemany("UPDATE records SET payload = ? WHERE number = ?", new)
                    database.execute("COMMIT")
                    changed += len(new)
            if changed:
                _empty_wal(database, path)
    except sqlite3.Error as error:
        if not path.exists():
            return 0  # it had landed, and is removed
        raise LogUnavailable(f"Log file {path} cannot be changed: {error}. Nothing of it is lost.") from error
    return changed


def _empty_wal(database: sqlite3.Connection, path: Path) -> None:
    """Bring what is in the WAL into the file, and cut it off: it holds what records were before."""
    for _ in range(_TRIES):
        (busy, *_rest) = database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if not busy:
            return
    raise LogUnavailable(
        f"{path}-wal is being read without end, so it still holds what was changed. Run it again."
    )
