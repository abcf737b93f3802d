"""The private port: whether a process is alive and ready, and its metrics. For machines that watch."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import AF_INET, AF_INET6
from typing import Any

from sayso_ingest.metrics.exposed import CONTENT_TYPE

log = logging.getLogger(__name__)

READ_WITHIN = 5.0
"""Seconds that a client has to send its request."""

Ready = Callable[[], Sequence[str]]
"""Says what is in the way; nothing, where it is ready."""


class PrivatePort:
    """A server in a thread of this process, which ends with it."""

    def __init__(self, host: str, port: int, *, ready: Ready, text: Callable[[], bytes]) -> None:
        class Handler(_Handler):
            routes = {  # noqa: RUF012 - of this class alone
                "/healthz": lambda: (200, "text/plain", b"ok\n"),
                "/readyz": lambda: _readiness(ready()),
                "/metrics": lambda: (200, CONTENT_TYPE, text()),
            }

        class Server(ThreadingHTTPServer):
            address_family = AF_INET6 if ":" in host else AF_INET
            daemon_threads = True

        self._server = Server((host, port), Handler)
        self.port: int = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, name="private-port", daemon=True).start()

    def close(self) -> None:
        """Answer nobody any more."""
        self._server.shutdown()
        self._server.server_close()


def _readiness(problems: Sequence[str]) -> tuple[int, str, bytes]:
    if not problems:
        return 200, "text/plain", b"ready\n"
    return 503, "text/plain", "".join(f"not ready: {problem}\n" for problem in problems).encode()


class _Handler(BaseHTTPRequestHandler):
    routes: dict[str, Callable[[], tuple[int, str, bytes]]]
    timeout = READ_WITHIN
    server_version = "sayso"
    sys_version = ""

    def do_GET(self) -> None:
        """Answer one of the three paths."""
        try:
            status, kind, body = self.routes.get(self.path.partition("?")[0], _unknown)()
        except Exception as error:
            log.error("the private port could not answer %s: %s", self.path[:50], error)
            status, kind, body = 500, "text/plain", b"It could not be found out, the log says why.\n"
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing of each request."""


def _unknown() -> tuple[int, str, bytes]:
    return 404, "text/plain", b"There are /healthz, /readyz and /metrics.\n"
