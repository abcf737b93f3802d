"""What one call of the SDK costs the application that makes it."""

from __future__ import annotations

import json
from collections import deque
from pathlib import Path

from sayso import Client
from sayso.testing import MemoryTransport

from bench.figure import Figure, paired, seconds

CALLS = 5_000


def run(folder: Path) -> list[Figure]:  # noqa: ARG001 - every bench is given a folder
    with Client(transport=MemoryTransport()) as client:

        def ours() -> float:
            took = seconds(
                lambda: [
                    client.thumb("msg_1", value="down", actor="u_12", meta={"page": "/help"})
                    for _ in range(CALLS)
                ]
            )
            client.flush(30)
            return took / CALLS * 1e6

        def raw() -> float:
            event = {
                "id": "0190d3c8-0000-7000-8000-000000000001",
                "kind": "thumb",
                "target": "msg_1",
                "actor": "u_12",
                "occurred_at": "2026-01-15T10:00:00.000Z",
                "seq": 1,
                "body": {"value": "down"},
                "meta": {"page": "/help"},
            }
            queue: deque[bytes] = deque()
            return (
                seconds(lambda: [queue.append(json.dumps(event).encode()) for _ in range(CALLS)])
                / CALLS
                * 1e6
            )

        value, limit = paired(ours, raw)
    return [
        Figure(
            "one thumb() in the caller",
            value,
            limit,
            "µs",
            "json.dumps of the event and an append to a deque",
        )
    ]
