"""Which event ids have landed: a filter in memory says which are certainly new, a search in the file decides the rest.

Searching 10 million ids takes 100 ms and more; ids that were made within minutes of each other lie together in the
file (UUID version 7 begins with the time), and to search for those alone takes a tenth of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import compress

import pyarrow as pa

from sayso_ingest.warehouse.arrow import registered
from sayso_ingest.warehouse.bloom import Hashes, IdFilter
from sayso_ingest.warehouse.connect import Connection

CHUNK = 1 << 17
"""Ids that go into the filter at a time when it is made."""
TOGETHER = 10
"""Ids whose first 8 digits differ by no more than this were made within about 11 minutes of each other."""
MOST_SPANS = 8
"""Ids of more different times than this are searched for in one go: eight small searches cost as much."""


class StoredIds:
    """The ids in the table `events`, and those that were erased from it."""

    def __init__(self, connection: Connection, statements: Mapping[str, str]) -> None:
        self._connection = connection
        self._statements = statements
        ((count,),) = connection.execute(statements["ids_count"]).fetchall()
        self._filter = IdFilter(count)
        for chunk in connection.sql(statements["ids_hashed"]).to_arrow_reader(CHUNK):
            self._filter.add(chunk.column(0).to_numpy())

    def find(self, ids: Sequence[str]) -> dict[str, int | None]:
        """Say which of them are stored, with the hash of what each said; None of those that were erased."""
        perhaps = compress(ids, self._filter.perhaps(self._hashes(ids)).tolist())
        found: dict[str, int | None] = {}
        for span in spans(sorted(perhaps)):
            with registered(self._connection, "id_batch", _table(span)):
                rows = self._connection.execute(
                    self._statements["ids_stored"], {"first": span[0], "last": span[-1]}
                ).fetchall()
            found.update(rows)
        return found

    def add(self, ids: Sequence[str]) -> None:
        """Take ids in that are about to be committed. If they are not after all, they are searched for in vain."""
        self._filter.add(self._hashes(ids))

    def _hashes(self, ids: Sequence[str]) -> Hashes:
        # DuckDB's own hash, since it alone can hash all ids of the file within a second.
        with registered(self._connection, "id_batch", _table(ids)):
            hashes: Hashes = self._connection.execute(self._statements["ids_to_hash"]).fetchnumpy()["h"]
        return hashes


def spans(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    """Cut sorted ids where the time they were made at jumps; leave them together where that gives too many pieces."""
    times = [int(each[:8], 16) for each in ids]
    cuts = [n for n in range(1, len(ids)) if times[n] - times[n - 1] > TOGETHER]
    if len(cuts) >= MOST_SPANS:
        cuts = []
    for begin, end in zip([0, *cuts], [*cuts, len(ids)], strict=True):
        if begin < end:
            yield ids[begin:end]


def _table(ids: Sequence[str]) -> pa.Table:
    return pa.table({"event_id": pa.array(ids, pa.string())})
