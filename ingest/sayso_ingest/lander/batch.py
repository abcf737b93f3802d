"""Pure: what was read -> what one landing writes. The first copy of an id holds."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import NamedTuple

from sayso_ingest.event import Reason
from sayso_ingest.lander.read import Read
from sayso_ingest.lander.rejects import refuse
from sayso_ingest.warehouse import Batch, Rows


class Place(NamedTuple):
    """Where a row is, in the order of the log."""

    number: int
    """That of its event, among all that were read."""
    table: int
    row: int


def without_repeats(read: Read, stored: Mapping[str, int | None]) -> Batch:
    """Keep the first copy of each id; count repeats, and keep as rejects those that say something else.

    `stored` has the ids that landed before, with the hash of what each said; None of one that was erased, which is not
    to land again, nor to be kept as a reject.
    """
    rejects, counts = list(read.rejects), Counter(read.counts)
    dropped: dict[int, set[int]] = defaultdict(set)
    hashes = dict(stored)
    for _, place, n in _suspects(read, stored):
        rows = read.tables[place].rows
        event_id, content_hash = rows.ids[n], rows.hashes[n]
        if event_id not in hashes:
            hashes[event_id] = content_hash
            continue
        dropped[place].add(n)
        if hashes[event_id] is None:
            counts[rows.value("key_id", n), "lander", "erased"] += 1
        elif hashes[event_id] == content_hash:
            counts[rows.value("key_id", n), "lander", "repeat"] += 1
        else:
            message = "This id stands for another event already; send a new id."
            rejects.append(refuse(rows.row(n), Reason.ID_REUSED, message))
    return Batch(
        events=[_without(table.rows, dropped[t]) for t, table in enumerate(read.tables)],
        rejects=rejects,
        counts=[
            {"key_id": k, "hop": hop, "reason": reason, "n": n} for (k, hop, reason), n in counts.items()
        ],
        client_losses=[
            {"key_id": k, "client": client, "reason": reason, "n": n}
            for (k, client, reason), n in read.totals.items()
        ],
        positions=read.positions,
    )


def _suspects(read: Read, stored: Mapping[str, int | None]) -> list[Place]:
    """The rows whose id is stored or occurs more than once, in the order of the log."""
    suspects = {event_id for event_id, n in Counter(read.ids).items() if n > 1} | stored.keys()
    if not suspects:
        return []
    return sorted(
        Place(table.numbers[row], t, row)
        for t, table in enumerate(read.tables)
        for row, event_id in enumerate(table.rows.ids)
        if event_id in suspects
    )


def _without(rows: Rows, dropped: set[int]) -> Rows:
    return rows.chosen([n for n in range(len(rows)) if n not in dropped]) if dropped else rows
