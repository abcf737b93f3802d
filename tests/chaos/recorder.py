"""A proxy between clients and the collector that is never killed: it writes down what every id was told."""

from __future__ import annotations

import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import requests
from processes import wait_until


class Recorder(ThreadingHTTPServer):
    """Forwards POST requests and remembers what the collector answered."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, collector: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.collector = collector
        self.accepted: set[str] = set()
        self.rejected: dict[str, str] = {}
        self.times_accepted = 0
        self.failures = 0
        self.in_flight = 0
        self.guard = threading.Lock()
        self.local = threading.local()
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        """Where clients send to."""
        return f"http://127.0.0.1:{self.server_port}"

    def session(self) -> requests.Session:
        """One connection to the collector for each thread."""
        if not hasattr(self.local, "session"):
            self.local.session = requests.Session()
        session: requests.Session = self.local.session
        return session

    def wait_for_more(self, count: int) -> None:
        """Wait until so many more events were accepted."""
        before = self.times_accepted
        wait_until(
            lambda: self.times_accepted > before + count, seconds=60, what=f"{count} more events accepted"
        )

    def close(self) -> None:
        """Stop listening."""
        self.shutdown()
        self.server_close()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that was killed is no news."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)

    def record(self, body: bytes) -> None:
        """Remember the ids that were accepted, and why others were refused."""
        results = json.loads(body)["results"]
        ids = [r["id"] for r in results if r["status"] == "accepted"]
        with self.guard:
            self.accepted.update(ids)
            self.times_accepted += len(ids)
            self.rejected.update({r["id"]: r["reason"] for r in results if r["status"] == "rejected"})


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Recorder

    def do_POST(self) -> None:
        size = int(self.headers["Content-Length"])
        body = self.rfile.read(size)
        if len(body) < size:  # the client was killed while it sent: nobody may take a part for the whole
            self.close_connection = True
            return
        headers = {
            k: v
            for k, v in self.headers.items()
            if k.lower() in ("authorization", "content-type", "content-encoding")
        }
        recorder = self.server
        with recorder.guard:
            recorder.in_flight += 1
        try:
            answer = recorder.session().post(
                recorder.collector + self.path, data=body, headers=headers, timeout=15
            )
        except requests.RequestException:
            with recorder.guard:
                recorder.failures += 1
            self.close_connection = True
            return  # the client sees a connection that breaks, as it would without us
        finally:
            with recorder.guard:
                recorder.in_flight -= 1
        if answer.status_code == 200:
            recorder.record(answer.content)
        self.send_response(answer.status_code)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer.content)))
        if "Retry-After" in answer.headers:
            self.send_header("Retry-After", answer.headers["Retry-After"])
        self.end_headers()
        self.wfile.write(answer.content)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""
