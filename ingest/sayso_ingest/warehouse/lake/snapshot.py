"""A copy of a lake as of one commit, in a file of DuckDB's: for a backup, while the lander runs or rests.

Each commit of a lander is whole: rows, positions and marks are one transaction. In what was published, views say what
all these rows say.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from sayso_ingest.errors import WarehouseError
from sayso_ingest.warehouse.connect import ALIAS, DriverError, NotThere, open_live
from sayso_ingest.warehouse.definition import Definition
from sayso_ingest.warehouse.lake.address import Lake
from sayso_ingest.warehouse.lake.attach import COPIED, newest_snapshot, open_at, published_snapshot
from sayso_ingest.warehouse.migrate import (
    applied_migrations,
    check_not_newer,
    define,
    known_migrations,
    migrate,
)

_TABLES = "SELECT table_name FROM duckdb_tables() WHERE database_name = ? AND NOT internal ORDER BY ALL"


@dataclass(frozen=True, slots=True)
class LakeState:
    """How far a lake is."""

    snapshot: int = 0
    landing: int = 0
    """The last landing; 0 where nothing has landed."""
    migrations: frozenset[str] = frozenset()


def state_of(lake: Lake, *, published: bool = False) -> LakeState:
    """Say how far a lake is, as of its last commit, or the last one that was `published`; where none is, none is made.

    Raises:
        WarehouseNewer: a newer version wrote it.
        WarehouseError: it cannot be read.
    """
    snapshot = published_snapshot(lake) if published else newest_snapshot(lake)
    if snapshot is None:
        return LakeState()
    with closing(open_at(lake, snapshot)) as connection:
        try:
            check_not_newer(connection, str(lake))
            [(landing,)] = connection.execute("SELECT landing FROM progress").fetchall()
            return LakeState(snapshot, landing, applied_migrations(connection))
        except NotThere:
            return LakeState(snapshot)  # a lander was killed while it made the tables
        except DriverError as error:
            raise WarehouseError(f"{lake} cannot be read: {error}") from error


def snapshot_lake(
    lake: Lake,
    state: LakeState,
    target: Path,
    *,
    views: Iterable[Definition] = (),
) -> None:
    """Copy what a lake was in a state into a new file, which is as a live file with that in it would be.

    Raises:
        WarehouseError: it cannot be copied.
    """
    with closing(open_live(target)) as connection:
        open_at(lake, state.snapshot, beside=connection)
        try:
            migrate(connection, upto=state.migrations)
            for (table,) in connection.execute(_TABLES, [ALIAS]).fetchall():
                if table != "migrations":
                    connection.execute(f'TRUNCATE "{table}"')
                    connection.execute(f'INSERT INTO "{table}" BY NAME FROM {COPIED}."{table}"')
                    # What waits for one is held in memory.
                    connection.execute(f"CHECKPOINT {ALIAS}")
            if state.migrations == known_migrations():
                define(connection, list(views))
        except DriverError as error:
            raise WarehouseError(
                f"{lake} could not be copied as it was at snapshot {state.snapshot}: {error}\nIf files are gone that "
                "belong to it, an erasure removed them meanwhile, or a lander on another machine: begin again."
            ) from error
