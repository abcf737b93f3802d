"""A real HTTP server in the place of an endpoint with a model: it keeps to a rule, and misbehaves when told to."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from serving import answering

Asked = dict[str, Any]
Answer = tuple[int, dict[str, str], bytes | Iterable[bytes]]
"""A status, headers and a body; of one in parts the headers say how long it is."""
Rule = Callable[[Asked], Answer]
SILENT: Answer = (0, {}, b"")
BROKEN_OFF: Answer = (-1, {}, b"")


def as_json(value: Any, status: int = 200, **headers: str) -> Answer:
    named = {"Content-Type": "application/json"} | {
        name.replace("_", "-"): text for name, text in headers.items()
    }
    return status, named, json.dumps(value).encode()


def slow(rule: Rule, seconds: float, over: threading.Event) -> Rule:
    """The rule, which takes so long to answer."""

    def answer(asked: Asked) -> Answer:
        over.wait(seconds)
        return rule(asked)

    return answer


def dripping(answer: Answer, over: threading.Event, *, every: float = 0.02) -> Rule:
    """The answer, a byte at a time."""
    status, headers, body = answer
    assert isinstance(body, bytes)

    def drops() -> Iterator[bytes]:
        for place in range(len(body)):
            yield body[place : place + 1]
            over.wait(every)

    return lambda _: (status, headers | {"Content-Length": str(len(body))}, drops())


def cut_off(answer: Answer) -> Answer:
    """The answer, which says that it is longer than it is."""
    status, headers, body = answer
    assert isinstance(body, bytes)
    return status, headers | {"Content-Length": str(len(body) + 9), "Connection": "close"}, [body]


class ModelServer(ThreadingHTTPServer):
    """Gives the answers in `next` in turn, each once, and answers by `rule` after that."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, rule: Rule, *, path: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.rule = rule
        self.path = path
        self.next: list[Answer | Rule] = []
        self.asked: list[Asked] = []
        self.keys: list[str | None] = []
        self.clients: set[tuple[str, int]] = set()
        self.at_once = 0
        self.most_at_once = 0
        self.over = threading.Event()
        self.lock = threading.Lock()

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.server_address[1]}"

    @property
    def url(self) -> str:
        return f"http://{self.host}/v1"

    def answer(self, asked: Asked) -> Answer:
        with self.lock:
            self.asked.append(asked)
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
            wanted = self.next.pop(0) if self.next else self.rule
        try:
            return wanted(asked) if callable(wanted) else wanted
        finally:
            with self.lock:
                self.at_once -= 1


class _Handler(BaseHTTPRequestHandler):
    server: ModelServer
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.keys.append(self.headers.get("Authorization"))
        self.server.clients.add(self.client_address)
        here = self.path.partition("?")[0] == self.server.path
        status, headers, body = self.server.answer(asked) if here else as_json({"error": "no such path"}, 404)
        if status == SILENT[0]:
            self.server.over.wait(30)
        if status <= 0:
            self.close_connection = True
            return
        self.send_response(status)
        if isinstance(body, bytes):
            headers, body = headers | {"Content-Length": str(len(body))}, [body]
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        with suppress(OSError):  # who asked has gone, or waits no more
            for part in body:
                self.wfile.write(part)

    def log_message(self, format: str, *args: Any) -> None:
        pass


@contextmanager
def serving_at(path: str, rule: Rule) -> Iterator[ModelServer]:
    server = ModelServer(rule, path=path)
    with answering(server):
        try:
            yield server
        finally:
            server.over.set()
