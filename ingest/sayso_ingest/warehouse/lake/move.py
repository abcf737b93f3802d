"""From the file to the lake: every table, held against the file row by row before anybody is told that it is there."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sayso_ingest.errors import NotFound, WarehouseError, WarehouseLocked
from sayso_ingest.places import live_warehouse
from sayso_ingest.warehouse.attached import quoted
from sayso_ingest.warehouse.connect import Connection, DriverError
from sayso_ingest.warehouse.definition import Definition
from sayso_ingest.warehouse.lake.address import Lake
from sayso_ingest.warehouse.lake.attach import open_for_writing
from sayso_ingest.warehouse.lake.live import LakeWarehouse
from sayso_ingest.warehouse.lake.upkeep import STATEMENTS
from sayso_ingest.warehouse.live import Warehouse
from sayso_ingest.warehouse.place import MOVED
from sayso_ingest.warehouse.published import FILE

_LAST = ("progress", "positions", "published")
"""The marks: where they are, the rest is too."""


@dataclass(frozen=True, slots=True)
class MovedWarehouse:
    """What was taken along of a project."""

    project: str
    rows: int
    kept: Path
    """The file as it was, under its new name."""


def move_to_lake(
    project_folder: Path,
    lake: Lake,
    *,
    views: Iterable[Definition] = (),
    say: Callable[[str], None] = lambda _: None,
) -> MovedWarehouse:
    """Take a project's warehouse from its file to a lake. Killed at any point and begun again, it begins anew.

    Raises:
        NotFound: the project has no file.
        WarehouseLocked: a lander is at work.
        WarehouseError: the lake has something else in it, or not all of it arrived. The file is as it was.
    """
    file, views = live_warehouse(project_folder), list(views)
    if not file.exists():
        raise NotFound(
            f"{file} is not there: nothing of {lake.project} is in a file, or it was moved already."
        )
    new = LakeWarehouse(lake, file.parent, views)
    new.reopen()  # makes the tables
    new.close()
    with closing(Warehouse.open(project_folder, views=views)) as old:
        old.fold(now=datetime.now(UTC))
        old.checkpoint()
    with closing(open_for_writing(lake)) as connection:
        try:
            rows = _copy_all(connection, file, str(lake), say)
        except DriverError as error:
            raise WarehouseError(
                f"{file} could not be moved into {lake}, and is as it was: {error}\nBegin again when that is mended."
            ) from error
        # While it is attached no lander opens it for writing.
        kept = file.rename(file.with_name(file.name + MOVED))
    # A copy that nobody brings up to date any more would be taken for what is known now.
    (project_folder / FILE).unlink(missing_ok=True)
    return MovedWarehouse(lake.project, rows, kept)


def _copy_all(connection: Connection, file: Path, lake: str, say: Callable[[str], None]) -> int:
    """Copy all tables of a file into the lake that a connection is at; return how many rows they have."""
    connection.execute(f"ATTACH {quoted(file)} AS old (READ_ONLY)")
    arrived = _check_marks(connection, lake)
    rows = 0
    for table in _tables(connection):
        if table not in _LAST:
            if not arrived:
                connection.execute("BEGIN")
                _copy(connection, table)
                connection.execute("COMMIT")
            n = _check_same(connection, table)
            say(f"{table}: {n:,} rows, the same as in the file")
            rows += n
    if arrived:
        return rows
    connection.execute("BEGIN")
    for table in _LAST:
        _copy(connection, table)
    connection.execute(STATEMENTS["publish"])
    connection.execute("COMMIT")
    return rows


def _tables(connection: Connection) -> list[str]:
    asked = "SELECT table_name FROM duckdb_tables() WHERE database_name = 'old' AND NOT internal ORDER BY ALL"
    return [name for (name,) in connection.execute(asked).fetchall() if name != "migrations"]


def _check_marks(connection: Connection, lake: str) -> bool:
    """See that nobody has landed in the file since it was folded, nor ever in the lake.

    Whether the lake is where the file is: as a move leaves it that was killed when all had arrived, if its rows are the
    same. Then nothing is copied, for they may be somebody else's.
    """
    here = connection.execute("SELECT landing FROM progress").fetchall()
    [(landing, folded)] = connection.execute("SELECT landing, folded FROM old.progress").fetchall()
    if landing != folded:
        raise WarehouseLocked("A lander has begun to work on the file. Stop it, and begin again.")
    if here not in ([(0,)], [(landing,)]):
        raise WarehouseError(
            f"{lake} is at landing {here[0][0]} and the file at {landing}: something else has landed there. Name "
            "another lake, or take away what is in this one."
        )
    return here != [(0,)]


def _copy(connection: Connection, table: str) -> None:
    columns = _fitting(connection, table)
    connection.execute(f'TRUNCATE "{table}"')  # what a move that was killed has left
    connection.execute(f'INSERT INTO "{table}" BY NAME SELECT {columns} FROM old."{table}"')  # noqa: S608 - our names


def _fitting(connection: Connection, table: str) -> str:
    """The columns of a table of the file as the lake has them: without NUL, which PostgreSQL does not know."""
    columns = connection.execute(f'DESCRIBE old."{table}"').fetchall()
    return ", ".join(
        f'replace("{name}", chr(0), \'\ufffd\') AS "{name}"'
        if type_ == "VARCHAR"
        else f'list_transform("{name}", lambda it: replace(it, chr(0), \'\ufffd\')) AS "{name}"'
        if type_ == "VARCHAR[]"
        else f'"{name}"'
        for name, type_, *_ in columns
    )


def _check_same(connection: Connection, table: str) -> int:
    """Hold a table against the file: as many rows, and together the same hash."""
    asked = "SELECT count(*), sum(hash(t)::HUGEINT) FROM (SELECT {columns} FROM {table}) t"
    names = ", ".join(f'"{name}"' for name, *_ in connection.execute(f'DESCRIBE old."{table}"').fetchall())
    [there] = connection.execute(
        asked.format(columns=_fitting(connection, table), table=f'old."{table}"')
    ).fetchall()
    [here] = connection.execute(asked.format(columns=names, table=f'"{table}"')).fetchall()
    if here != there:
        raise WarehouseError(
            f"{table} has {here[0]:,} rows in the lake and {there[0]:,} in the file, or not the same ones. The file is "
            "as it was. If the lake is somebody else's, name another one."
        )
    return int(there[0])
