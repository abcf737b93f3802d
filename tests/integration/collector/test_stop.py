"""What a stopped collector leaves behind."""

from __future__ import annotations

import re
import signal
import subprocess
from pathlib import Path

import requests
from processes import wait_until
from sayso_ingest.eventlog import open_reader
from sayso_ingest.keys import create_key
from sayso_ingest.record import unpack
from service import COMMAND, environment

THUMB = {
    "id": "019bc0de-0000-7000-8000-000000000001",
    "kind": "thumb",
    "target": "t",
    "body": {"value": "up"},
}


def test_a_worker_that_is_told_to_stop_closes_its_log(tmp_path: Path) -> None:
    """A closed SQLite file has no write-ahead log beside it, and holds all that was accepted."""
    secret, _ = create_key(tmp_path / "keys.json", kind="sk", project="default")
    said = tmp_path / "stderr"
    with said.open("w") as stderr:
        collector = subprocess.Popen(
            [*COMMAND, "collect", "--data", str(tmp_path), "--port", "0", "--workers", "1"],
            stderr=stderr,
            env=environment(),
        )
    try:
        wait_until(lambda: "http" in said.read_text() or collector.poll() is not None)
        url = re.findall(r"http://\S+", said.read_text())[0]
        wait_until(lambda: _accepts(url, secret))
        log = tmp_path / "default" / "log"
        assert list(log.glob("*-wal"))
        collector.send_signal(signal.SIGTERM)
        assert collector.wait(timeout=10) == 0
    finally:
        collector.kill()
        collector.wait()
    assert list(log.glob("*-wal")) == []
    reader = open_reader("sqlite", folder=log, project="default")
    parts = [part for entry in reader.read({}, max_bytes=1 << 20) for part in unpack(entry.payload)]
    assert {event["id"] for part in parts for event in part.events} == {THUMB["id"]}
    reader.close()


def _accepts(url: str, secret: str) -> bool:
    headers = {"Authorization": f"Bearer {secret}"}
    try:
        answer = requests.post(f"{url}/v1/events", json={"events": [THUMB]}, headers=headers, timeout=20)
    except requests.RequestException:
        return False
    return answer.status_code == 200
