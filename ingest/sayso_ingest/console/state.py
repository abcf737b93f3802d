"""console.sqlite: what the team keeps here itself. Only the console opens it; what people say is in the warehouse."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from importlib.resources import files
from pathlib import Path
from threading import Lock
from typing import Any

from sayso_ingest.errors import NotFound, SaysoError
from sayso_ingest.private_file import locked
from sayso_ingest.warehouse import read_statements

FILE = "console.sqlite"
PATIENCE = 5.0
"""Seconds to wait for another writer, such as a second console of the same project."""

_HERE = files("sayso_ingest.console")
_SQL = read_statements(_HERE / "state.sql")

Row = dict[str, Any]


class Writing:
    """A transaction: statements by name, all of them done or none."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def run(self, name: str, **values: object) -> list[Row]:
        """Run a statement of `state.sql`, and return its rows."""
        return [dict(row) for row in self._connection.execute(_SQL[name], values)]


class State:
    """The file of one project. A thread that writes waits for the one before."""

    def __init__(self, project_folder: Path) -> None:
        """Open nothing yet: a project that was mistyped gets no file."""
        self._folder = project_folder
        self._writing = Lock()
        self._ready = False

    def read(self, name: str, **values: object) -> list[Row]:
        """Ask a statement of `state.sql`; a project that is not there has nothing."""
        if not self._folder.is_dir():
            return []
        with self._opened() as connection:
            return [dict(row) for row in connection.execute(_SQL[name], values)]

    @contextmanager
    def writing(self) -> Iterator[Writing]:
        """Write in one transaction.

        Raises:
            NotFound: there is no such project.
            SaysoError: the file cannot be written now.
        """
        if not self._folder.is_dir():
            raise NotFound(f"There is no project {self._folder.name} yet; `sayso serve` makes it.")
        with self._writing, self._opened() as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield Writing(connection)
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        path = self._folder / FILE
        try:
            if not self._ready:
                with locked(path):  # SQLite does not wait for its turn to change to WAL
                    _migrate(path)
                self._ready = True
            with closing(_connect(path)) as connection:
                yield connection
        except (sqlite3.Error, OSError) as error:
            raise SaysoError(
                f"{path} cannot be used ({error}). Check the disk and who owns it: nobody is let in by password, and "
                "nothing can be changed, without it."
            ) from error


def iso(moment: datetime) -> str:
    """A moment as it stands in the file: in order, as texts are."""
    return moment.replace(tzinfo=None).isoformat(timespec="microseconds")


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=PATIENCE, isolation_level=None)
    connection.row_factory = sqlite3.Row
    return connection


def _migrate(path: Path) -> None:
    """Make the file, for its owner alone, and bring it up to date."""
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    scripts = sorted(file.name for file in (_HERE / "migrations").iterdir() if file.name.endswith(".sql"))
    with closing(_connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("BEGIN IMMEDIATE")
        [(done,)] = connection.execute("PRAGMA user_version").fetchall()
        if done > len(scripts):
            raise SaysoError(f"{path} was written by a newer sayso. Install that version again.")
        for number, script in enumerate(scripts[done:], start=done + 1):
            for statement in _statements((_HERE / "migrations" / script).read_text("utf-8")):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {number}")
        connection.execute("COMMIT")


def _statements(script: str) -> Iterator[str]:
    """One at a time: SQLite's way to run a script commits what was begun."""
    piece = ""
    for line in script.splitlines(keepends=True):
        piece += line
        if sqlite3.complete_statement(piece):
            yield piece
            piece = ""
