"""Pure: entries of the log -> what one landing writes. The first copy of an id holds."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sayso_ingest.event import JSON, Event, Reason, Rejection, is_uuid
from sayso_ingest.eventlog.base import Entry
from sayso_ingest.lander.rows import Envelope, event_row
from sayso_ingest.record import NotARecord, Part, encode_json, unpack
from sayso_ingest.warehouse import Batch, Row

MALFORMED = (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError)
"""What flattening raises for an event that no collector of ours accepts."""


@dataclass(slots=True)
class Read:
    """What was read from the log, flattened, repeats still in it."""

    events: list[Row] = field(default_factory=list)
    rejects: list[Row] = field(default_factory=list)
    counts: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    totals: dict[tuple[str, str, str], int] = field(default_factory=dict)
    """What clients dropped in all, as far as they have said, by key, client and reason."""
    positions: dict[str, int] = field(default_factory=dict)


def read_entries(entries: Iterable[Entry]) -> Read:
    """Flatten every event of every record; what is not a record is kept as a reject.

    Raises:
        LogError: a record was written by a newer version.
    """
    read = Read()
    for entry in entries:
        read.positions[entry.source] = entry.offset + 1
        try:
            parts = unpack(entry.payload)
        except NotARecord as error:
            rejection = Rejection.of(entry.payload, Reason.UNSTORABLE, detail=str(error))
            read.rejects.append(_rejection_row(rejection, "", "", None, f"{entry.source}:{entry.offset}"))
            continue
        ordinal = 0
        for part in parts:
            envelope = Envelope.of(part)
            for event in part.events:
                _read_event(read, event, envelope, entry, ordinal)
                ordinal += 1
            for rejection in part.rejects:
                read.rejects.append(_reject_row(rejection, envelope, entry, ordinal))
                ordinal += 1
            _read_report(read, part)
    return read


def without_repeats(read: Read, stored: Mapping[UUID, int]) -> Batch:
    """Keep the first copy of each id; count repeats, and keep as rejects those that say something else."""
    hashes = dict(stored)
    events: list[Row] = []
    rejects = list(read.rejects)
    counts = Counter(read.counts)
    for row in read.events:
        event_id = UUID(row["event_id"])
        if event_id not in hashes:
            hashes[event_id] = row["content_hash"]
            events.append(row)
        elif hashes[event_id] == row["content_hash"]:
            counts[row["key_id"], "lander", "repeat"] += 1
        else:
            rejects.append(
                refuse(row, Reason.ID_REUSED, "This id stands for another event already; send a new id.")
            )
    return Batch(
        events=events,
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


def refuse(row: Row, reason: Reason, message: str) -> Row:
    """Turn a row that cannot land into a reject that keeps what it held."""
    kept = {name: value for name, value in row.items() if value is not None}
    rejection = Rejection.of(
        json.dumps(kept, default=str, ensure_ascii=False).encode(),
        reason,
        detail=message,
        event_id=row["event_id"],
        kind=row["kind"],
    )
    identity = f"{row['log_source']}:{row['log_offset']}:{row['event_id']}:{row['content_hash']}"
    return _rejection_row(rejection, row["key_id"], row["key_kind"], row["received_at"], identity)


def _read_event(read: Read, event: Event, envelope: Envelope, entry: Entry, ordinal: int) -> None:
    try:
        row = event_row(event, envelope)
        UUID(row["event_id"])
    except MALFORMED as error:
        rejection = Rejection.of(
            _readable(event),
            Reason.UNSTORABLE,
            detail=f"It cannot be made a row: {error!r}",
        )
        read.rejects.append(_reject_row(rejection, envelope, entry, ordinal))
        return
    row["log_source"], row["log_offset"] = entry.source, entry.offset
    read.events.append(row)


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
    dropped, client = report.get("dropped"), report.get("client")
    if not isinstance(dropped, Mapping):
        return
    for name, n in dropped.items():
        if not isinstance(n, int) or isinstance(n, bool) or not 0 < n < 2**31:
            continue
        reason = str(name)[:100]
        if is_uuid(client):
            total = (part.key_id, client.lower(), reason)
            read.totals[total] = max(n, read.totals.get(total, 0))
        else:
            read.counts[part.key_id, "client", reason] += n


def _reject_row(rejection: Rejection, envelope: Envelope, entry: Entry, ordinal: int) -> Row:
    identity = f"{entry.source}:{entry.offset}:{ordinal}"
    return _rejection_row(rejection, envelope.key_id, envelope.key_kind, envelope.received_at, identity)


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
