"""Servers of tests, each in a thread of the tests' process."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from socketserver import BaseServer

from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server


class Quiet(WSGIRequestHandler):
    """Writes no line about a request."""

    def log_request(self, *_: object) -> None:
        """Write nothing."""


@contextmanager
def answering(server: BaseServer) -> Iterator[str]:
    """Let a server of this machine answer until the block ends; give its address."""
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """Serve an app on a free port until the block ends; give its address."""
    with answering(make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)) as address:
        yield address
