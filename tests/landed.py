"""Projects with what tests put into them: through the log and the lander, with no collector in front."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from blank import open_warehouse
from sayso_ingest.analysis import catalog
from sayso_ingest.event import Rejection
from sayso_ingest.eventlog import open_reader, open_writer
from sayso_ingest.lander import Lander
from sayso_ingest.places import log_folder
from sayso_ingest.record import Submission, encode_json, pack
from sayso_ingest.warehouse import Publisher

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def event(kind: str = "thumb", **fields: Any) -> dict[str, Any]:
    """One event as a collector passes it on; a thumb up of target t unless told otherwise."""
    body = {"value": "up"} if kind == "thumb" else {}
    base = {"id": str(uuid4()), "kind": kind, "target": "t", "actor": "a", "body": body, "verified": True}
    return base | fields


def thumb(value: str | None = "up", **fields: Any) -> dict[str, Any]:
    """A thumb of ann about m1 unless told otherwise; None takes it back."""
    return event(**{"target": "m1", "actor": "ann", "body": {"value": value}, **fields})


def append(
    folder: Path,
    *events: Mapping[str, Any],
    rejects: Sequence[Rejection] = (),
    dropped: Mapping[str, int] | None = None,
    received_at: datetime = NOW,
    sent_at: datetime | None = None,
    key_id: str = "key_1",
    key_kind: str = "sk",
    log: str = "sqlite",
) -> None:
    """Append one request to the log of a project."""
    submission = Submission(
        key_id=key_id,
        key_kind=key_kind,
        received_at=received_at.isoformat(),
        sent_at=sent_at.isoformat() if sent_at else None,
        report={"dropped": dropped} if dropped else None,
        events=[encode_json(event) for event in events],
        rejects=rejects,
    )
    writer = open_writer(log, folder=log_folder(folder), project=folder.name)
    assert all(writer.append(pack([submission]).records))
    writer.close()


def land(folder: Path, *, now: datetime = NOW, log: str = "sqlite") -> None:
    """Land what waits in the log of a project, and publish it."""
    warehouse = open_warehouse(folder, views=catalog())
    reader = open_reader(log, folder=log_folder(folder), project=folder.name, make=True)
    lander = Lander(reader, warehouse, Publisher(warehouse, folder), now=lambda: now)
    while lander.step():
        pass
    lander.close()
