"""The WSGI apps that are measured: our collector, and a view and an app that do nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from flask import Flask, request
from sayso_ingest.cli.wsgi import load_collector
from sayso_ingest.settings import Settings


def collector() -> Any:
    return load_collector(Settings.load())


def empty_view(_settings: Settings) -> Flask:
    app = Flask(__name__, static_folder=None)

    @app.post("/v1/events")
    def nothing() -> str:
        request.get_data()  # unread, a body would end the connection behind some servers
        return "{}"

    return app


def empty_app(_settings: Settings) -> Callable[[dict[str, Any], Any], Iterable[bytes]]:
    def nothing(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", "2")])
        return [b"{}"]

    return nothing
