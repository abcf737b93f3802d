"""Pure: entries of the log -> what one landing writes. The first copy of an id holds."""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any
from uuid import UUID

from sayso_ingest.event import JSON, Event, Reason, Rejection, is_uuid
from sayso_ingest.eventlog.base import Entry
from sayso_ingest.lander.fields import FIELDS
from sayso_ingest.lander.rows import Head, columns
from sayso_ingest.record import NotARecord, Part, counts_of, encode_json, unpack
from sayso_ingest.warehouse import Batch, Columns, Row

MALFORMED = (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError)
"""What flattening raises for an event that no collector of ours accepts."""


Arrival = tuple[Event, Head, int, int]
"""An event as it was read: what it came in, its number in its record and in all that was read with it."""


@dataclass(frozen=True, slots=True)
class Table:
    """Flattened events of one kind, with the number of each among all that were read."""

    columns: Columns
    numbers: Sequence[int]

    @property
    def ids(self) -> Sequence[str]:
        """The event id of each row."""
        return self.columns["event_id"]


@dataclass(slots=True)
class Read:
    """What was read from the log, flattened, repeats still in it."""

    tables: list[Table] = field(default_factory=list)
    rejects: list[Row] = field(default_factory=list)
    counts: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    totals: dict[tuple[str, str, str], int] = field(default_factory=dict)
    """What clients dropped in all, as far as they have said, by key, client and reason."""
    positions: dict[str, int] = field(default_factory=dict)

    @property
    def ids(self) -> list[str]:
        """The event id of every row."""
        return list(chain.from_iterable(table.ids for table in self.tables))


def read_entries(entries: Iterable[Entry]) -> Read:
    """Flatten every event of every record; what is not a record is kept as a reject.

    Raises:
        LogError: a record was written by a newer version.
    """
    read = Read()
    kinds: dict[str, list[Arrival]] = {kind: [] for kind in FIELDS}
    number = 0
    for entry in entries:
        read.positions[entry.source] = entry.offset + 1
        ordinal = 0
        for part in _parts(read, entry):
            head = Head.of(part, source=entry.source, offset=entry.offset)
            for event in part.events:
                arrival = (event, head, ordinal, number)
                try:
                    kinds[event["kind"]].append(arrival)
                except MALFORMED:
                    read.rejects.append(_malformed_row(arrival, "It is no event of a known kind."))
                ordinal += 1
                number += 1
            for rejection in part.rejects:
                read.rejects.append(_reject_row(rejection, head, ordinal))
                ordinal += 1
            _read_report(read, part)
    for kind, arrivals in kinds.items():
        if arrivals:
            _flatten(read, kind, arrivals)
    return read


def without_repeats(read: Read, stored: Mapping[str, int]) -> Batch:
    """Keep the first copy of each id; count repeats, and keep as rejects those that say something else.

    `stored` has the ids that landed before, with the hash of what each said.
    """
    rejects, counts = list(read.rejects), Counter(read.counts)
    dropped: dict[int, set[int]] = defaultdict(set)
    hashes = dict(stored)
    for _, t, row in _suspects(read, stored):
        table = read.tables[t]
        event_id, content_hash = table.ids[row], table.columns["content_hash"][row]
        if event_id not in hashes:
            hashes[event_id] = content_hash
            continue
        dropped[t].add(row)
        if hashes[event_id] == content_hash:
            counts[table.columns["key_id"][row], "lander", "repeat"] += 1
        else:
            message = "This id stands for another event already; send a new id."
            rejects.append(refuse(row_of(table.columns, row), Reason.ID_REUSED, message))
    return Batch(
        events=[_without(table.columns, dropped[t]) for t, table in enumerate(read.tables)],
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


def row_of(table: Columns, n: int) -> dict[str, Any]:
    """Row number n, with every column that has a value in it."""
    return {name: values[n] for name, values in table.items() if values[n] is not None}


def refuse(row: Row, reason: Reason, message: str) -> Row:
    """Turn a row that cannot land into a reject that keeps what it held."""
    rejection = Rejection.of(
        json.dumps(row, default=str, ensure_ascii=False).encode(),
        reason,
        detail=message,
        event_id=row["event_id"],
        kind=row["kind"],
    )
    identity = f"{row['log_source']}:{row['log_offset']}:{row['event_id']}:{row['content_hash']}"
    return _rejection_row(rejection, row["key_id"], row["key_kind"], row["received_at"], identity)


def _parts(read: Read, entry: Entry) -> Sequence[Part]:
    try:
        return unpack(entry.payload)
    except NotARecord as error:
        rejection = Rejection.of(entry.payload, Reason.UNSTORABLE, detail=str(error))
        read.rejects.append(_rejection_row(rejection, "", "", None, f"{entry.source}:{entry.offset}"))
        return ()


def _flatten(read: Read, kind: str, arrivals: Sequence[Arrival]) -> None:
    """Make a table of them; where one of them is malformed, find it by halving."""
    events, heads, _, numbers = zip(*arrivals, strict=True)
    try:
        made = columns(kind, events, heads)
    except MALFORMED as error:
        if len(arrivals) == 1:
            read.rejects.append(_malformed_row(arrivals[0], f"It cannot be made a row: {error!r}"))
            return
        half = len(arrivals) // 2
        _flatten(read, kind, arrivals[:half])
        _flatten(read, kind, arrivals[half:])
    else:
        read.tables.append(Table(made, numbers))


def _suspects(read: Read, stored: Mapping[str, int]) -> list[tuple[int, int, int]]:
    """The rows whose id is stored or occurs more than once, in the order of the log: number, table, row."""
    suspects = {event_id for event_id, n in Counter(read.ids).items() if n > 1} | stored.keys()
    if not suspects:
        return []
    return sorted(
        (table.numbers[row], t, row)
        for t, table in enumerate(read.tables)
        for row, event_id in enumerate(table.ids)
        if event_id in suspects
    )


def _without(table: Columns, dropped: set[int]) -> Columns:
    if not dropped:
        return table
    kept = [n for n in range(len(table["event_id"])) if n not in dropped]
    return {name: [values[n] for n in kept] for name, values in table.items()}


def _malformed_row(arrival: Arrival, message: str) -> Row:
    event, head, ordinal, _ = arrival
    return _reject_row(Rejection.of(_readable(event), Reason.UNSTORABLE, detail=message), head, ordinal)


def _readable(event: JSON) -> bytes:
    try:
        return json.dumps(event).encode()
    except (ValueError, RecursionError):
        return b""


def _read_report(read: Read, part: Part) -> None:
    """Count what a client says it dropped, as far as its report can be read.

    A client that names itself sends its totals so far: the highest counts, however often and in whatever order
    they come. One that does not sends what came on top since its last report.
    """
    report = part.report or {}
    client = report.get("client")
    for reason, n in counts_of(report.get("dropped")):
        if is_uuid(client):
            total = (part.key_id, client.lower(), reason)
            read.totals[total] = max(n, read.totals.get(total, 0))
        else:
            read.counts[part.key_id, "client", reason] += n
    # Written by the collector: it never lets a client's pass.
    for reason, n in counts_of(report.get("turned_away")):
        read.counts[part.key_id, "collector", reason] += n


def _reject_row(rejection: Rejection, head: Head, ordinal: int) -> Row:
    identity = f"{head.source}:{head.offset}:{ordinal}"
    return _rejection_row(rejection, head.key_id, head.key_kind, head.received_at, identity)


def _rejection_row(rejection: Rejection, key_id: str, key_kind: str, received_at: Any, identity: str) -> Row:
    return {
        # Made from the position, so that the same reject has the same id however often it is read.
        "reject_id": str(UUID(bytes=hashlib.sha256(identity.encode()).digest()[:16])),
        "received_at": received_at,
        "key_id": key_id,
        "key_kind": key_kind,
        "reason": str(rejection.reason),
        "detail": encode_json(rejection.detail).decode(),
        "event_id": rejection.event_id,
        "kind": rejection.kind,
        "raw": rejection.raw,
        "length": rejection.length,
        "sha256": rejection.sha256,
    }
