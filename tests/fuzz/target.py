"""A real service under attack: what it answers, and what it holds of memory, files and threads meanwhile."""

from __future__ import annotations

import contextlib
import socket
import struct
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from service import Service

PATIENCE = 15.0
"""Seconds after which a server that says nothing is stuck: its own deadline for headers is ten."""
WAITS_FOR_MORE = 0.1
"""Seconds after which a server that says nothing is taken to wait for the rest of a body."""
AT_ONCE = struct.pack("ii", 1, 0)
"""SO_LINGER: a connection is gone when it is closed, so that 100,000 of them do not use up the ports."""


@dataclass(frozen=True)
class Answer:
    """What came back; status 0 where the connection was closed without a word."""

    status: int
    text: bytes


@dataclass(frozen=True)
class Held:
    """What the processes of the collector hold together."""

    mb: float
    files: int
    threads: int


class Target:
    """The collector of a running service."""

    def __init__(self, service: Service) -> None:
        self._service = service
        split = urlsplit(service.url)
        self.address = (split.hostname or "", split.port or 0)

    def connect(self) -> socket.socket:
        connection = socket.create_connection(self.address, timeout=PATIENCE)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE)
        return connection

    def tell(self, sent: bytes) -> Answer:
        """Send bytes; where nothing comes back, end the sending, and return what comes then.

        Raises:
            TimeoutError: nothing came at all, and the connection stayed open.
        """
        with self.connect() as connection:
            with contextlib.suppress(OSError):  # it may refuse, and be gone, before it has read all
                connection.sendall(sent)
            connection.settimeout(WAITS_FOR_MORE)
            try:
                return read(connection)
            except TimeoutError:
                connection.settimeout(PATIENCE)
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_WR)
                return read(connection)

    def held(self) -> Held:
        """Add up what its processes hold now."""
        pids = [self._service.room("collect"), *self._service.workers()]
        return Held(
            sum(_pss(pid) for pid in pids) / 1024,
            sum(_entries(pid, "fd") for pid in pids),
            sum(_entries(pid, "task") for pid in pids),
        )


def read(connection: socket.socket) -> Answer:
    """Read the head of an answer and what comes with it."""
    text = b""
    try:
        while b"\r\n\r\n" not in text and len(text) < 65_536:
            part = connection.recv(65_536)
            if not part:
                break
            text += part
    except ConnectionError:
        pass
    words = text.split(b" ", 2)
    return Answer(int(words[1]) if len(words) > 1 and words[1].isdigit() else 0, text)


def _entries(pid: int, kind: str) -> int:
    return sum(1 for _ in Path(f"/proc/{pid}/{kind}").iterdir())


def _pss(pid: int) -> int:
    """Kilobytes, shared ones by halves."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
