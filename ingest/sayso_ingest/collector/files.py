"""The files that the collector serves, to pages of any origin: the widgets' script, and what the wire looks like."""

from __future__ import annotations

import re
from pathlib import Path

from flask import Request, Response

from sayso_ingest.collector.served import OPENAPI, Served, read_served

HELD_SECONDS = 300
"""How long a browser may keep a file without asking again."""
YEAR_SECONDS = 31_536_000
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})?")
_SCRIPT = "text/javascript; charset=utf-8"


def widget_response(path: Path, request: Request) -> Response:
    """Serve the widgets' script, or say how to get it."""
    served = read_served(path)
    return _response(served, request, content_type=_SCRIPT) if served else _no_widgets()


def versioned_widget_response(path: Path, mark: str, request: Request) -> Response:
    """Serve the script under the name of its version and content, which never changes; another one is not there."""
    served = read_served(path)
    if served is None:
        return _no_widgets()
    if mark != served.mark:
        return _missing(
            f"This collector serves the script {served.mark} at {served.path}, and no other one. Paste into the page "
            "what `sayso widgets` prints now, or load /sayso.js, which is always the current script.\n"
        )
    response = _response(served, request, content_type=_SCRIPT)
    response.cache_control.max_age = YEAR_SECONDS
    response.cache_control.immutable = True
    return response


def language_response(folder: Path, language: str, request: Request) -> Response:
    """Serve what the widgets say in a language."""
    known = _LANGUAGE.fullmatch(language)
    served = read_served(folder / f"{language}.js") if known else None
    if served is None:
        there = ", ".join(sorted(path.stem for path in folder.glob("*.js"))) or "none"
        return _missing(f"There is no such language. Those that are there: {there}. English is built in.\n")
    return _response(served, request, content_type=_SCRIPT)


def openapi_response(request: Request) -> Response:
    """Serve the OpenAPI document of the wire."""
    served = read_served(OPENAPI)
    assert served is not None  # noqa: S101 - it is part of the package
    return _response(served, request, content_type="application/json")


def _response(served: Served, request: Request, *, content_type: str) -> Response:
    """Serve a file; its ETag is its content's, so that all collectors behind a balancer name the same."""
    zips = request.accept_encodings.quality("gzip") > 0
    response = Response(served.zipped if zips else served.content, content_type=content_type)
    if zips:
        response.headers["Content-Encoding"] = "gzip"
    _open_to_all(response)
    response.cache_control.public = True
    response.cache_control.max_age = HELD_SECONDS
    response.set_etag(f"{served.etag}-gzip" if zips else served.etag)
    response.make_conditional(request)
    return response


def _no_widgets() -> Response:
    return _missing(
        "The widget is not part of this installation. Install sayso from its wheel, or build the widget: "
        "npm --prefix widgets run build\n"
    )


def _missing(message: str) -> Response:
    response = Response(message, status=404, mimetype="text/plain")
    _open_to_all(response)
    response.cache_control.no_store = True  # it may be there after the next upgrade
    return response


def _open_to_all(response: Response) -> None:
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.vary.add("Accept-Encoding")
