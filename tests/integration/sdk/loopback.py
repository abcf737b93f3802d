"""A small real HTTP server that answers as a collector does, or as a test tells it to."""

from __future__ import annotations

import contextlib
import gzip
import json
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, BinaryIO


@dataclass(frozen=True)
class Answer:
    """What one request gets instead of the usual."""

    status: int = 200
    body: bytes | None = None
    """None: the usual results, which also means that the events are stored."""
    headers: tuple[tuple[str, str], ...] = ()
    stores: bool = False
    silent: bool = False
    """Close the connection without an answer."""
    hold: bool = False
    """Wait until the test lets go."""
    drips: bytes = b""
    """Begin with these bytes, then send one every few milliseconds until the client goes away."""
    about: str = ""
    """Only for a request with this target in it."""


@dataclass(frozen=True)
class Request:
    """What came in."""

    path: str
    headers: dict[str, str]
    envelope: dict[str, Any]
    peer: tuple[str, int] = ("", 0)
    """The other end of the connection."""


class Loopback:
    """The server and what it has seen."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.stored: list[dict[str, Any]] = []
        """Every event that was stored, also a second time."""
        self.planned: list[Answer] = []
        self.otherwise = Answer()
        self.let_go = threading.Event()
        self._changed = threading.Condition()
        self._connections: list[socket.socket] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    @property
    def ids(self) -> list[str]:
        """Ids of what was stored, in order."""
        return [event["id"] for event in self.stored]

    @property
    def targets(self) -> list[str]:
        """Targets of what was stored, sorted."""
        return sorted(event["target"] for event in self.stored)

    def wait_for(self, condition: Callable[[], object], timeout: float = 10.0) -> None:
        """Wait until a request has made something true."""
        with self._changed:
            assert self._changed.wait_for(condition, timeout), "it did not come to pass"

    @contextlib.contextmanager
    def running(self) -> Iterator[Loopback]:
        """Serve until the test is done."""
        thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True
        )
        thread.start()
        try:
            yield self
        finally:
            self.let_go.set()
            self._server.shutdown()
            self._server.server_close()
            thread.join()

    def take(self, request: Request) -> tuple[Answer, bytes]:
        """Take one request and say what it gets."""
        events = request.envelope["events"]
        with self._changed:
            answer = self._answer_for({event.get("target") for event in events})
            self.requests.append(request)
            usual = answer.status == 200 and answer.body is None
            if answer.stores or (usual and not answer.silent):
                self.stored.extend(events)
            self._changed.notify_all()
        results = [{"id": event["id"], "status": "accepted"} for event in events]
        return answer, json.dumps({"results": results}).encode() if usual else answer.body or b""

    def drip(self, stream: BinaryIO, start: bytes) -> None:
        """Send one byte after the other to a client that still listens; nothing, without a start."""
        with contextlib.suppress(OSError):
            stream.write(start)
            while start and not self.let_go.wait(0.005):
                stream.write(b"x")

    def hang_up(self) -> None:
        """Close every connection."""
        with self._changed:
            connections, self._connections = self._connections, []
        for connection in connections:
            with contextlib.suppress(OSError):  # it may be closed already
                connection.shutdown(socket.SHUT_RDWR)

    def _answer_for(self, targets: set[str]) -> Answer:
        for place, answer in enumerate(self.planned):
            if not answer.about or answer.about in targets:
                return self.planned.pop(place)
        return self.otherwise

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle(self) -> None:
                server._connections.append(self.connection)
                with contextlib.suppress(OSError):  # the client may be gone at any time
                    super().handle()

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if self.headers["Content-Encoding"] == "gzip":
                    body = gzip.decompress(body)
                request = Request(
                    self.path, dict(self.headers.items()), json.loads(body), self.client_address
                )
                answer, content = server.take(request)
                if answer.hold:
                    server.let_go.wait()
                if answer.silent or answer.drips:
                    self.close_connection = True
                    server.drip(self.wfile, answer.drips)
                    return
                with contextlib.suppress(OSError):  # the client may be gone
                    self.send_response(answer.status)
                    for name, value in answer.headers:
                        self.send_header(name, value)
                    self.send_header("Content-Length", str(len(content)))
                    self.end_headers()
                    self.wfile.write(content)

            def log_message(self, format: str, *args: object) -> None:
                pass

        return Handler
