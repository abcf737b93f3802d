"""Looking after a lake: what landings leave behind, small files and rows in the catalog, becomes few large files.

A reader holds to the snapshot that it attached, and to its files, for as long as it reads. So nothing goes that was
replaced a short while ago, and never what readers attach now. DuckLake's `cleanup_all`, and its removal of orphans,
spare neither readers nor a landing under way: they are not used here.
"""

from __future__ import annotations

from importlib.resources import files

from sayso_ingest.warehouse.connect import Connection
from sayso_ingest.warehouse.definition import read_statements

WORTH_IT = 0.5
"""The share of a file's rows that are replaced or removed at which it is written anew."""
MANY = 20
"""Files of a table with rows replaced or removed, from which on all of these are written anew: as long as they are not
they cannot be merged with others, and who asks a lake asks each of its files."""
STATEMENTS = read_statements(files("sayso_ingest.warehouse.lake") / "statements.sql")


def flush(connection: Connection) -> None:
    """Write rows that the catalog keeps into files."""
    connection.execute(STATEMENTS["flush"]).fetchall()


def write_anew(connection: Connection) -> None:
    """Write anew each file of which any row was removed."""
    flush(connection)
    connection.execute(STATEMENTS["rewrite"], {"share": 0.0}).fetchall()


def look_after(connection: Connection, *, keep: float, remove: bool) -> None:
    """Merge small files and, if it is to, remove what has been replaced for `keep` seconds."""
    flush(connection)
    connection.execute(STATEMENTS["rewrite"], {"share": WORTH_IT}).fetchall()
    for (table,) in connection.execute(STATEMENTS["tables"]).fetchall():
        touched = connection.execute(STATEMENTS["touched_files"], {"table": table}).fetchall()
        if touched >= [(MANY,)]:
            connection.execute(STATEMENTS["rewrite_table"], {"table": table}).fetchall()
    connection.execute(STATEMENTS["merge"]).fetchall()
    if not remove:
        return
    old = [n for (n,) in connection.execute(STATEMENTS["old_snapshots"], {"keep": keep}).fetchall()]
    if old:
        connection.execute(STATEMENTS["expire"], {"versions": old}).fetchall()
    connection.execute(STATEMENTS["clean_up"], {"keep": keep}).fetchall()
