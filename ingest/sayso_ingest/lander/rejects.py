"""Pure: what cannot land as an event -> the row that keeps it, with its reason."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sayso_ingest.event import JSON, Event, Kind, Reason, Rejection, is_uuid
from sayso_ingest.eventlog.base import Entry
from sayso_ingest.lander.rows import Head
from sayso_ingest.record import encode_json
from sayso_ingest.warehouse import Row


def reject_row(rejection: Rejection, head: Head, ordinal: int) -> Row:
    """The row for what the collector refused, by its place in its record."""
    identity = f"{head.source}:{head.offset}:{ordinal}"
    return _rejection_row(rejection, head.key_id, head.key_kind, head.received_at, identity)


def malformed(event: Event, head: Head, ordinal: int, message: str) -> Row:
    """The reject for an event that cannot be made a row; it is kept as far as it can be written."""
    said = event if isinstance(event, Mapping) else {}
    event_id, kind = said.get("id"), said.get("kind")
    rejection = Rejection.of(
        _readable(event),
        Reason.UNSTORABLE,
        detail=message,
        event_id=event_id.lower() if is_uuid(event_id) else None,
        kind=str(kind) if kind in list(Kind) else None,
    )
    return reject_row(rejection, head, ordinal)


def not_a_record(entry: Entry, message: str) -> Row:
    """The reject for an entry that somebody else wrote into the log."""
    rejection = Rejection.of(entry.payload, Reason.UNSTORABLE, detail=message)
    return _rejection_row(rejection, "", "", None, f"{entry.source}:{entry.offset}")


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


def _readable(event: JSON) -> bytes:
    try:
        return json.dumps(event).encode()
    except (ValueError, RecursionError):
        return b""


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
