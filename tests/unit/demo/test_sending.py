"""What is handed to the SDK is what is repeated by plain HTTP: the same event."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sayso import Client
from sayso.testing import MemoryTransport
from sayso_ingest.demo.sending import hand_over
from sayso_ingest.demo.traffic.plan import plan
from sayso_ingest.demo.traffic.wire import wire_event


def comparable(event: Mapping[str, Any]) -> dict[str, Any]:
    """The event without what a second client would say differently; its time as a time."""
    kept = {name: value for name, value in event.items() if name not in ("seq", "source")}
    return {**kept, "occurred_at": datetime.fromisoformat(event["occurred_at"])}


def test_the_sdk_sends_what_the_plan_says_and_a_repeat_says_the_same() -> None:
    planned = plan(3, interactions=150, until=datetime(2025, 6, 1, tzinfo=UTC))
    memory = MemoryTransport()
    ids: dict[int, str] = {}
    with Client(transport=memory) as client:
        sent = [hand_over(client, action, ids) for action in planned.actions]
        assert client.flush()
        assert client.stats().dropped == {}
    assert [comparable(event) for event in memory.events] == [comparable(wire_event(one)) for one in sent]
