"""A Flask blueprint that serves sayso's widgets and takes their events under the page's own origin.

Copy it into your application:

    app.register_blueprint(feedback("http://127.0.0.1:8710"), url_prefix="/fb")

It passes on what widgets need and nothing else: no cookie of your site reaches the collector, and no more than 1 MB.
"""

from __future__ import annotations

import re

import requests
from flask import Blueprint, Response, jsonify, request

LARGEST = 1024 * 1024
"""Bytes of a request, as the collector takes them, and of an answer."""
CONNECT_TIMEOUT, READ_TIMEOUT = 3.0, 12.0
"""Seconds. The collector answers within 10."""
PLAIN_PATH = re.compile(r"([\w-]+[\w.-]*/)*[\w-]+[\w.-]*", re.ASCII)
"""No piece of it begins with a dot: requests would go up by it, to what is not for pages."""
ASKED = ("Authorization", "Content-Type", "Content-Encoding", "Origin", "Accept-Encoding", "If-None-Match")
ANSWERED = (
    "Content-Type",
    "Content-Encoding",
    "Retry-After",
    "Cache-Control",
    "ETag",
    "Vary",
    "X-Content-Type-Options",
)


def feedback(collector: str) -> Blueprint:
    """Make the blueprint for the collector at this address."""
    blueprint = Blueprint("sayso", __name__)

    @blueprint.get("/sayso.js")
    def script() -> Response:
        return _passed_on(collector, "/sayso.js")

    @blueprint.get("/sayso/<path:rest>")
    def lasting(rest: str) -> Response:
        if not PLAIN_PATH.fullmatch(rest):
            return _refused(404, "not_found", "There is nothing of the widgets here.")
        return _passed_on(collector, f"/sayso/{rest}")

    @blueprint.post("/v1/events")
    def events() -> Response:
        body = request.stream.read(LARGEST + 1)
        if len(body) > LARGEST:
            return _refused(413, "body_too_large", "More than 1 MB came at once. Send fewer events.")
        return _passed_on(collector, "/v1/events", body)

    return blueprint


def _passed_on(collector: str, path: str, body: bytes | None = None) -> Response:
    """Ask the collector the same, and answer what it answers."""
    headers = {name: request.headers[name] for name in ASKED if name in request.headers}
    headers.setdefault("Accept-Encoding", "identity")
    try:
        with requests.request(
            request.method,
            collector.rstrip("/") + path,
            data=body,
            headers=headers,
            timeout=(CONNECT_TIMEOUT, READ_TIMEOUT),
            allow_redirects=False,
            stream=True,
        ) as answer:
            content = answer.raw.read(LARGEST + 1, decode_content=False)
    except (requests.RequestException, OSError):
        return _refused(503, "unreachable", "The collector does not answer. Send it again with the same ids.")
    if len(content) > LARGEST:
        return _refused(502, "answer_too_large", "What answers there is no collector.")
    kept = {name: answer.headers[name] for name in ANSWERED if name in answer.headers}
    return Response(content, answer.status_code, kept)


def _refused(status: int, code: str, message: str) -> Response:
    response: Response = jsonify(error=code, message=message)
    response.status_code = status
    if status == 503:
        response.headers["Retry-After"] = "2"
    return response
