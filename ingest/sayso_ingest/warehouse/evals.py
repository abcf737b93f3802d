"""evals.duckdb: what is known of eval sets and their runs, as a file that SQL attaches beside the published copy.

It is made anew whenever a set, its candidates or a run changed, from rows that are handed over, under a lock, and
renamed into place: a reader has the old file or the new one, whole, and may hold it open as long as it likes.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeAlias

from sayso_ingest.durable import sync
from sayso_ingest.errors import WarehouseError
from sayso_ingest.warehouse.attached import Attached, quoted
from sayso_ingest.warehouse.connect import DriverError, create
from sayso_ingest.warehouse.copy_file import READ_ONLY
from sayso_ingest.warehouse.definition import read_statements

NAME = "evals"
"""The name that SQL knows it by."""
FILE = f"{NAME}.duckdb"
TABLES = read_statements(files("sayso_ingest.warehouse") / "evals.sql")
LARGEST_ROW = 1 << 27
"""Bytes that a row may have as JSON: a conversation of 512 KB, in several columns, escaped."""

EvalRows: TypeAlias = Mapping[str, Iterable[Mapping[str, Any] | bytes]]
"""By the name of a table its rows, by the names of their columns; what is missing is NULL. Or as lines of JSON, which
are passed on as they are: of results there may be a million."""


def evals_of(project_folder: Path) -> Attached:
    """What SQL may attach of a project's eval sets and runs; the file is not there where nothing was published."""
    return Attached(NAME, str(project_folder / FILE))


def publish_evals(project_folder: Path, gather: Callable[[], EvalRows]) -> None:
    """Make the file anew of the rows that `gather` returns; it is asked under the lock, so the last one wins rightly.

    Raises:
        WarehouseError: it cannot be written; readers keep the last one.
    """
    try:
        with _alone(project_folder) as workshop:
            draft = workshop / FILE
            _fill(draft, gather(), workshop)
            draft.chmod(READ_ONLY)
            sync(draft)
            # A writer that was killed leaves a WAL, which would be replayed into the new file.
            (project_folder / f"{FILE}.wal").unlink(missing_ok=True)
            draft.replace(project_folder / FILE)
            sync(project_folder)
    except (OSError, DriverError) as error:
        raise WarehouseError(
            f"{project_folder / FILE} cannot be written, so SQL keeps what it knew of eval sets: {error}. The sets "
            "and runs themselves are as they should be, and the next command that changes one makes up for it."
        ) from error


@contextmanager
def _alone(project_folder: Path) -> Iterator[Path]:
    """Hold the lock and give a folder for drafts; what a process that was killed left of one goes."""
    handle = os.open(project_folder / f".{NAME}.lock", os.O_CREAT | os.O_RDWR, 0o644)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        for left in project_folder.glob(f".{NAME}-*"):
            shutil.rmtree(left, ignore_errors=True)
        with tempfile.TemporaryDirectory(prefix=f".{NAME}-", dir=project_folder) as workshop:
            yield Path(workshop)
    finally:
        os.close(handle)


def _fill(draft: Path, rows: EvalRows, workshop: Path) -> None:
    with closing(create(draft)) as connection:
        for table, definition in TABLES.items():
            connection.execute(definition)
            lines = workshop / f"{table}.jsonl"
            if _write_lines(lines, rows.get(table, ())):
                # A column with an expression is made of others.
                given = connection.execute(
                    "SELECT column_name, data_type FROM duckdb_columns() "
                    "WHERE table_name = ? AND column_default IS NULL ORDER BY column_index",
                    [table],
                ).fetchall()
                columns = ", ".join(f"{name}: {quoted(type_)}" for name, type_ in given)
                connection.execute(
                    f"INSERT INTO {table} BY NAME SELECT * FROM read_json({quoted(lines)}, "  # noqa: S608 - our own names
                    f"format = 'newline_delimited', columns = {{{columns}}}, maximum_object_size = {LARGEST_ROW})"
                )


def _write_lines(path: Path, rows: Iterable[Mapping[str, Any] | bytes]) -> bool:
    """Write the rows where the driver reads them; say whether there is one."""
    any_row = False
    with path.open("wb") as file:
        for row in rows:
            any_row = True
            line = (
                row
                if isinstance(row, bytes)
                else json.dumps(row, ensure_ascii=False).encode("utf-8", "replace")
            )
            file.write(line + b"\n")
    return any_row
