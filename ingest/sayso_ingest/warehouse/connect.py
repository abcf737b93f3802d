"""Opening DuckDB files: the only place that knows the driver."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb

from sayso_ingest.errors import NotFound, SaysoError, SettingError, WarehouseError, WarehouseLocked
from sayso_ingest.warehouse.attached import Attached, quoted

Connection = duckdb.DuckDBPyConnection
DriverError = duckdb.Error
"""Whatever the driver raises."""
Interrupted = duckdb.InterruptException
"""What a question raises that was stopped by `interrupt`."""
OutOfMemory = duckdb.OutOfMemoryException
"""What a question raises that needs more than its memory."""
NotThere = (duckdb.CatalogException, duckdb.BinderException)
"""What a question raises that asks for a table, a column or a function that the file does not have."""

DataErrors = (
    duckdb.ConversionException,
    duckdb.InvalidInputException,
    duckdb.OutOfRangeException,
    duckdb.ConstraintException,
    duckdb.TypeMismatchException,
)
"""What a row that cannot be stored raises, as opposed to a disk or a file that fails."""

DRIVER_VERSION = duckdb.__version__
LOCKED = "Could not set lock on file"
"""What the driver's message says of a file that another process has open."""
ALIAS = "warehouse"
# Files in this version are read by every DuckDB from 1.4 on, and a stray WAL in it fails loudly.
STORAGE = "v1.4.0"
# A checkpoint rewrites the file that a publish may be copying: it happens when the lander says so, never by itself.
NO_CHECKPOINTS = "SET checkpoint_threshold = '1TB'"

# After two seconds the driver would draw a bar on standard output, into whatever a command writes there.
NO_BAR = "SET enable_progress_bar = false"

# A landing is too small to be shared between threads: a second one costs a third more and leaves less for collectors.
ONE_THREAD = "SET threads = 1"
# A fold looks for some hundred rows among millions: as a list of numbers, rather than a filter that lets others pass
# too, these tell DuckDB which row groups it need not read.
ROWS_AS_LIST = "SET dynamic_or_filter_threshold = 4000"
MEMORY = 10**9
"""Bytes that the driver may hold of a project's live file at most: ten million events are folded anew within it."""
_UNITS = {"bytes": 1, "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30, "TiB": 1 << 40}
SPILL = "spill"
"""The folder beside the live file for what does not fit into memory; DuckDB would take one in whatever folder it is."""


def in_memory() -> Connection:
    """Return a connection that is to have something attached; no second one to a path would see what is new there."""
    connection = duckdb.connect(":memory:")
    connection.execute(NO_BAR)
    return connection


def open_live(path: Path) -> Connection:
    """Open the live file for writing, made new where it is missing.

    Raises:
        WarehouseLocked: another process has it open.
        WarehouseError: it cannot be opened.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    connection = in_memory()
    try:
        connection.execute(NO_CHECKPOINTS)
        connection.execute(ONE_THREAD)
        connection.execute(ROWS_AS_LIST)
        connection.execute(f"SET temp_directory = {quoted(path.with_name(SPILL))}")
        bound_memory(connection)
        connection.execute(f"ATTACH {quoted(path)} AS {ALIAS} (STORAGE_VERSION '{STORAGE}')")
        connection.execute(f"USE {ALIAS}")
    except duckdb.Error as error:
        connection.close()
        if LOCKED in str(error):
            raise WarehouseLocked(
                f"{path} is open in another process. One lander at a time writes it: stop the other one."
            ) from error
        raise WarehouseError(
            f"{path} cannot be opened: {error}\nIf it is damaged, stop the service and move it away. Then put it back "
            "from a backup (sayso restore), or go on from what was last published, as the next start will say."
        ) from error
    return connection


def create(path: Path) -> Connection:
    """Make a new file of the same form as the published copy, and use it; closing the connection completes it."""
    connection = in_memory()
    try:
        bound_memory(connection)
        connection.execute(f"ATTACH {quoted(path)} AS {ALIAS} (STORAGE_VERSION '{STORAGE}')")
        connection.execute(f"USE {ALIAS}")
    except duckdb.Error:
        connection.close()
        raise
    return connection


def bound_memory(connection: Connection) -> None:
    """Let the driver hold no more than what works in the background may."""
    connection.execute(f"SET memory_limit = '{_spare(connection)} bytes'")


def spare_memory() -> int:
    """Bytes that what works in the background may hold: there are others on the box."""
    with duckdb.connect(":memory:") as connection:
        return _spare(connection)


def _spare(connection: Connection) -> int:
    """A quarter of the memory that DuckDB would have, and at most `MEMORY`."""
    return min(memory_of(connection) // 4, MEMORY)


def memory_of(connection: Connection) -> int:
    """Bytes that the driver may hold."""
    rows = connection.execute("SELECT current_setting('memory_limit')").fetchall()
    number, unit = str(rows[0][0]).split()
    return int(float(number) * _UNITS[unit])


def open_published(
    path: Path,
    *,
    memory: str | None = None,
    spill: Path | None = None,
    attached: Sequence[Attached] = (),
) -> Connection:
    """Open a published file for reading; SQL on the connection reaches it, what is `attached`, and nothing else.

    With `memory` ("2GB") a question that needs more fails, or puts it aside in the folder `spill`.

    Raises:
        NotFound: nothing has been published yet, or what is to be attached is not there.
        SettingError: the name of something attached is taken.
        WarehouseError: it, or what is attached, cannot be opened.
    """
    if not path.exists():
        raise NotFound(
            f"{path} is not there yet: nothing has been published. "
            "Is `sayso serve` (or `sayso land`) running on this folder?"
        )
    connection = in_memory()
    try:
        connection.execute(f"ATTACH {quoted(path)} AS {ALIAS} (READ_ONLY)")
        connection.execute(f"USE {ALIAS}")
    except duckdb.Error as error:
        connection.close()
        raise WarehouseError(f"{path} cannot be opened for reading: {error}") from error
    shut_off(connection, memory=memory, spill=spill, attached=attached)
    return connection


def shut_off(
    connection: Connection,
    *,
    memory: str | None,
    spill: Path | None,
    attached: Sequence[Attached],
    folders: Sequence[str] = (),
) -> None:
    """Let SQL on a connection reach what it has, what is `attached`, and no files but those in `folders`.

    Raises:
        NotFound, SettingError, WarehouseError: what is to be attached cannot be; the connection is closed.
    """
    try:
        _attach(connection, attached)
        if memory is not None:
            connection.execute(f"SET temp_directory = {quoted(spill or '')}")
            connection.execute(f"SET memory_limit = {quoted(memory)}")
        if folders:
            connection.execute(f"SET allowed_directories = [{', '.join(map(quoted, folders))}]")
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")
    except duckdb.Error as error:
        connection.close()
        raise WarehouseError(f"What is published cannot be shut off from other files: {error}") from error
    except SaysoError:
        connection.close()
        raise


def _attach(connection: Connection, attached: Sequence[Attached]) -> None:
    """Give a connection what was listed, for reading.

    Raises:
        NotFound: a file is not there.
        SettingError: a name is that of a table of the copy.
        WarehouseError: a file cannot be read.
    """
    allowed: list[str] = []
    for one in attached:
        files = one.files()
        try:
            if one.is_table:
                _check_free(connection, one)
                listed = ", ".join(map(quoted, files))
                reader = "read_csv" if one.where.endswith(".csv") else "read_parquet"
                # In `temp`, where it is found without a prefix; the copy itself is for reading.
                connection.execute(f'CREATE TEMP VIEW "{one.name}" AS FROM {reader}([{listed}])')
                allowed += files
            else:
                connection.execute(f'ATTACH {quoted(files[0])} AS "{one.name}" (TYPE duckdb, READ_ONLY)')
        except duckdb.Error as error:
            raise WarehouseError(f"{one.name} ({one.where}) cannot be opened for reading: {error}") from error
    if allowed:
        connection.execute(f"SET allowed_paths = [{', '.join(map(quoted, allowed))}]")


def _check_free(connection: Connection, one: Attached) -> None:
    taken = "SELECT 1 FROM information_schema.tables WHERE table_catalog = ? AND lower(table_name) = ?"
    if connection.execute(taken, [ALIAS, one.name]).fetchone():
        raise SettingError(
            f"SAYSO_ATTACH calls {one.where} {one.name}, which is a table or view of feedback. Choose another name."
        )


def is_question(connection: Connection, sql: str) -> bool:
    """Say whether every statement only reads."""
    kinds = {statement.type for statement in connection.extract_statements(sql)}
    return kinds <= {duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN}
