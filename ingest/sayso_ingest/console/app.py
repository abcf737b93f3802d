"""The console's Flask app: its pages put together, what every answer carries, and what is shown when one fails."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask, Response, g, render_template, request, url_for
from werkzeug.exceptions import HTTPException

from sayso_ingest.console import entry, programs, wording
from sayso_ingest.console.answer import here, to
from sayso_ingest.console.conversation import contexts, messages
from sayso_ingest.console.copy import close_copy
from sayso_ingest.console.door import Door
from sayso_ingest.console.download import TYPES
from sayso_ingest.console.front import Front
from sayso_ingest.console.identity import for_everybody
from sayso_ingest.console.kept import Kept
from sayso_ingest.console.pages import PAGES, interaction
from sayso_ingest.console.refresher import Refresher
from sayso_ingest.console.signin import install
from sayso_ingest.console.watched import BEHIND
from sayso_ingest.console.words import changes
from sayso_ingest.errors import NotFound, SaysoError, UsageError
from sayso_ingest.labels import Label
from sayso_ingest.warehouse import Home

HEADERS = {
    # Comments of strangers are shown here: nothing inline runs, nothing is loaded from elsewhere.
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    # Not "no-referrer": with that, a browser says of no form from where it is sent.
    "Referrer-Policy": "same-origin",
}


DOOR = Door()
"""Loopback, open as long as there are no users."""


def create_app(
    *,
    project_folder: Path,
    door: Door = DOOR,
    collector: str = "",
    labels: Sequence[Label] = (),
    rubric: str = "",
    attach: str = "",
    warehouse: str = "duckdb",
    home: Home | None = None,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ahead: bool = False,
) -> Flask:
    """Make the console of the project in `project_folder`, entered by `door`; what is published is read at `home`.

    What people say in it goes to the collector at the URL `collector`; they choose from `labels` of `rubric`. SQL may
    join what `attach` lists. With `ahead`, slow pages are shown of the copy before, until what
    they ask was asked of the new one; `run_ahead` does that.

    Raises:
        SaysoError: the users, the keys or the secret of the cookies cannot be read.
    """
    app = drawing_app(project_folder, now=now, home=home)
    app.config.update(
        COLLECTOR=collector, LABELS=tuple(labels), RUBRIC=rubric, ATTACH=attach, WAREHOUSE=warehouse
    )
    _guard(app)
    install(app, project_folder, door, now=now)
    _fail(app)
    app.register_blueprint(entry.blueprint)
    app.register_blueprint(programs.blueprint)
    for page in PAGES:
        app.register_blueprint(page.blueprint)
    app.register_blueprint(interaction.blueprint)  # others lead to it; the navigation does not
    if ahead:
        _look_ahead(app)

    @app.get("/healthz")
    @for_everybody
    def healthz() -> Response:
        return Response("ok\n", mimetype="text/plain")

    return app


def _look_ahead(app: Flask) -> None:
    """Let pages be shown of the copy before while a new one is asked."""
    kept = app.extensions["sayso_kept"] = Kept(behind=BEHIND)
    front = Front(app.config["HOME"], kept)
    with app.test_request_context():
        front.watched.begin(url_for(page.endpoint) for page in PAGES if page.made_ahead)
    pages = {page.blueprint.name for page in PAGES if page.made_ahead}
    for endpoint in [name for name in app.view_functions if name.partition(".")[0] in pages]:
        front.stand_before(app, endpoint)
    app.context_processor(lambda: {"shows": g.get("shows"), "away": g.get("away", False)})
    app.extensions["sayso_refresher"] = Refresher(app, front, kept)


def refresher_of(app: Flask) -> Refresher:
    """What asks ahead in an app that was made with `ahead`."""
    found: Refresher = app.extensions["sayso_refresher"]
    return found


def run_ahead(app: Flask) -> Callable[[], None]:
    """Let a thread ask ahead, from the first answer of the app on, so that it delays no start; return what ends it."""
    refresher = refresher_of(app)

    @app.after_request
    def begin(response: Response) -> Response:
        response.call_on_close(refresher.start)
        return response

    return refresher.close


def drawing_app(project_folder: Path, *, now: Callable[[], datetime], home: Home | None = None) -> Flask:
    """Make an app that draws templates about what a project has published: it has no pages, and makes no file.

    That is read in the project's folder, unless its `home` is elsewhere.
    """
    app = Flask(__name__)
    app.config.update(PROJECT_FOLDER=project_folder, HOME=home or project_folder)
    app.extensions["sayso_kept"] = Kept()
    app.teardown_appcontext(close_copy)
    _spell(app, now)
    return app


def _guard(app: Flask) -> None:
    """Let every answer carry what keeps it safe."""

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
    env.filters.update(messages=messages, contexts=contexts)
    folder: Path = app.config["PROJECT_FOLDER"]
    env.globals.update(
        here=here, to=to, changes=changes, formats=list(TYPES), pages=PAGES, project=folder.name
    )


def _fail(app: Flask) -> None:
    """Say what happened in place of a page that there is not."""

    @app.errorhandler(NotFound)
    def unpublished(error: NotFound) -> str:  # noqa: ARG001 - what reads the copy says so when there is none
        return render_template("unpublished.html")

    @app.errorhandler(UsageError)
    def unfit(error: UsageError) -> tuple[str, int]:
        return render_template("problem.html", title="That does not fit", text=str(error)), 400

    @app.errorhandler(SaysoError)
    def unreadable(error: SaysoError) -> tuple[str, int]:
        return render_template("problem.html", title="This cannot be shown now", text=str(error)), 503

    @app.errorhandler(HTTPException)
    def refused(error: HTTPException) -> tuple[str, int]:
        code = error.code or 500
        title, text = error.name, error.description
        if code == 404:
            title = "There is no such page"
            if text == type(error).description:  # the library's, in its own words
                text = "Nothing is at this address. Look at how it is spelled, or take a page of the menu."
        return render_template("problem.html", title=title, text=text), code
