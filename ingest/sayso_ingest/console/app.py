"""The console's Flask app: its pages put together, what every answer carries, and what is shown when one fails."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask, Response, render_template, request
from werkzeug.exceptions import HTTPException

from sayso_ingest.console import programs, wording
from sayso_ingest.console.answer import here, to
from sayso_ingest.console.copy import Kept, close_copy
from sayso_ingest.console.download import TYPES
from sayso_ingest.console.pages import PAGES
from sayso_ingest.console.words import changes
from sayso_ingest.errors import NotFound, SaysoError
from sayso_ingest.settings import LOOPBACK_HOSTS

HEADERS = {
    # Comments of strangers are shown here: nothing inline runs, nothing is loaded from elsewhere.
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


def create_app(
    *,
    project_folder: Path,
    host: str = LOOPBACK_HOSTS[0],
    attach: str = "",
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    when_healthy: Callable[[], None] = lambda: None,
) -> Flask:
    """Make the console of the project in `project_folder`, to listen on `host`; SQL may join what `attach` lists.

    `when_healthy` is called after each answer that says that it is up: what can wait until then delays no start.
    """
    app = Flask(__name__)
    app.config.update(PROJECT_FOLDER=project_folder, HOST=host, ATTACH=attach, NOW=now)
    app.extensions["sayso_kept"] = Kept()
    app.teardown_appcontext(close_copy)
    _guard(app, host)
    _spell(app, now)
    _fail(app)
    app.register_blueprint(programs.blueprint)
    for page in PAGES:
        app.register_blueprint(page.blueprint)

    @app.get("/healthz")
    def healthz() -> Response:
        response = Response("ok\n", mimetype="text/plain")
        response.call_on_close(when_healthy)
        return response

    return app


def _guard(app: Flask, host: str) -> None:
    """Answer to the right names only, and let every answer carry what keeps it safe."""

    @app.before_request
    def refuse_other_names() -> Response | None:
        # A page elsewhere, whose name is made to point here, could read ours in a browser on this machine.
        if host in LOOPBACK_HOSTS and urlsplit(f"//{request.host}").hostname not in LOOPBACK_HOSTS:
            told = "The console answers to the names of this machine only, such as localhost.\n"
            return Response(told, 400, mimetype="text/plain")
        return None

    @app.after_request
    def harden(response: Response) -> Response:
        response.headers.update(HEADERS)
        # What is static is asked for anew when it changed; what people said is not left on a disk.
        response.headers["Cache-Control"] = "no-cache" if request.endpoint == "static" else "no-store"
        return response


def _spell(app: Flask, now: Callable[[], datetime]) -> None:
    """Give templates their words."""
    env = app.jinja_env
    env.trim_blocks = env.lstrip_blocks = True
    env.filters["ago"] = lambda then: wording.ago(now(), then)
    for spell in (wording.duration, wording.exactly, wording.number, wording.share, wording.points):
        env.filters[spell.__name__] = spell
    env.filters["short"] = wording.text
    folder: Path = app.config["PROJECT_FOLDER"]
    env.globals.update(
        here=here, to=to, changes=changes, formats=list(TYPES), pages=PAGES, project=folder.name
    )


def _fail(app: Flask) -> None:
    """Say what happened in place of a page that there is not."""

    @app.errorhandler(NotFound)
    def unpublished(error: NotFound) -> str:  # noqa: ARG001 - what reads the copy says so when there is none
        return render_template("unpublished.html")

    @app.errorhandler(SaysoError)
    def unreadable(error: SaysoError) -> tuple[str, int]:
        return render_template("problem.html", title="This cannot be shown now", text=str(error)), 503

    @app.errorhandler(HTTPException)
    def refused(error: HTTPException) -> tuple[str, int]:
        code = error.code or 500
        title = "There is no such page" if code == 404 else error.name
        return render_template("problem.html", title=title, text=error.description), code
