"""The collector's routes, and how it refuses."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any, TypeAlias

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Request

from sayso_ingest.collector.answers import Refused
from sayso_ingest.collector.files import (
    language_response,
    openapi_response,
    versioned_widget_response,
    widget_response,
)
from sayso_ingest.collector.group import GroupCommit
from sayso_ingest.collector.intake import Intake
from sayso_ingest.collector.measures import Measures, Unmeasured
from sayso_ingest.collector.rate import ProjectLimits, RateLimit
from sayso_ingest.collector.redacting import RedactorOf, redactors
from sayso_ingest.collector.refusals import Refusals
from sayso_ingest.collector.results import count_events, results
from sayso_ingest.collector.served import LANGUAGES, WIDGET
from sayso_ingest.keys import KeyRing
from sayso_ingest.projects import Project
from sayso_ingest.settings import Settings

log = logging.getLogger(__name__)

Environ: TypeAlias = dict[str, Any]
WsgiApp: TypeAlias = Callable[[Environ, Any], Iterable[bytes]]
Told: TypeAlias = bytes | Response
"""What a request is told: the results of its events as JSON, or why it is refused."""

RESULTS_TYPE = "application/json"

EVENTS_PATH = "/v1/events"
PREFLIGHT_SECONDS = "7200"


def create_app(
    *,
    keyring: KeyRing,
    commit: GroupCommit,
    rate_limit: RateLimit | None = None,
    who_limit: RateLimit | None = None,
    project_limits: ProjectLimits | None = None,
    project_of: Callable[[str], Project] = Project,
    redactor_of: RedactorOf | None = None,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    widget: Path = WIDGET,
    languages: Path = LANGUAGES,
    refusals: Refusals | None = None,
    measures: Measures | None = None,
) -> Flask:
    """Make the collector: it writes to `commit` and reads nothing but keys, and what is set of their projects."""
    app = Flask(__name__, static_folder=None)
    measures = measures or Unmeasured()
    refusals = refusals or Refusals()
    intake = Intake(
        keyring=keyring,
        commit=commit,
        rate_limit=rate_limit or RateLimit(rate=Settings.key_rate, burst=Settings.key_burst),
        who_limit=who_limit or RateLimit(rate=Settings.who_rate, burst=Settings.who_burst),
        project_limits=project_limits or ProjectLimits(),
        project_of=project_of,
        redactor_of=redactor_of or redactors(()),
        measures=measures,
        now=now,
    )

    refuse = partial(_refuse, refusals, measures)
    take = partial(_take, intake, measures, refuse)
    tell_browsers = partial(_tell_browsers, keyring)
    _serve_files(app, widget, languages)

    @app.post(EVENTS_PATH, provide_automatic_options=False)
    def events() -> Response:
        return _as_response(take(request))

    app.add_url_rule(EVENTS_PATH, view_func=_preflight, methods=["OPTIONS"], provide_automatic_options=False)
    app.add_url_rule("/readyz", view_func=lambda: _readiness(keyring, commit, project_of))
    app.add_url_rule("/healthz", view_func=_health)
    app.after_request(lambda response: tell_browsers(response, request))
    app.register_error_handler(Exception, refuse)
    app.wsgi_app = Shortcut(take, tell_browsers, app.wsgi_app)  # type: ignore[method-assign]  # as Flask documents
    return app


def _serve_files(app: Flask, widget: Path, languages: Path) -> None:
    @app.get("/sayso.js")
    def script() -> Response:
        return widget_response(widget, request)

    @app.get("/sayso/<mark>/sayso.js")
    def versioned_script(mark: str) -> Response:
        return versioned_widget_response(widget, mark, request)

    @app.get("/sayso/lang/<language>.js")
    def language_pack(language: str) -> Response:
        return language_response(languages, language, request)

    @app.get("/v1/openapi.json")
    def openapi() -> Response:
        return openapi_response(request)


PLAIN_HEADERS = (("Content-Type", RESULTS_TYPE), ("Vary", "Origin"), ("X-Content-Type-Options", "nosniff"))
"""What `_tell_browsers` puts on an answer that no browser asked for; a test holds the two together."""


class Shortcut:
    """Answers POST /v1/events before Flask sees it; all else goes the long way, through Flask.

    Finding the view, contexts and hooks cost Flask as much as we need for judging and keeping an event. The view that
    Flask would find answers the same: it takes what slips past here, as a path that is written in another way.
    """

    def __init__(
        self,
        take: Callable[[Request], Told],
        tell_browsers: Callable[[Response, Request], Response],
        long_way: WsgiApp,
    ) -> None:
        self._take = take
        self._tell_browsers = tell_browsers
        self._long_way = long_way

    def __call__(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        """Answer a request, as WSGI asks for it."""
        if environ["REQUEST_METHOD"] != "POST" or environ.get("PATH_INFO") != EVENTS_PATH:
            return self._long_way(environ, start_response)
        request = Request(environ)
        told = self._take(request)
        if isinstance(told, bytes) and "HTTP_ORIGIN" not in environ:
            # Fast path: where no browser asks the headers are always these, and a Response costs as much as judging.
            start_response("200 OK", [*PLAIN_HEADERS, ("Content-Length", str(len(told)))])
            return [told]
        return self._tell_browsers(_as_response(told), request)(environ, start_response)


def _take(
    intake: Intake, measures: Measures, refuse: Callable[[Exception], Response], request: Request
) -> Told:
    """Keep what a request brings, and tell what became of it; whatever goes wrong becomes an answer too."""
    began = perf_counter()
    try:
        delivery = intake.receive(request)
        receipt = intake.keep(delivery)
        count_events(measures, delivery, receipt)
        return results(delivery, receipt)
    except Exception as error:
        return refuse(error)
    finally:
        measures.answered(perf_counter() - began)


def _as_response(told: Told) -> Response:
    return told if isinstance(told, Response) else Response(told, content_type=RESULTS_TYPE)


def _preflight() -> Response:
    response = Response(status=204)
    response.headers["Access-Control-Allow-Methods"] = "POST"
    response.headers["Access-Control-Allow-Headers"] = "Authorization, Content-Type, Content-Encoding"
    response.headers["Access-Control-Max-Age"] = PREFLIGHT_SECONDS
    return response


def _health() -> Response:
    return Response("ok\n", mimetype="text/plain")


def _readiness(keyring: KeyRing, commit: GroupCommit, project_of: Callable[[str], Project]) -> Response:
    """Ready means that the log of every project that is not retired takes records."""
    named = {key.project for key in keyring.entries() if key.revoked_at is None}
    projects = {name for name in named if project_of(name).retired_at is None}
    found = {problem for project in projects if (problem := commit.problem(project))}
    if not found:
        return Response("ready\n", mimetype="text/plain")
    # Anybody may ask: whose log it is, and where it is, only our own log says.
    why = "; ".join(sorted(found))
    return Response(
        f"not ready: the event log could not be written: {why}\n", status=503, mimetype="text/plain"
    )


def _tell_browsers(keyring: KeyRing, response: Response, request: Request) -> Response:
    """Let a page that may send read every answer, why it was refused included."""
    headers = response.headers
    if request.path == EVENTS_PATH:
        origin = request.environ.get("HTTP_ORIGIN")
        headers.add("Vary", "Origin")
        if origin and _may_send_from(origin, keyring):
            headers.add("Access-Control-Allow-Origin", origin)
            headers.add("Access-Control-Expose-Headers", "Retry-After")
    headers.add("X-Content-Type-Options", "nosniff")
    return response


def _may_send_from(origin: str, keyring: KeyRing) -> bool:
    return any(
        key.kind == "pk" and key.revoked_at is None and key.allows_origin(origin) for key in keyring.entries()
    )


def _refuse(refusals: Refusals, measures: Measures, error: Exception) -> Response:
    """Count an error, and answer it; one that is nobody's but ours is written down too."""
    refused = _as_refused(error)
    refusals.count(refused.code)
    measures.refused(refused.code)
    response = Response(json.dumps(refused.body()), refused.status, content_type="application/json")
    if refused.retry_after is not None:
        response.headers["Retry-After"] = str(refused.retry_after)
    if isinstance(error, HTTPException):
        response.headers.extend((name, value) for name, value in error.get_headers() if name == "Allow")
    return response


def _as_refused(error: Exception) -> Refused:
    if isinstance(error, Refused):
        return error
    if isinstance(error, HTTPException):
        message = f"{error.description} Events are sent with POST {EVENTS_PATH}."
        return Refused(error.code or 500, error.name.lower().replace(" ", "_"), message)
    log.exception("a request failed", exc_info=error)
    return Refused(500, "internal", "Something failed, the log says what. Send it again with the same ids.")
