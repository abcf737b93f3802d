"""A site and a collector that stand in for real ones: loopback servers that record, and that can be told to fail."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

WIDGET = Path(__file__).resolve().parents[2] / "widgets" / "dist" / "sayso.js"

Answer = tuple[int, dict[str, str], Any]


def accept(request: dict[str, Any]) -> Answer:
    """Say of each event that it is durable."""
    return 200, {}, {"results": [{"id": event["id"], "status": "accepted"} for event in request["events"]]}


def refuse(status: int, **headers: str) -> Callable[[dict[str, Any]], Answer]:
    """Say something about the whole request."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda _request: (status, named, {"error": "busy", "message": "Try later."})


def reject(reason: str) -> Callable[[dict[str, Any]], Answer]:
    """Say of each event that it is refused."""
    return lambda request: (
        200,
        {},
        {
            "results": [
                {"id": event["id"], "status": "rejected", "reason": reason} for event in request["events"]
            ]
        },
    )


class _Server:
    """One HTTP server on a port of its own."""

    def __init__(self) -> None:
        handler = type("Handler", (_Handler,), {"owner": self})
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.server.daemon_threads = True
        self.origin = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def close(self) -> None:
        """Stop serving."""
        self.server.shutdown()
        self.server.server_close()

    def get(self, path: str) -> Answer | None:
        """What a GET is answered with."""
        raise NotImplementedError

    def post(self, path: str, body: bytes, headers: dict[str, str]) -> Answer | None:
        """What a POST is answered with; None ends the connection without an answer."""
        raise NotImplementedError


class _Handler(BaseHTTPRequestHandler):
    owner: _Server
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._send(self.owner.get(self.path))

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self._send(self.owner.post(self.path, body, dict(self.headers)))

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def _send(self, answer: Answer | None) -> None:
        self.close_connection = answer is None
        if answer is None:
            return
        status, headers, content = answer
        body = content.encode() if isinstance(content, str) else json.dumps(content).encode()
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


class Site(_Server):
    """Serves one page, under a policy as strict as they come."""

    def __init__(self, collector: str, script: str = "") -> None:
        super().__init__()
        self.html = ""
        self.cache = "no-store"
        self.policy = (
            f"default-src 'none'; script-src {collector}; connect-src {collector}; style-src 'self'; "
            "require-trusted-types-for 'script'; trusted-types 'none'"
        )
        self.script = script or f'<script src="{collector}/sayso.js" data-key="pk_test" defer></script>'

    def get(self, path: str) -> Answer | None:
        """The page on every path, in front of its script."""
        if path == "/favicon.ico":
            return 204, {}, ""
        page = f"<!doctype html><html lang=en><title>Help</title>{self.script}<main>{self.html}</main></html>"
        headers = {"Content-Type": "text/html; charset=utf-8", "Cache-Control": self.cache}
        return 200, {**headers, "Content-Security-Policy": self.policy}, page


class Collector(_Server):
    """Serves the widget and records what it is sent."""

    def __init__(self) -> None:
        super().__init__()
        self.requests: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.answer: Callable[[dict[str, Any]], Answer] = accept
        self.down = False
        self.cors = True
        self.open = threading.Event()
        self.open.set()

    @property
    def events(self) -> list[dict[str, Any]]:
        """Every event of every request, repeats included."""
        return [event for request in self.requests for event in request["events"]]

    def of_kind(self, kind: str) -> list[dict[str, Any]]:
        """Every event of a kind, once."""
        return list({event["id"]: event for event in self.events if event["kind"] == kind}.values())

    @property
    def thumbs(self) -> list[tuple[str, Any, Any]]:
        """Target, value and previous value of every thumb, once, in the order that they were given in."""
        thumbs = sorted(self.of_kind("thumb"), key=lambda thumb: (thumb["occurred_at"], thumb["seq"]))
        return [(thumb["target"], thumb["body"]["value"], thumb["body"].get("previous")) for thumb in thumbs]

    def get(self, path: str) -> Answer | None:
        """The widget."""
        if path != "/sayso.js":
            return 404, {}, ""
        return 200, {"Content-Type": "text/javascript; charset=utf-8"}, WIDGET.read_text("utf-8")

    def post(self, path: str, body: bytes, headers: dict[str, str]) -> Answer | None:
        """Record a request, unless down; answer when open."""
        if self.down:
            return None
        request = json.loads(body)
        self.requests.append({"path": path, **request})
        self.headers.append(headers)
        self.open.wait(10)
        status, more, content = self.answer(request)
        cors = {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": "Retry-After"}
        if not self.cors:
            cors = {}
        return status, {**cors, **more}, content
