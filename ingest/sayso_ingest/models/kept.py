"""Replies that were paid for, kept on disk by what was asked: a hash of it, for no prompt's text is kept."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import threading
from contextlib import closing
from pathlib import Path
from typing import Any

from sayso_ingest.errors import SaysoError
from sayso_ingest.models.reply import Outcome, Reply, Usage

_TABLE = """
CREATE TABLE IF NOT EXISTS replies (
    key TEXT PRIMARY KEY,
    outcome TEXT NOT NULL,
    text TEXT NOT NULL,
    finish_reason TEXT NOT NULL,
    tokens_in INTEGER NOT NULL,
    tokens_out INTEGER NOT NULL,
    cost REAL,
    is_known INTEGER NOT NULL,
    problem TEXT NOT NULL
) WITHOUT ROWID
"""

_WHOLE = ("SQLITE_BUSY", "SQLITE_CANTOPEN", "SQLITE_FULL", "SQLITE_IOERR", "SQLITE_PERM", "SQLITE_READONLY")
"""Errors that say nothing against the file, whose replies were paid for."""


class KeptReplies:
    """The file of replies; several threads and processes may use it at once."""

    def __init__(self, path: Path) -> None:
        """Open it, or make it, for its owner alone.

        Raises:
            SaysoError: it cannot be, or is another file.
        """
        self._path = path
        self._lock = threading.Lock()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600)
            self._file = sqlite3.connect(path, timeout=30, isolation_level=None, check_same_thread=False)
            self._file.execute("PRAGMA journal_mode = WAL")
            self._file.execute(_TABLE)
        except (OSError, sqlite3.Error) as error:
            raise self._unusable(error) from error

    def __enter__(self) -> KeptReplies:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def recall(self, key: str) -> Reply | None:
        """The reply to what was asked before."""
        sql = """
            SELECT outcome, text, finish_reason, problem, tokens_in, tokens_out, cost, is_known
            FROM replies WHERE key = ?
        """
        try:
            with self._lock, closing(self._file.execute(sql, [key])) as found:
                row = found.fetchone()
        except sqlite3.Error as error:
            raise self._unusable(error) from error
        if row is None:
            return None
        outcome, text, finish, problem, tokens_in, tokens_out, cost, is_known = row
        usage = Usage(tokens_in, tokens_out, cost, known=bool(is_known))
        return Reply(Outcome(outcome), text, finish, usage, problem, recalled=True)

    def keep(self, key: str, reply: Reply) -> None:
        """Keep a reply; a later one to the same takes its place."""
        usage = reply.usage
        row = (
            key,
            reply.outcome.value,
            reply.text,
            reply.finish_reason,
            usage.tokens_in,
            usage.tokens_out,
            usage.cost,
            usage.known,
            reply.problem,
        )
        try:
            with self._lock:
                self._file.execute("INSERT OR REPLACE INTO replies VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
        except sqlite3.Error as error:
            raise self._unusable(error) from error

    def _unusable(self, error: Exception) -> SaysoError:
        is_whole = isinstance(error, OSError) or getattr(error, "sqlite_errorname", "").startswith(_WHOLE)
        advice = (
            "See that it can be written and there is room, and run the same again"
            if is_whole
            else "Remove it"
        )
        return SaysoError(
            f"{self._path}, where replies of models are kept, cannot be used ({error}). {advice}."
        )


def key_of(url: str, payload: Any, sample: int) -> str:
    """The key of a request: SHA-256 of the endpoint, the whole payload with its model, and which drawing it is."""
    asked = json.dumps([url, payload, sample], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(asked.encode()).hexdigest()
