"""A real HTTP server in the place of an endpoint with a model: it embeds by letters, and misbehaves when told to."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answer = tuple[int, dict[str, str], bytes]
SILENT: Answer = (0, {}, b"")
BROKEN_OFF: Answer = (-1, {}, b"")


def vector(text: str) -> list[float]:
    """How often each of eight letters is in a text, and one more, so that it is never zero."""
    return [*(float(text.count(letter)) for letter in "aeioustr"), 0.5]


def embedded(asked: dict[str, Any]) -> dict[str, Any]:
    """What an endpoint answers, the last text first, as it may."""
    data = [{"index": place, "embedding": vector(text)} for place, text in enumerate(asked["input"])]
    return {"object": "list", "data": data[::-1], "model": asked["model"]}


def as_json(value: Any, status: int = 200, **headers: str) -> Answer:
    return (
        status,
        {name.replace("_", "-"): text for name, text in headers.items()},
        json.dumps(value).encode(),
    )


class ModelServer(ThreadingHTTPServer):
    """Gives the answers in `next` in turn, each once, and embeds after that."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.next: list[Answer | Callable[[dict[str, Any]], Answer]] = []
        self.asked: list[dict[str, Any]] = []
        self.keys: list[str | None] = []
        self.over = threading.Event()

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.server_address[1]}"

    @property
    def url(self) -> str:
        return f"http://{self.host}/v1"


class _Handler(BaseHTTPRequestHandler):
    server: ModelServer

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append(asked)
        self.server.keys.append(self.headers.get("Authorization"))
        wanted = self.server.next.pop(0) if self.server.next else as_json(embedded(asked))
        status, headers, body = wanted(asked) if callable(wanted) else wanted
        if self.path != "/v1/embeddings":
            status, headers, body = as_json({"error": "no such path"}, 404)
        if status == SILENT[0]:
            self.server.over.wait(30)
            return
        if status == BROKEN_OFF[0]:
            return
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        pass


@contextmanager
def serving() -> Iterator[ModelServer]:
    with ModelServer() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield server
        finally:
            server.over.set()
            server.shutdown()
            thread.join()
