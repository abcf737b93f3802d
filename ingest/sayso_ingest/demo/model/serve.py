"""Serves the model on this machine, as an endpoint that speaks as OpenAI's do."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from sayso_ingest.demo.model.rule import reply

HOST = "127.0.0.1"
PATH = "/v1/chat/completions"
MODEL = "reed-2"
LARGEST = 1_000_000
"""Bytes of a request."""


@contextmanager
def running_model() -> Iterator[str]:
    """Serve the model on a free port, and give its address as settings spell it."""
    with ThreadingHTTPServer((HOST, 0), _Handler) as server:
        server.daemon_threads = True
        serving = threading.Thread(target=server.serve_forever, daemon=True)
        serving.start()
        try:
            yield f"openai:http://{HOST}:{server.server_address[1]}/v1#{MODEL}"
        finally:
            server.shutdown()
            serving.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        """Answer one request."""
        length = int(self.headers.get("Content-Length") or 0)
        if self.path != PATH or not 0 < length <= LARGEST:
            self._send(
                {"error": {"message": f"This is POST {PATH}, of at most {LARGEST} bytes."}}, status=404
            )
            return
        try:
            asked = json.loads(self.rfile.read(length))
            said = reply(asked["messages"], labels=_labels(asked))
        except (ValueError, KeyError, TypeError, IndexError):
            self._send({"error": {"message": "The body is no chat completion."}}, status=400)
            return
        self._send(_completion(said, read=length))

    def _send(self, body: Mapping[str, Any], *, status: int = 200) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        """Write nothing: the terminal tells the story."""


def _labels(asked: Mapping[str, Any]) -> list[str]:
    """The labels that an answer of the shape that is asked for may have; none where it may be any text."""
    schema = asked.get("response_format", {}).get("json_schema", {}).get("schema", {})
    labels: list[str] = schema.get("properties", {}).get("label", {}).get("enum", [])
    return labels


def _completion(said: Mapping[str, str] | str, *, read: int) -> Mapping[str, Any]:
    text = said if isinstance(said, str) else json.dumps(said)
    return {
        "model": MODEL,
        "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": text}}],
        "usage": {"prompt_tokens": read // 4, "completion_tokens": len(text) // 4},
    }
