"""What was made from the warehouse and holds parts of it: candidates, eval sets, themes, vectors, replies.

What is made anew when it is needed goes whole: which of it came from whom cannot be told.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Set
from contextlib import closing
from pathlib import Path

from sayso_ingest.errors import SaysoError
from sayso_ingest.evalsets import Belonging, erase_cases, publish, set_names
from sayso_ingest.event import JSON
from sayso_ingest.operate.erasure.account import Account
from sayso_ingest.places import gathered_file, replies_file, themes_file, vectors_folder
from sayso_ingest.warehouse import Belongings, Traces

CONSOLE = "console.sqlite"
ALERTS = "alerts.json"
# Of the console's tables those that name events and targets.
_FORGET = (
    "DELETE FROM read_marks WHERE event_id IN (SELECT name FROM erased)",
    "DELETE FROM turns WHERE target IN (SELECT name FROM erased) OR event_id IN (SELECT name FROM erased)",
    "UPDATE audit SET on_what = 'erased' WHERE on_what IN (SELECT name FROM erased)",
)


def erase_derived(folder: Path, found: Belongings, account: Account) -> None:
    """Take a subject out of everything in a project's folder that is neither warehouse nor log.

    Raises:
        SaysoError: a file cannot be changed. Run the erasure again: it goes on.
    """
    traces = Traces(found)
    try:
        _remove_made(folder, traces, account)
        _erase_lines(folder / "mining", found, traces, account)
        theirs = Belonging(found.ids, found.names, found.texts, traces.in_bytes)
        for name in set_names(folder):
            erased = erase_cases(folder, name, theirs)
            if erased.cases:
                account.cases[name], account.versions[name] = erased.cases, erased.versions
        publish(folder)
        _erase_from_console(folder / CONSOLE, found)
    except OSError as error:
        raise SaysoError(
            f"{error.filename or folder} cannot be changed: {error.strerror}. Put that right, and run this again: what "
            "is done is done, and the warehouse, which knows what there is, comes last."
        ) from error


def _remove_made(folder: Path, traces: Traces, account: Account) -> None:
    made = [vectors_folder(folder), themes_file(folder), gathered_file(folder)]
    replies = replies_file(folder)
    made += [replies.with_name(f"{replies.name}{end}") for end in ("", "-wal", "-shm")]
    alerts = folder / ALERTS
    if alerts.exists() and traces.in_bytes(alerts.read_bytes()):
        made.append(alerts)
    for path in made:
        if path.is_dir():
            shutil.rmtree(path)
        elif path.exists():
            path.unlink()
        else:
            continue
        account.removed.append(str(path.relative_to(folder)))


def _erase_lines(mining: Path, found: Belongings, traces: Traces, account: Account) -> None:
    """Drop the lines that hold something of it; out of others take the ids of events that are erased."""
    for path in sorted(mining.rglob("*.jsonl")):
        lines = path.read_bytes().split(b"\n")
        kept = [_without_ids(line, found.ids) for line in lines if not traces.in_bytes(line)]
        if kept != lines:
            account.lines += sum(line not in kept for line in lines)
            draft = path.with_name(f".{path.name}.draft")
            draft.write_bytes(b"\n".join(kept))
            draft.replace(path)


def _without_ids(line: bytes, ids: Set[str]) -> bytes:
    if not any(one.encode() in line for one in ids):
        return line
    return json.dumps(_pruned(json.loads(line), ids), ensure_ascii=False, sort_keys=True).encode()


def _pruned(value: JSON, ids: Set[str]) -> JSON:
    if isinstance(value, dict):
        return {name: _pruned(inner, ids) for name, inner in value.items()}
    if isinstance(value, list):
        return [_pruned(inner, ids) for inner in value if not (isinstance(inner, str) and inner in ids)]
    return value


def _erase_from_console(path: Path, found: Belongings) -> None:
    if not path.exists():
        return
    try:
        with closing(sqlite3.connect(path, timeout=30, isolation_level=None)) as database:
            database.execute("PRAGMA secure_delete = ON")
            database.execute("PRAGMA temp_store = MEMORY")
            database.execute("CREATE TEMP TABLE erased (name TEXT)")
            names = [(name,) for name in {*found.ids, *found.names}]
            database.executemany("INSERT INTO erased VALUES (?)", names)
            for statement in _FORGET:
                database.execute(statement)
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except sqlite3.Error as error:
        raise SaysoError(f"{path} cannot be changed: {error}. Run this again.") from error
