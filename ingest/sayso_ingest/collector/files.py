"""The files that the collector serves, to pages of any origin: the widget's script, and what the wire looks like."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from flask import Request, Response

STATIC = Path(__file__).with_name("static")
WIDGET = STATIC / "sayso.js"
OPENAPI = STATIC / "openapi.json"
HELD_SECONDS = 300
"""How long a browser may keep a file without asking again."""


def widget_response(path: Path, request: Request) -> Response:
    """Serve the widget's script, or say how to get it."""
    if not path.is_file():
        return Response(
            "The widget is not part of this installation. Install sayso from its wheel, or build the widget: "
            "npm --prefix widgets run build\n",
            status=404,
            mimetype="text/plain",
        )
    return _file_response(path, request, content_type="text/javascript; charset=utf-8")


def openapi_response(request: Request) -> Response:
    """Serve the OpenAPI document of the wire."""
    return _file_response(OPENAPI, request, content_type="application/json")


def _file_response(path: Path, request: Request, *, content_type: str) -> Response:
    """Serve a file; its ETag is its content's, so that all collectors behind a balancer name the same."""
    content = path.read_bytes()
    response = Response(content, content_type=content_type)
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.cache_control.public = True
    response.cache_control.max_age = HELD_SECONDS
    response.set_etag(sha256(content).hexdigest()[:32])
    response.make_conditional(request)
    return response
