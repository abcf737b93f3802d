"""From a token that the application signs to `verified` in DuckDB, through `sayso serve` as it is run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import requests
from processes import wait_until
from sayso import Client
from service import Service, run


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    service = Service(tmp_path / "data")
    yield service
    service.stop()


def post(service: Service, key: str, **more: Any) -> str:
    """Send a thumb as a page does; return what it was told."""
    event = {"id": str(uuid4()), "kind": "thumb", "target": "msg_1", "body": {"value": "up"}, **more}
    answer = requests.post(
        f"{service.url}/v1/events",
        json={"key": key, "events": [event]},
        headers={"Origin": "http://localhost:3000"},
        timeout=10,
    )
    [result] = answer.json()["results"]
    return str(result.get("reason", result["status"]))


def test_signed_feedback_is_verified_in_duckdb_and_what_is_forged_is_refused_and_not_replayed(
    service: Service,
) -> None:
    with Client(service.url, service.secret) as client:
        token, other = client.token("msg_1", "u_12"), client.token("msg_2", "u_12")
        made = run(
            *("keys", "create", "--kind", "pk", "--origin", "loopback", "--signed-only"),
            *("--data", service.data),
        )
    signed_only = made.stdout.strip()
    assert post(service, service.publishable, anonymous="a_1") == "accepted"
    assert post(service, service.publishable, token=token, anonymous="a_2") == "accepted"
    assert post(service, service.publishable, token=other) == "bad_token"
    assert post(service, signed_only, anonymous="a_3") == "unsigned"
    wait_until(lambda: len(service.query("FROM rejects")) == 2, seconds=60)
    assert service.query("SELECT who, verified FROM verdicts ORDER BY who") == [
        ("actor:u_12", True),
        ("anonymous:a_1", False),
    ]
    assert service.query("SELECT count(*) FROM events WHERE events::VARCHAR LIKE '%eyJ%'") == [(0,)]
    replayed = run("rejects", "replay", "--all", "--data", service.data, "--url", service.url)
    assert replayed.returncode == 1
    assert "without a good token" in replayed.stderr
