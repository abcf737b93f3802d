"""A copy of a project's warehouse for a backup, no older than a landing, while the lander runs or rests."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from sayso_ingest.errors import WarehouseError, WarehouseLocked
from sayso_ingest.places import live_warehouse
from sayso_ingest.warehouse.aside import StandAside, while_not_asked
from sayso_ingest.warehouse.connect import ALIAS, DriverError, open_live, open_published
from sayso_ingest.warehouse.published import FILE

LOOK_EVERY = 0.2
"""Seconds."""
PATIENCE = 3600.0
"""Seconds that a lander may take to publish, as long as a copy of it may take."""
_EVERY_BYTE = "SELECT count(*), bit_xor(hash(t)) FROM {table} t"
"""Reads every block of a table, which the driver then holds against its checksum."""

Stamp = tuple[int, int, int]


@dataclass(frozen=True)
class Contents:
    """What a warehouse holds, as far as a backup says it."""

    landing: int
    events: int
    rejects: int
    positions: dict[str, int]

    @classmethod
    def of(cls, file: Path) -> Contents:
        """Read all of a file that nobody writes.

        Raises:
            WarehouseError: it cannot be read whole.
        """
        try:
            with closing(open_published(file)) as copy:

                def number(sql: str) -> int:
                    return int(copy.execute(sql).fetchall()[0][0])

                tables = copy.execute("SELECT table_name FROM duckdb_tables() WHERE NOT internal").fetchall()
                rows = {name: number(_EVERY_BYTE.format(table=f'"{name}"')) for (name,) in tables}
                positions = dict(copy.execute("SELECT source, next_offset FROM positions").fetchall())
                landing = number("SELECT landing FROM progress")
        except DriverError as error:
            raise WarehouseError(f"{file} cannot be read whole: {error}") from error
        return cls(landing, rows["events"], rows["rejects"], positions)


def snapshot(
    project_folder: Path,
    target: Path,
    *,
    at_least: int,
    patience: float = PATIENCE,
    say: Callable[[str], None] = lambda _: None,
) -> None:
    """Copy the warehouse as of `at_least` this landing, or a later one; a lander that runs goes on.

    Where one runs, the copy is of what it publishes. Where none does, what is committed is brought into the file first.

    Raises:
        WarehouseError: it cannot be read, or the lander does not publish.
        OSError: the target cannot be written.
    """
    live, published = live_warehouse(project_folder), project_folder / FILE
    deadline = time.monotonic() + patience
    said = False
    while True:
        if live.exists() and _at_rest(live):
            if _copy(live, target):
                return
        elif not live.exists() or _landing_of(published) >= at_least:
            if _copy(published, target):
                return
        elif time.monotonic() > deadline:
            raise WarehouseError(
                f"The lander has not published landing {at_least} of {project_folder.name} within {patience:.0f} s. "
                "Why it does not says: sayso doctor"
            )
        elif not said:
            say(f"Waiting until the lander publishes landing {at_least} of {project_folder.name} ...")
            said = True
        time.sleep(LOOK_EVERY)


def _at_rest(live: Path) -> bool:
    """Bring everything committed into the live file, if no lander has it, and nobody who had one stand aside."""
    try:
        with while_not_asked(live.parent), closing(open_live(live)) as connection:
            connection.execute(f"CHECKPOINT {ALIAS}")
    except (StandAside, WarehouseLocked):
        return False
    except DriverError as error:
        raise WarehouseError(f"The checkpoint of {live} failed: {error}") from error
    return True


def _landing_of(published: Path) -> int:
    if not published.exists():
        return -1
    try:
        with closing(open_published(published)) as copy:
            return int(copy.execute("SELECT landing FROM progress").fetchall()[0][0])
    except DriverError as error:
        raise WarehouseError(f"{published} cannot be read: {error}") from error


def _copy(source: Path, target: Path) -> bool:
    """Copy a file whole; False where it did not stay as it was meanwhile. Held open, no publish makes another of it."""
    with source.open("rb") as reader, target.open("wb") as writer:
        before = _stamp(os.fstat(reader.fileno()))
        shutil.copyfileobj(reader, writer, 4 << 20)
        writer.flush()
        os.fsync(writer.fileno())
        return _stamp(os.fstat(reader.fileno())) == before and writer.tell() == before[2]


def _stamp(stat: os.stat_result) -> Stamp:
    return stat.st_ino, stat.st_mtime_ns, stat.st_size
