"""Requests at a steady pace, whatever the answers do: a request's time counts from when it should have gone out.

    python -m bench.load.paced URL KEY RATE SECONDS CONNECTIONS

One thread and `select`: at some thousand requests a second an event loop would cost as much as the server.
"""

from __future__ import annotations

import json
import select
import socket
import subprocess
import sys
import time
import uuid
from collections import deque
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from bench.figure import quantile
from bench.run import ROOT

GIVE_UP = 20.0
"""Seconds after the last request in which its answer must have come."""

EVENT = (
    '{"sent_at":"2026-01-15T10:00:00.100Z","events":[{"id":"%s","kind":"thumb","target":"msg_%d","actor":"u_12",'
    '"session":"s_1","occurred_at":"2026-01-15T10:00:00.000Z","seq":%d,"body":{"value":"down"},"meta":{"page":"/help"},'
    '"source":{"sdk":"sayso-python/0.1.0"}}]}'
)


@dataclass(frozen=True)
class Paced:
    """What a steady pace met; times in milliseconds."""

    sent: int
    refused: int
    p50: float
    p99: float
    worst: float


def steady(url: str, key: str, *, rate: float, seconds: float, connections: int = 64) -> Paced:
    """Send single events at `rate` a second from a process of its own."""
    return finish(start(url, key, rate=rate, seconds=seconds, connections=connections))


def start(url: str, key: str, *, rate: float, seconds: float, connections: int = 64) -> subprocess.Popen[str]:
    """Begin to send; `finish` waits for the end."""
    words = [url, key, str(rate), str(seconds), str(connections)]
    command = [sys.executable, "-m", "bench.load.paced", *words]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def finish(process: subprocess.Popen[str]) -> Paced:
    """Wait for the end of what was begun."""
    output, _ = process.communicate()
    assert process.returncode == 0, "the paced load failed"
    return Paced(**json.loads(output))


class Pace:
    """The connections, which requests are due, and what came back."""

    def __init__(self, url: str, key: str, connections: int) -> None:
        address = urlsplit(url)
        self._head = (
            f"POST /v1/events HTTP/1.1\r\nHost: {address.netloc}\r\nAuthorization: Bearer {key}\r\n"
            "Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
        )
        target = (address.hostname or "", address.port or 80)
        self._idle = deque(socket.create_connection(target, timeout=10) for _ in range(connections))
        self._busy: dict[socket.socket, float] = {}
        self.took: list[float] = []
        self.refused = 0

    def run(self, rate: float, seconds: float) -> None:
        """Send all, and wait for the answers."""
        total, sent, began = int(rate * seconds), 0, time.perf_counter()
        while sent < total or self._busy:
            now = time.perf_counter()
            while sent < total and self._idle and began + sent / rate <= now:
                self._send(sent, due=began + sent / rate)
                sent += 1
            if now - began > seconds + GIVE_UP:
                self.refused += total - len(self.took) - self.refused
                return
            until = (
                max(0.0, began + sent / rate - time.perf_counter()) if self._idle and sent < total else 1.0
            )
            for connection in select.select(list(self._busy), [], [], until)[0]:
                self._receive(connection)

    def _send(self, number: int, *, due: float) -> None:
        connection = self._idle.popleft()
        body = EVENT % (uuid.uuid4(), number, number)
        connection.sendall((self._head % (len(body), body)).encode())
        self._busy[connection] = due

    def _receive(self, connection: socket.socket) -> None:
        answer = connection.recv(65536)
        while not _whole(answer):
            more = connection.recv(65536)
            assert more, "the server closed a connection"
            answer += more
        if answer.startswith(b"HTTP/1.1 200") and b'"retry"' not in answer and b'"rejected"' not in answer:
            self.took.append(time.perf_counter() - self._busy[connection])
        else:
            self.refused += 1
        del self._busy[connection]
        self._idle.append(connection)


def _whole(answer: bytes) -> bool:
    head, found, body = answer.partition(b"\r\n\r\n")
    if not found:
        return False
    lengths = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
    return len(body) >= int(lengths[0].partition(b":")[2])


def main() -> None:
    url, key, rate, seconds, connections = sys.argv[1:]
    pace = Pace(url, key, int(connections))
    pace.run(float(rate), float(seconds))
    milliseconds = [took * 1000 for took in pace.took] or [float("inf")]
    found: dict[str, Any] = {"sent": len(pace.took), "refused": pace.refused, "worst": max(milliseconds)}
    print(json.dumps(found | {"p50": quantile(milliseconds, 0.5), "p99": quantile(milliseconds, 0.99)}))


if __name__ == "__main__":
    main()
