"""The WSGI apps that are measured: our collector, and a view that does nothing."""

from __future__ import annotations

from typing import Any

from flask import Flask, request
from sayso_ingest.cli.wsgi import load_collector
from sayso_ingest.settings import Settings


def collector() -> Any:
    return load_collector(Settings.load())


def empty(_settings: Settings) -> Flask:
    app = Flask(__name__, static_folder=None)

    @app.post("/v1/events")
    def nothing() -> str:
        request.get_data()  # unread, a body would end the connection behind some servers
        return "{}"

    return app
