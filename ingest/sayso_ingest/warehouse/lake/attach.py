"""Attaching a lake, for the lander to write and for everybody else to read what was last published."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from sayso_ingest.errors import MissingExtension, NotFound, WarehouseAway
from sayso_ingest.warehouse.attached import Attached, quoted
from sayso_ingest.warehouse.connect import (
    ALIAS,
    DRIVER_VERSION,
    ONE_THREAD,
    Connection,
    DriverError,
    bound_memory,
    in_memory,
    shut_off,
)
from sayso_ingest.warehouse.lake.address import Lake
from sayso_ingest.warehouse.lake.upkeep import STATEMENTS

EXTENSIONS = ("ducklake", "postgres_scanner", "httpfs")
ANSWER_WITHIN = 10
"""Seconds that PostgreSQL may take to let somebody in."""
LOCKED_FOR = 30
"""Seconds that a table of the catalog may be kept from who wants it."""
COPIED = "lake"
"""What a lake is called beside the file that it is copied into."""
KEPT_IN_CATALOG = 100
"""Rows that are kept in the catalog, rather than in a file of their own, until the lake is looked after."""


def open_for_writing(lake: Lake) -> Connection:
    """Open a lake for its lander, made new where it is missing.

    Raises:
        WarehouseAway: it cannot be opened.
    """
    connection = _prepared(lake)
    try:
        bound_memory(connection)
        connection.execute(ONE_THREAD)
        _attach(connection, lake)
    except DriverError as error:
        connection.close()
        raise _unreachable(lake, error) from error
    return connection


def open_for_reading(
    lake: Lake, *, memory: str | None = None, spill: Path | None = None, attached: Sequence[Attached] = ()
) -> Connection:
    """Open what was last published in a lake; SQL on the connection reaches it, what is `attached`, and no other file.

    Raises:
        NotFound: nothing has been published yet, or what is to be attached is not there.
        SettingError: the name of something attached is taken.
        WarehouseError: it, or what is attached, cannot be opened.
    """
    snapshot = published_snapshot(lake)
    if snapshot is None:
        raise NotFound(
            f"Nothing has been published in {lake} yet. Is `sayso serve` (or `sayso land`) running with the same "
            "settings?"
        )
    connection = open_at(lake, snapshot)
    shut_off(connection, memory=memory, spill=spill, attached=attached, folders=[lake.files])
    return connection


def open_at(lake: Lake, snapshot: int, *, beside: Connection | None = None) -> Connection:
    """Open what a lake was at a snapshot, for reading; or attach it, as `COPIED`, `beside` what a connection has.

    Raises:
        WarehouseError: it cannot be opened; the connection is closed.
    """
    connection = _prepared(lake, beside)
    at = f", READ_ONLY, SNAPSHOT_VERSION {snapshot}"
    try:
        if beside is None:
            _attach(connection, lake, at)
        else:
            connection.execute(_attaching(lake, COPIED, at))
    except DriverError as error:
        connection.close()
        raise _unreachable(lake, error) from error
    return connection


def published_snapshot(lake: Lake) -> int | None:
    """Return the snapshot that was last published; None where nothing was, or there is no lake yet.

    Raises:
        WarehouseAway: the catalog cannot be read.
    """
    return _snapshot(lake, "published_snapshot")


def newest_snapshot(lake: Lake) -> int | None:
    """Return the last snapshot, published or not; None where there is no lake yet.

    Raises:
        WarehouseError: the catalog cannot be read.
    """
    return _snapshot(lake, "newest_snapshot")


def _snapshot(lake: Lake, which: str) -> int | None:
    asked = _catalog(lake)
    try:
        snapshot = asked.snapshot(which)
    except DriverError:
        # PostgreSQL may have been started anew since it was asked last.
        _catalog.cache_clear()
        try:
            snapshot = _catalog(lake).snapshot(which)
        except DriverError as error:
            raise _unreachable(lake, error) from error
    return snapshot


class _Catalog:
    """The catalog's own tables, for reading."""

    def __init__(self, connection: Connection, lake: Lake) -> None:
        self._connection = connection
        self._schema = lake.schema

    def snapshot(self, which: str) -> int | None:
        """The snapshot that a statement says."""
        if self._ask(f"SELECT to_regclass('\"{self._schema}\".ducklake_snapshot_changes')::text") == [
            (None,)
        ]:
            return None
        ((snapshot,),) = self._ask(STATEMENTS[which].format(schema=self._schema))
        return None if snapshot is None else int(snapshot)

    def _ask(self, sql: str) -> list[tuple[Any, ...]]:
        asked = f"SELECT * FROM postgres_query('catalog', {quoted(sql)})"  # noqa: S608 - quoted
        with closing(self._connection.cursor()) as cursor:  # several threads may ask
            return cursor.execute(asked).fetchall()


@lru_cache(maxsize=4)
def _catalog(lake: Lake) -> _Catalog:
    """A catalog, kept open: what is published is asked for at every page of the console, and to open it takes long."""
    return _Catalog(open_catalog(lake), lake)


def open_catalog(lake: Lake, *, to_write: bool = False) -> Connection:
    """Open PostgreSQL itself, as `catalog`, for reading; `to_write` waits for what others read, but not for ever.

    Raises:
        WarehouseAway: it cannot be opened.
    """
    connection = _prepared(lake)
    reached, how = _reached(lake), ", READ_ONLY"
    if to_write:
        reached, how = f"{reached} options='-c lock_timeout={LOCKED_FOR}s'", ""
    try:
        connection.execute(f"ATTACH {quoted(reached)} AS catalog (TYPE postgres, SECRET lake_catalog{how})")
    except DriverError as error:
        connection.close()
        raise _unreachable(lake, error) from error
    return connection


def _attach(connection: Connection, lake: Lake, more: str = "") -> None:
    connection.execute(_attaching(lake, ALIAS, more))
    connection.execute(f"USE {ALIAS}")


def _attaching(lake: Lake, alias: str, more: str) -> str:
    return (
        f"ATTACH {quoted('ducklake:postgres:' + _reached(lake))} AS {alias} (DATA_PATH {quoted(lake.files)}, "
        f"METADATA_SCHEMA {quoted(lake.schema)}, META_SECRET 'lake_catalog', "
        f"DATA_INLINING_ROW_LIMIT {KEPT_IN_CATALOG}{more})"
    )


def _reached(lake: Lake) -> str:
    """How PostgreSQL is spoken to; who to, is in the secret, since everybody may see this text."""
    authority = f"sslrootcert={_in_libpq(lake.ca)} " if lake.ca else ""
    return f"sslmode={lake.sslmode} {authority}connect_timeout={ANSWER_WITHIN}"


def _in_libpq(value: str) -> str:
    """As a value in a list of libpq's parameters; https://www.postgresql.org/docs/current/libpq-connect.html."""
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _prepared(lake: Lake, connection: Connection | None = None) -> Connection:
    """A connection that has what DuckDB needs to know of lakes, and the secrets that open this one."""
    connection = connection or in_memory()
    try:
        connection.execute("SET autoinstall_known_extensions = false")
        for extension in EXTENSIONS:
            _load(connection, extension)
        connection.execute(
            f"CREATE SECRET lake_catalog (TYPE postgres, HOST {quoted(lake.host)}, PORT {lake.port}, "
            f"DATABASE {quoted(lake.database)}, USER {quoted(lake.user)}, PASSWORD {quoted(lake.password)})"
        )
        if lake.on_s3:
            # One of the two ways in which DuckDB speaks HTTP does not ask who answers, unless it is told to.
            connection.execute("SET enable_server_cert_verification = true")
            if lake.ca:
                connection.execute(f"SET ca_cert_file = {quoted(lake.ca)}")
            # Without it the files would be looked for at Amazon's.
            endpoint = f"ENDPOINT {quoted(lake.endpoint)}, URL_STYLE 'path', " if lake.endpoint else ""
            connection.execute(
                f"CREATE SECRET lake_files (TYPE s3, KEY_ID {quoted(lake.key_id)}, SECRET {quoted(lake.secret)}, "
                f"REGION {quoted(lake.region)}, {endpoint}USE_SSL {str(lake.tls).lower()})"
            )
    except DriverError as error:
        connection.close()
        raise _unreachable(lake, error) from error
    return connection


def _load(connection: Connection, extension: str) -> None:
    """Load an extension of DuckDB: from its package where that is installed, else from DuckDB's own repository."""
    package = find_spec(f"duckdb_extension_{extension}")
    for folder in (package and package.submodule_search_locations) or ():
        file = Path(folder) / "extensions" / f"v{DRIVER_VERSION}" / f"{extension}.duckdb_extension"
        if file.is_file():
            connection.execute(f"LOAD {quoted(file)}")
            return
    try:
        connection.execute(f"INSTALL {extension}")
        connection.execute(f"LOAD {extension}")
    except DriverError as error:
        raise MissingExtension(
            f"DuckDB {DRIVER_VERSION} has no {extension} here, which lakes need: {error}\n"
            "Install it with: pip install 'sayso[ingest,lake]'"
        ) from error


def _unreachable(lake: Lake, error: Exception) -> WarehouseAway:
    return WarehouseAway(
        f"{lake} cannot be opened: {error}\nIs PostgreSQL there, and the S3 server? The settings that name them begin "
        "with SAYSO_LAKE_."
    )
