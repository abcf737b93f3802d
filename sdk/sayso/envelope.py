"""Pure: how events travel: cut into requests, and put into an envelope of the wire."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sayso.plain import rfc3339
from sayso.ready import Ready


@dataclass(frozen=True, slots=True)
class Report:
    """What a client has lost so far, by reason."""

    client: str
    dropped: Mapping[str, int]


def envelope(part: Sequence[Ready], sent_at: datetime, report: Report | None) -> bytes:
    """Put events into one request of the wire."""
    head: dict[str, object] = {"sent_at": rfc3339(sent_at)}
    if report:
        head["report"] = {"client": report.client, "dropped": report.dropped}
    return b'%s,"events":[%s]}' % (json.dumps(head).encode()[:-1], b",".join(item.payload for item in part))


def parts(batch: Sequence[Ready], most: int) -> list[list[Ready]]:
    """Cut a batch into requests of at most so many bytes; one event is never cut."""
    cut: list[list[Ready]] = []
    room = 0
    for item in batch:
        room -= len(item.payload)
        if not cut or room < 0:
            cut.append([])
            room = most - len(item.payload)
        cut[-1].append(item)
    return cut
