"""A real HTTP server in the place of an endpoint with a chat model: it keeps to a rule, and misbehaves when told to."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Asked = dict[str, Any]
Answer = tuple[int, dict[str, str], bytes]
Rule = Callable[[Asked], Answer]
BROKEN_OFF: Answer = (-1, {}, b"")


def as_json(value: Any, status: int = 200, **headers: str) -> Answer:
    named = {"Content-Type": "application/json"} | {
        name.replace("_", "-"): text for name, text in headers.items()
    }
    return status, named, json.dumps(value).encode()


def completion(content: Any, finish: str = "stop", *, usage: Any = None, **message: Any) -> dict[str, Any]:
    """The body of a `chat.completion`; ten tokens read and five written, unless another usage is given."""
    return {
        "object": "chat.completion",
        "choices": [
            {
                "index": 0,
                "message": {"role": "assistant", "content": content} | message,
                "finish_reason": finish,
            }
        ],
        "usage": {"prompt_tokens": 10, "completion_tokens": 5} if usage is None else usage,
    }


def says(content: Any, finish: str = "stop", **more: Any) -> Answer:
    """An answer with this content: text, or a value that is sent as JSON."""
    text = content if isinstance(content, str | list) or content is None else json.dumps(content)
    return as_json(completion(text, finish, **more))


def streamed(content: str, *, cut: bool = False) -> Answer:
    """The same as server-sent events, a few letters at a time; `cut`: it ends before it is done."""
    parts = [content[at : at + 7] for at in range(0, len(content), 7)]
    chunks = [{"choices": [{"index": 0, "delta": {"content": part}}]} for part in parts]
    ended = {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}
    counted = {"choices": [], "usage": {"prompt_tokens": 10, "completion_tokens": 5}}
    lines = [
        ": a comment",
        *(f"data: {json.dumps(c)}" for c in [*chunks, *([] if cut else [ended, counted])]),
    ]
    body = "\n\n".join([*lines, *([] if cut else ["data: [DONE]"])]) + "\n\n"
    return 200, {"Content-Type": "text/event-stream"}, body.encode()


def slow(rule: Rule, seconds: float, over: threading.Event) -> Rule:
    """The rule, which takes so long to answer."""

    def answer(asked: Asked) -> Answer:
        over.wait(seconds)
        return rule(asked)

    return answer


class ChatServer(ThreadingHTTPServer):
    """Gives the answers in `next` in turn, each once, and answers by `rule` after that."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, rule: Rule) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.rule = rule
        self.next: list[Answer | Rule] = []
        self.asked: list[Asked] = []
        self.keys: list[str | None] = []
        self.clients: set[tuple[str, int]] = set()
        self.at_once = 0
        self.most_at_once = 0
        self.over = threading.Event()
        self.lock = threading.Lock()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1"

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
    server: ChatServer
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.keys.append(self.headers.get("Authorization"))
        self.server.clients.add(self.client_address)
        here = self.path == "/v1/chat/completions"
        status, headers, body = self.server.answer(asked) if here else as_json({"error": "no such path"}, 404)
        if status == BROKEN_OFF[0]:
            self.close_connection = True
            return
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        with suppress(OSError):  # who asked has gone, or waits no more
            self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        pass


@contextmanager
def serving(rule: Rule = lambda _: says({"word": "yes"})) -> Iterator[ChatServer]:
    with ChatServer(rule) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield server
        finally:
            server.over.set()
            server.shutdown()
            thread.join()
