"""Bringing a live file up to date: numbered migrations, applied once, and views, made anew when they changed."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence, Set
from importlib.resources import files

from sayso_ingest.errors import WarehouseNewer
from sayso_ingest.warehouse.connect import ALIAS, Connection
from sayso_ingest.warehouse.definition import Definition, read_definitions

_ROOM = files("sayso_ingest.warehouse")
_MACROS = _ROOM / "macros.sql"
"""Macros that need no table: scripts may use them."""
_TABLES = _ROOM / "tables.sql"
_VIEWS = "SELECT view_name FROM duckdb_views() WHERE NOT internal AND database_name = ?"


def known_migrations() -> frozenset[str]:
    """Return the names of the scripts that this version has."""
    return frozenset(f.name for f in (_ROOM / "migrations").iterdir() if f.name.endswith(".sql"))


def applied_migrations(connection: Connection) -> frozenset[str]:
    """Return the names of the scripts that what a connection uses has seen."""
    return frozenset(name for name in _done(connection) if name.endswith(".sql"))


def check_not_newer(connection: Connection, what: str) -> None:
    """Refuse what this version may misunderstand.

    Raises:
        WarehouseNewer: a script was applied that this version does not have.
    """
    unknown = applied_migrations(connection) - known_migrations()
    if unknown:
        raise WarehouseNewer(what, sorted(unknown))


def migrate(connection: Connection, *, in_lake: bool = False, upto: Set[str] | None = None) -> bool:
    """Apply the numbered scripts that the file, or the lake, has not seen, each in a transaction; say if any.

    With `upto`, none but these: what an older version wrote is copied as it is, and brought up to date later.

    Raises:
        WarehouseNewer: it has seen one that this version does not have.
    """
    connection.execute("CREATE TABLE IF NOT EXISTS migrations (name VARCHAR, applied_at TIMESTAMP)")
    check_not_newer(connection, "The warehouse")
    done = _done(connection)
    waiting = sorted((known_migrations() if upto is None else upto) - done)
    if waiting:
        connection.execute(_MACROS.read_text(encoding="utf-8"))
    for name in waiting:
        connection.execute("BEGIN")
        connection.execute((_ROOM / "migrations" / name).read_text(encoding="utf-8"))
        connection.execute("INSERT INTO migrations VALUES (?, now()::TIMESTAMP)", [name])
        connection.execute("COMMIT")
        _checkpoint(connection, in_lake)
    return bool(waiting)


def _done(connection: Connection) -> set[str]:
    return {name for (name,) in connection.execute("SELECT name FROM migrations").fetchall()}


def define(connection: Connection, views: Sequence[Definition], *, in_lake: bool = False) -> None:
    """Make the macros, the views of this room and those handed in, unless the file, or the lake, has exactly these."""
    macros = [file.read_text(encoding="utf-8") for file in (_MACROS, _TABLES)]
    own = read_definitions(_ROOM / "views")
    statements = [
        *macros,
        *(statement for view in [*own, *views] for statement in view.statements(columns=not in_lake)),
    ]
    digest = hashlib.sha256("\0".join(statements).encode()).hexdigest()
    if connection.execute("SELECT 1 FROM migrations WHERE name = ?", [f"views {digest}"]).fetchall():
        return
    connection.execute("BEGIN")
    for (old,) in connection.execute(_VIEWS, [ALIAS]).fetchall():
        connection.execute(f'DROP VIEW "{old}"')  # also those that this version does not have any more
    for statement in statements:
        connection.execute(statement)
    connection.execute("DELETE FROM migrations WHERE name LIKE 'views %'")
    connection.execute("INSERT INTO migrations VALUES (?, now()::TIMESTAMP)", [f"views {digest}"])
    connection.execute("COMMIT")
    _checkpoint(connection, in_lake)


def _checkpoint(connection: Connection, in_lake: bool) -> None:
    # A WAL that holds changes of the schema is the part of recovery with the longest record of bugs. A lake has none;
    # there the same statement would take away files that readers are reading.
    if not in_lake:
        connection.execute(f"CHECKPOINT {ALIAS}")
