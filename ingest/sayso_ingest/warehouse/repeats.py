"""Rejects that came before: a client whose answer was lost sends them again, and they are counted, not kept twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import pyarrow as pa

from sayso_ingest.warehouse.arrow import Row, columns_of, registered, to_arrow
from sayso_ingest.warehouse.connect import Connection
from sayso_ingest.warehouse.statements import STATEMENTS


def told_apart(
    connection: Connection, rejects: Sequence[Row], types: Mapping[str, pa.DataType]
) -> tuple[list[Row], list[Row]]:
    """Return the rejects that are new, and a count of the others for each key."""
    if not rejects:
        return [], []
    # The same one twice in a record has one id.
    each = list({row["reject_id"]: row for row in rejects}.values())
    with registered(connection, "rejects_batch", to_arrow(columns_of(each), types)):
        again = {reject_id for (reject_id,) in connection.execute(STATEMENTS["rejects_again"]).fetchall()}
    new = [row for row in each if row["reject_id"] not in again]
    repeats = Counter(row["key_id"] for row in rejects) - Counter(row["key_id"] for row in new)
    return new, [{"key_id": key, "hop": "lander", "reason": "repeat", "n": n} for key, n in repeats.items()]
