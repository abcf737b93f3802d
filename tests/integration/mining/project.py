"""A project filled with events through the real log, lander and warehouse."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from blank import open_warehouse
from sayso_ingest.eventlog import MemoryLog
from sayso_ingest.lander import Lander
from sayso_ingest.record import Submission, encode_json, pack
from sayso_ingest.warehouse import Published, Publisher

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
SUBJECTS = ("parcel is late", "invoice is wrong", "password was lost", "refund for shoes")


class Events:
    """Events in the order in which they happened, a second apart, with ids that are the same each time."""

    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []

    def add(self, kind: str, target: str, body: dict[str, Any], **fields: Any) -> str:
        number = len(self.sent)
        event_id = str(UUID(int=number + 1))
        moment = (NOW + timedelta(seconds=number)).isoformat().replace("+00:00", "Z")
        event = {"id": event_id, "kind": kind, "target": target, "occurred_at": moment, "verified": True}
        self.sent.append({**event, "body": body, **fields})
        return event_id

    def traffic(self, count: int) -> None:
        """Interactions t000, t001, ... on four subjects, each of a person of its own."""
        for number in range(count):
            body = {
                "input": f"my {SUBJECTS[number % 4]}, number {number}",
                "output": f"About {SUBJECTS[number % 4]}: we look into it, please wait two days.",
                "prompt": {"name": "reply", "version": "v1"},
                "tags": ["help"],
            }
            self.add("interaction", f"t{number:03}", body, actor=f"user {number}")


def publish(folder: Path, events: Sequence[dict[str, Any]]) -> Published:
    """Land the events, publish, and open the copy."""
    log = MemoryLog()
    submission = Submission(
        "key_1", "sk", "2026-03-01T12:00:00Z", events=[encode_json(event) for event in events]
    )
    assert all(log.writer().append(pack([submission]).records))
    warehouse = open_warehouse(folder)
    lander = Lander(log.reader(), warehouse, Publisher(warehouse, folder, interval=0), now=lambda: NOW)
    try:
        while lander.step():
            pass
        lander.publish_if_due(last=True)
    finally:
        lander.close()
    return Published.open(folder)
