"""What tests of signing in share: a console with two small routes, a clock moved by hand, a browser that signs in."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sayso_ingest.console import Door, create_app
from sayso_ingest.console.identity import Needs, for_programs, needs_of
from sayso_ingest.settings import Settings
from werkzeug.test import TestResponse

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
GOOD = "four words are enough"
Make = Callable[..., FlaskClient]


class Clock:
    """The console's clock, moved by hand."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now


def app_of(folder: Path, clock: Clock, **settings: Any) -> Flask:
    door = Door.of(Settings.load(environ={}, **settings))
    app = create_app(project_folder=folder, door=door, now=clock)
    app.add_url_rule("/reads", view_func=for_programs(lambda: "read"), endpoint="reads", methods=["POST"])
    app.add_url_rule("/changes", view_func=lambda: "changed", endpoint="changes", methods=["GET", "POST"])
    return app


def routes(app: Flask, method: str) -> list[tuple[str, Needs]]:
    """Every address of the console that takes this method, and what it asks of whoever wants it."""
    found = [
        (re.sub("<[^>]+>", "x", rule.rule), needs_of(app.view_functions[rule.endpoint], method))
        for rule in app.url_map.iter_rules()
        if method in (rule.methods or ()) and rule.endpoint != "static"
    ]
    assert len(found) > 3
    return found


def token(client: FlaskClient, path: str = "/signin") -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get(path).text)
    assert found, path
    return found[1]


def sign_in(client: FlaskClient, name: str = "ana", password: str = GOOD, **more: Any) -> TestResponse:
    data = {"name": name, "password": password, "csrf_token": token(client)}
    return client.post("/signin", data=data | more.pop("data", {}), **more)


def text(answer: TestResponse) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())
