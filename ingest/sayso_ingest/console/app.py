"""The console's Flask app: routes, and the headers that every answer carries."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask, Response, abort, render_template, request

from sayso_ingest.console.overview import read_overview
from sayso_ingest.settings import LOOPBACK_HOSTS

HEADERS = {
    # Comments of strangers are shown here: nothing inline runs, nothing is loaded from elsewhere.
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


def create_app(
    *,
    project_folder: Path,
    host: str = LOOPBACK_HOSTS[0],
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Flask:
    """Make the console of the project in `project_folder`, to listen on `host`."""
    app = Flask(__name__)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters["ago"] = lambda then: _ago(now(), then)

    @app.before_request
    def refuse_other_names() -> None:
        # A page elsewhere, whose name is made to point here, could read ours in a browser on this machine.
        if host in LOOPBACK_HOSTS and urlsplit(f"//{request.host}").hostname not in LOOPBACK_HOSTS:
            abort(400, "The console answers to the names of this machine only, such as localhost.")

    @app.after_request
    def harden(response: Response) -> Response:
        response.headers.update(HEADERS)
        return response

    @app.get("/healthz")
    def healthz() -> Response:
        return Response("ok\n", mimetype="text/plain")

    @app.get("/")
    def overview() -> str:
        return render_template("overview.html", page=read_overview(project_folder))

    return app


def _ago(now: datetime, then: datetime) -> str:
    """Spell how long ago a time of the warehouse (UTC, naive) was, in its largest unit."""
    seconds = max(0, round((now - then.replace(tzinfo=UTC)).total_seconds()))
    for unit, length in (("day", 86400), ("hour", 3600), ("minute", 60)):
        if seconds >= length:
            count = seconds // length
            return f"{count} {unit}{'s' if count > 1 else ''} ago"
    return "just now" if seconds < 5 else f"{seconds} seconds ago"
