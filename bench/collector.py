"""How many requests the collector answers, durably."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import threading
import time
import uuid
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

from processes import wait_until
from sayso_ingest.operate import claim_port
from service import Service

from bench.figure import Figure, paired

CLIENTS = 8
SECONDS = 3.0
HERE = Path(__file__).parent


def run(folder: Path) -> list[Figure]:
    service = Service(folder / "data")
    port = claim_port("127.0.0.1", 0, option="--port").port
    bare = subprocess.Popen(
        [sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(port), "--workers", "2",
         "--blocking-threads", "32", "--log-level", "error", "bench.bare:application"],
        cwd=HERE.parent,
    )  # fmt: skip
    wait_until(lambda: _listens(port), what="the bare server")
    figures = []
    for size in (1, 100):
        value, limit = paired(
            lambda size=size: _posts(service.url, service.secret, size),
            lambda size=size: _posts(f"http://127.0.0.1:{port}", "", size),
            rounds=3,
        )
        what = "posts of one event" if size == 1 else f"posts of {size} events"
        figures.append(
            Figure(what, value, limit, "posts/s", "the same server reads the body and answers 200")
        )
    bare.terminate()
    bare.wait()
    service.stop()
    return figures


def _posts(url: str, key: str, size: int) -> float:
    """Posts a second that several clients get answered, each on a connection of its own."""
    done = [0] * CLIENTS
    deadline = time.monotonic() + SECONDS

    def send(number: int) -> None:
        connection = HTTPConnection(urlsplit(url).netloc, timeout=30)
        while time.monotonic() < deadline:
            connection.request(
                "POST",
                "/v1/events",
                _body(size),
                {"Authorization": f"Bearer {key}", "Content-Type": "application/json"},
            )
            answer = connection.getresponse()
            answer.read()
            assert answer.status == 200, answer.status
            done[number] += 1

    threads = [threading.Thread(target=send, args=(number,)) for number in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(done) / SECONDS


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _body(size: int) -> bytes:
    events = [
        {
            "id": str(uuid.uuid4()),
            "kind": "thumb",
            "target": "msg_1",
            "actor": "u_12",
            "body": {"value": "up"},
        }
        for _ in range(size)
    ]
    return json.dumps({"events": events}).encode()
