"""What stands between somebody and a lake: each part of it is asked by itself, and nothing is changed."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from typing import Any, Literal

from sayso_ingest.errors import MissingExtension, WarehouseError
from sayso_ingest.warehouse.attached import quoted
from sayso_ingest.warehouse.connect import Connection, DriverError
from sayso_ingest.warehouse.lake.address import Lake
from sayso_ingest.warehouse.lake.attach import open_catalog
from sayso_ingest.warehouse.lake.upkeep import STATEMENTS

Part = Literal["extension", "catalog", "rights", "data", "files"]
"""What is in the way: DuckDB's extensions, PostgreSQL, what its user may do, where the catalog says that the files are,
or the S3 server."""


@dataclass(frozen=True, slots=True)
class LakeReport:
    """What a lake is like, as far as it can be told."""

    lake: Lake
    part: Part | None = None
    """What is in the way, if anything is; `problem` says how."""
    problem: str = ""
    made: bool = True
    """There is a catalog."""
    writes: bool = True
    """The user may write the catalog, as a lander must."""
    waiting: int = 0
    """Commits that nobody reads any more, and that should have been removed."""


def look_at_lake(lake: Lake, *, overdue: float) -> LakeReport:
    """Ask PostgreSQL, then the S3 server; what came before `overdue` seconds and is not published should be gone."""
    try:
        connection = open_catalog(lake)
    except WarehouseError as error:
        return LakeReport(lake, "extension" if isinstance(error, MissingExtension) else "catalog", str(error))
    with closing(connection):
        try:
            return _looked(connection, lake, overdue)
        except DriverError as error:
            return LakeReport(lake, "rights", str(error))


def _looked(connection: Connection, lake: Lake, overdue: float) -> LakeReport:
    [(made, reads, writes)] = _ask(connection, "rights", schema=lake.schema)
    if not made:
        return LakeReport(lake, *_files(connection, lake), made=False)
    if not reads:
        return LakeReport(
            lake, "rights", f'PostgreSQL does not let {lake.user} read the schema "{lake.schema}".'
        )
    [(data, waiting)] = _ask(connection, "state_of_catalog", schema=lake.schema, overdue=f"{overdue:.0f}")
    if data != lake.files:
        return LakeReport(lake, "data", f"The catalog is of files below {data}, and not of {lake.files}.")
    return LakeReport(lake, *_files(connection, lake), writes=writes, waiting=waiting)


def _files(connection: Connection, lake: Lake) -> tuple[Part | None, str]:
    try:
        connection.execute(f"FROM glob({quoted(lake.files + '*')})").fetchall()
    except DriverError as error:
        return "files", str(error).split("\n\nLINE ")[0]
    return None, ""


def _ask(connection: Connection, name: str, **names: str) -> list[tuple[Any, ...]]:
    asked = quoted(STATEMENTS[name].format(**names))
    return connection.execute(f"SELECT * FROM postgres_query('catalog', {asked})").fetchall()  # noqa: S608 - quoted
