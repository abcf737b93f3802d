"""What a kill without warning (`kill -9`) costs: how long nothing is accepted, and nothing new is landed."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from uuid import uuid4

import requests
from processes import wait_until
from service import Landed

IN_A_ROW = 10
"""Posts, each on a connection of its own, that are accepted one after the other: then it is so again."""


@dataclass(frozen=True)
class Recovery:
    """Seconds from a kill on."""

    accepted: float
    """Until posts are accepted again."""
    landed: float
    """Until an event that was said after it has landed."""


def recover(url: str, secret: str, landed: Landed, kill: Callable[[], object]) -> Recovery:
    """Kill something while all is well, and wait until it is so again."""
    await_landing(url, secret, landed)
    began = time.time()
    kill()
    accepted, landed_at = await_landing(url, secret, landed)
    return Recovery(accepted - began, landed_at - began)


def await_landing(url: str, secret: str, landed: Landed) -> tuple[float, float]:
    """Say something; return when it was accepted, and when it landed."""
    event_id, accepted = _first_of_a_row(url, secret)
    # Nobody but the lander may look into the live file: when it was is read from a later copy.
    wait_until(lambda: landed.landed(event_id), what="an event published")
    ((landed_at,),) = landed.query("SELECT epoch(landed_at) FROM events WHERE event_id = ?", [event_id])
    return accepted, landed_at


def _first_of_a_row(url: str, secret: str) -> tuple[str, float]:
    """The first of so many that are accepted in a row, and when it was."""
    first, at, accepted = "", 0.0, 0
    until = time.time() + 60
    while accepted < IN_A_ROW:
        assert time.time() < until, "nothing was accepted for a minute"
        event_id = str(uuid4())
        accepted = accepted + 1 if _accepts(url, secret, event_id) else 0
        if accepted == 1:
            first, at = event_id, time.time()
        if not accepted:
            time.sleep(0.01)
    return first, at


def _accepts(url: str, secret: str, event_id: str) -> bool:
    event = {"id": event_id, "kind": "thumb", "target": "t", "actor": "a", "body": {"value": "up"}}
    headers = {"Authorization": f"Bearer {secret}"}
    try:
        answer = requests.post(f"{url}/v1/events", json={"events": [event]}, headers=headers, timeout=15)
    except requests.RequestException:
        return False
    return answer.status_code == 200 and answer.json()["results"][0]["status"] == "accepted"
