"""Taking away at once all that a lake keeps of what was replaced: old commits, their files, what PostgreSQL has.

Upkeep does this after a while, for readers may hold to an older commit; after an erasure there is none to hold to.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

from sayso_ingest.warehouse.attached import quoted
from sayso_ingest.warehouse.connect import Connection, DriverError
from sayso_ingest.warehouse.lake.address import Lake
from sayso_ingest.warehouse.lake.attach import open_catalog
from sayso_ingest.warehouse.lake.upkeep import STATEMENTS


def purge(connection: Connection, lake: Lake) -> Iterator[str]:
    """Leave nothing that comes before what is published, and name what cannot be reached from here."""
    old = [n for (n,) in connection.execute(STATEMENTS["replaced_snapshots"]).fetchall()]
    if old:
        connection.execute(STATEMENTS["expire"], {"versions": old}).fetchall()
    connection.execute(STATEMENTS["remove_replaced"]).fetchall()
    connection.execute(STATEMENTS["remove_orphans"]).fetchall()
    [(orphans,)] = connection.execute(STATEMENTS["orphans"]).fetchall()
    if orphans:
        yield (
            f"{orphans:,} files below {lake.files} that nothing leads to, and that a landing which was broken off has "
            "left less than an hour ago: run this again in an hour, and they go"
        )
    # Of its own, for the lake's holds on to tables of the catalog.
    with closing(open_catalog(lake, to_write=True)) as catalog:
        yield from _empty_free_space(catalog, lake)
    yield from _out_of_reach(lake)


def _empty_free_space(catalog: Connection, lake: Lake) -> Iterator[str]:
    """Have PostgreSQL write tables anew that hold bounds of columns, or rows: these are what people said."""
    asked = quoted(STATEMENTS["catalog_tables"].format(schema=lake.schema))
    for (table,) in catalog.execute(f"FROM postgres_query('catalog', {asked})").fetchall():
        vacuum = quoted(STATEMENTS["vacuum"].format(table=table))
        try:
            catalog.execute(
                f"CALL postgres_execute('catalog', {vacuum}, use_transaction => false)"
            ).fetchall()
        except DriverError:
            yield (
                f"free space of {table} in PostgreSQL's {lake.database}, which somebody else is reading: "
                f"VACUUM (FULL, ANALYZE) {table}"
            )


def _out_of_reach(lake: Lake) -> Iterator[str]:
    yield (
        f"PostgreSQL at {lake.host}:{lake.port}: its write-ahead log, with archive, replicas and backups of that, has "
        "rows and bounds of columns until it is recycled, some checkpoints from now, and so has free space of its own "
        f"pg_statistic in {lake.database} until that is used again"
    )
    if lake.on_s3:
        yield f"earlier versions of objects below {lake.files}, if the bucket keeps versions: remove them there"
