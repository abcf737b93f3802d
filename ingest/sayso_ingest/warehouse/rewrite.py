"""Writing a live file anew, so that what was removed is in it no more: neither as rows nor as bytes of free blocks."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from sayso_ingest.durable import sync
from sayso_ingest.errors import WarehouseError
from sayso_ingest.warehouse.attached import quoted
from sayso_ingest.warehouse.connect import ALIAS, DriverError, open_live
from sayso_ingest.warehouse.migrate import migrate

OLD = "old"
_TABLES = "SELECT table_name FROM duckdb_tables() WHERE database_name = 'old' AND NOT internal"


def rewrite(path: Path) -> None:
    """Put a file with the same rows, in the same order, in the place of one that nobody has open and has no WAL.

    Views follow when it is opened. One that is killed leaves the old file in its place. Until the new one is there
    nobody else can open the old one to write: a WAL that somebody began for it would not fit the new one.

    Raises:
        WarehouseError: somebody else opened it just before, the disk is full, or the file failed; the old one is in its
            place.
    """
    draft = path.with_name(f".{path.name}.anew")
    _discard(draft)
    try:
        with closing(open_live(draft)) as connection:
            migrate(connection)
            connection.execute(f"ATTACH {quoted(path)} AS {OLD} (READ_ONLY)")  # which locks it
            _check_no_wal(path)
            for (table,) in connection.execute(_TABLES).fetchall():
                if table != "migrations":
                    connection.execute(f"TRUNCATE {table}")
                    connection.execute(f"INSERT INTO {ALIAS}.{table} BY NAME FROM {OLD}.{table}")
            connection.execute(f"CHECKPOINT {ALIAS}")
            connection.execute("USE memory")
            connection.execute(f"DETACH {ALIAS}")
            sync(draft)
            draft.replace(path)
            sync(path.parent)
    except (DriverError, OSError) as error:
        raise WarehouseError(f"{path} cannot be written anew, and is as it was: {error}") from error
    finally:
        _discard(draft)


def _check_no_wal(path: Path) -> None:
    wal = path.with_name(f"{path.name}.wal")
    if wal.exists():
        raise WarehouseError(
            f"{path} cannot be written anew, and is as it was: somebody else has written to it meanwhile, which is in "
            f"{wal.name}. Run the same again."
        )


def _discard(draft: Path) -> None:
    for left in (draft, draft.with_name(f"{draft.name}.wal")):
        left.unlink(missing_ok=True)
