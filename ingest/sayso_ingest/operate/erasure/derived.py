"""What was made from the warehouse and holds parts of it: candidates, eval sets, runs, themes, vectors, replies.

What is made anew when it is needed goes whole, where it cannot be told which of it came from whom: of replies that are
kept by a hash of all that was asked at once, and of themes. Vectors are kept by a hash of one question each.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Set
from contextlib import closing, nullcontext
from pathlib import Path

from sayso_ingest.erased_ids import erased_in
from sayso_ingest.errors import SaysoError
from sayso_ingest.evals import publish
from sayso_ingest.evals.runs import Erasing, count_results, erase_results, run_folder
from sayso_ingest.evalsets import (
    Belonging,
    Erased,
    count_erasable,
    erase_cases,
    is_name,
    locked,
    replace_durably,
    set_names,
)
from sayso_ingest.event import JSON
from sayso_ingest.operate.erasure.account import Account
from sayso_ingest.places import gathered_file, improve_folder, replies_file, themes_file, vectors_folder
from sayso_ingest.warehouse import Belongings, Home, Published, Traces

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

    What was erased before goes, too: somebody may have read it before that, and written it down after.

    Raises:
        SaysoError: a file cannot be changed. Run the erasure again: it goes on.
    """
    traces, theirs = Traces(found), _theirs(folder, found)
    try:
        _remove_made(folder, traces, account)
        for path in _files_of_lines(folder):
            _erase_lines(folder, path, theirs, traces, account)
        for name in set_names(folder):
            with locked(folder, name):
                _note_cases(account, name, erase_cases(folder, name, theirs))
        _erase_results(folder, Erasing(traces.stands_in), account)
        publish(folder)
        _erase_from_console(folder / CONSOLE, {*theirs.ids, *found.names})
    except OSError as error:
        raise _unchangeable(error, folder) from error


def _theirs(folder: Path, found: Belongings) -> Belonging:
    """What is a subject's, and what still cites an event that was erased before: each erasure had left none."""
    traces, before = Traces(found), erased_in(folder) - found.ids
    late = Traces(Belongings(Counter(), frozenset(before), {}, frozenset(), frozenset()))
    return Belonging(found.ids | before, lambda value: traces.owns(value) or late.cites(value))


def _erase_results(folder: Path, erasing: Erasing, account: Account) -> None:
    erased = erase_results(folder, erasing)
    for run, count in erased.results.items():
        account.results[run] = account.results.get(run, 0) + count
    for run in erased.held:
        place = run_folder(folder) / run
        said = f"{place} is carried out by a process that began meanwhile: when it has ended, run this again"
        if said not in account.left:
            account.left.append(said)


def _remove_made(folder: Path, traces: Traces, account: Account) -> None:
    made = [themes_file(folder), gathered_file(folder)]
    replies = replies_file(folder)
    made += [replies.with_name(f"{replies.name}{end}") for end in ("", "-wal", "-shm")]
    made += sorted(path for path in improve_folder(folder).rglob("*") if path.is_file())
    alerts = folder / ALERTS
    if alerts.exists() and traces.stands_in(alerts.read_bytes()):
        made.append(alerts)
    for path in made:
        if path.exists():
            path.unlink()
            account.removed.append(str(path.relative_to(folder)))


def erase_vectors(folder: Path, home: Home) -> None:
    """Let go of the vectors of questions that are not in what is published; raises like `erase_derived`."""
    vectors = vectors_folder(folder)
    if not vectors.exists():
        return
    from sayso_ingest.mining import erase_gone

    try:
        with Published.open(home) as copy:
            erase_gone(vectors, copy.query)
    except OSError as error:
        raise _unchangeable(error, folder) from error


def _unchangeable(error: OSError, folder: Path) -> SaysoError:
    return SaysoError(
        f"{error.filename or folder} cannot be changed: {error.strerror}. Put that right, and run this again: it goes "
        "on."
    )


def count_derived(folder: Path, found: Belongings) -> Account:
    """Count what `erase_derived` would take out of eval sets, runs and files of lines; nothing is changed."""
    traces, theirs, account = Traces(found), _theirs(folder, found), Account()
    for path in _files_of_lines(folder):
        account.lines += sum(_cleaned(line, theirs, traces) is None for line in _lines(path))
    going = {name: count_erasable(folder, name, theirs) for name in set_names(folder)}
    for name, erased in going.items():
        _note_cases(account, name, erased)
    cases = {name: erased.ids for name, erased in going.items()}
    account.results = count_results(folder, Erasing(traces.stands_in, cases))
    return account


def _note_cases(account: Account, name: str, erased: Erased) -> None:
    if erased.cases:
        account.cases[name] = account.cases.get(name, 0) + erased.cases
        account.versions[name] = list(dict.fromkeys([*account.versions.get(name, ()), *erased.versions]))


def _files_of_lines(folder: Path) -> list[Path]:
    return sorted((folder / "mining").rglob("*.jsonl"))


def _lines(path: Path) -> list[bytes]:
    return [line for line in path.read_bytes().split(b"\n") if line]


def _erase_lines(folder: Path, path: Path, theirs: Belonging, traces: Traces, account: Account) -> None:
    """Drop the lines of a file that are theirs; out of others take the ids of events that are erased."""
    of_a_set = path.parent.parent == folder / "mining" and is_name(path.parent.name)
    with locked(folder, path.parent.name) if of_a_set else nullcontext():
        lines = _lines(path)
        cleaned = [_cleaned(line, theirs, traces) for line in lines]
        kept = [line for line in cleaned if line is not None]
        if kept != lines:
            account.lines += len(lines) - len(kept)
            replace_durably(path, b"".join(line + b"\n" for line in kept))


def _cleaned(line: bytes, theirs: Belonging, traces: Traces) -> bytes | None:
    """A line without the ids of erased events; None where it is theirs, or broken and may be."""
    try:
        value = json.loads(line)
    except ValueError:
        return None if traces.in_bytes(line) else line
    if theirs.owns(value):
        return None
    pruned = _pruned(value, theirs.ids)
    if pruned == value:
        return line
    return json.dumps(pruned, ensure_ascii=False, sort_keys=True).encode("utf-8", "backslashreplace")


def _pruned(value: JSON, ids: Set[str]) -> JSON:
    if isinstance(value, dict):
        return {name: _pruned(inner, ids) for name, inner in value.items()}
    if isinstance(value, list):
        return [
            _pruned(inner, ids) for inner in value if not (isinstance(inner, str) and inner.lower() in ids)
        ]
    return value


def _erase_from_console(path: Path, names: Set[str]) -> None:
    if not path.exists():
        return
    try:
        with closing(sqlite3.connect(path, timeout=30, isolation_level=None)) as database:
            database.execute("PRAGMA secure_delete = ON")
            database.execute("PRAGMA temp_store = MEMORY")
            database.execute("CREATE TEMP TABLE erased (name TEXT)")
            database.executemany("INSERT INTO erased VALUES (?)", [(name,) for name in names])
            for statement in _FORGET:
                database.execute(statement)
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except sqlite3.Error as error:
        raise SaysoError(f"{path} cannot be changed: {error}. Run this again.") from error
