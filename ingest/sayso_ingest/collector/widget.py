"""The widget's script: the one file that the collector serves, to pages of any origin."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from flask import Request, Response

WIDGET = Path(__file__).with_name("static") / "sayso.js"
HELD_SECONDS = 300
"""How long a browser may keep the widget without asking again."""


def widget_response(path: Path, request: Request) -> Response:
    """Serve the script; its ETag is its content's, so that all collectors behind a balancer name the same."""
    try:
        content = path.read_bytes()
    except OSError:
        return Response(
            "The widget is not part of this installation. Install sayso from its wheel, or build the widget: "
            "npm --prefix widgets run build\n",
            status=404,
            mimetype="text/plain",
        )
    response = Response(content, content_type="text/javascript; charset=utf-8")
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.cache_control.public = True
    response.cache_control.max_age = HELD_SECONDS
    response.set_etag(sha256(content).hexdigest()[:32])
    response.make_conditional(request)
    return response
