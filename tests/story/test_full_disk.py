"""An operator whose disk is full: nothing accepted is lost, the service stays, and goes on by itself."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
import requests
from processes import wait_until
from service import Service

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="mounting a small file system needs root")


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 12 MB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", str(folder)], check=True)
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def test_a_full_disk_is_survived(disk: Path, tmp_path: Path) -> None:
    """Sent until it is full and on, looked at, enlarged: every accepted event is landed, once."""
    service = Service(disk / "data", output=tmp_path)
    accepted: set[str] = set()
    refused = 0
    headers = {"Authorization": f"Bearer {service.secret}"}
    deadline = time.monotonic() + 60
    while refused < 20 and time.monotonic() < deadline:
        events = [
            {"id": str(uuid4()), "kind": "comment", "target": "m", "body": {"text": os.urandom(4000).hex()}}
            for _ in range(20)
        ]
        answer = requests.post(
            f"{service.url}/v1/events", json={"events": events}, headers=headers, timeout=30
        )
        if answer.status_code == 200:
            accepted |= {r["id"] for r in answer.json()["results"] if r["status"] == "accepted"}
        else:
            assert answer.status_code == 503
            assert "Retry-After" in answer.headers
            refused += 1
    assert refused == 20
    time.sleep(8)  # long enough for what cannot work to have been given up, if it were
    assert service.process.poll() is None, service.err
    assert requests.get(f"{service.url}/healthz", timeout=5).status_code == 200

    subprocess.run(["mount", "-o", "remount,size=200m", str(disk)], check=True)
    wait_until(lambda: landed(service) == accepted, seconds=90, what="everything accepted landed")
    assert service.query("SELECT count(*) - count(DISTINCT event_id) FROM events") == [(0,)]
    assert service.send(service.secret)
    assert "Traceback" not in service.err
    assert service.stop() == 0


def landed(service: Service) -> set[str]:
    return {str(event_id) for (event_id,) in service.query("SELECT event_id FROM events")}
