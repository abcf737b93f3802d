"""What programs ask of the private port, with an admin key: SQL, and the published file itself.

The file is sent in ranges and named by its version (ETag): DuckDB attaches it over HTTP, `sayso pull` fetches it when
it changed.
"""

from __future__ import annotations

import os
from typing import Any

from flask import Blueprint, Response, current_app, jsonify, request
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as WerkzeugResponse
from werkzeug.wsgi import wrap_file

from sayso_ingest.console.asking import LONGEST, Asker, Limits
from sayso_ingest.console.download import TYPES
from sayso_ingest.console.identity import for_programs
from sayso_ingest.errors import Busy, NotFound, QueryError
from sayso_ingest.warehouse.published import FILE

FORMATS = {**TYPES, "arrow": "application/vnd.apache.arrow.stream"}
"""What an answer may be, with its media type; each is a format of `sayso sql`."""
DUCKDB = "application/vnd.duckdb"
MOST_SECONDS = 300.0

blueprint = Blueprint("programs", __name__)


@blueprint.record_once
def _open(state: Any) -> None:
    folder = state.app.config["PROJECT_FOLDER"]
    state.app.extensions["sayso_asker"] = Asker(
        folder, attach=state.app.config["ATTACH"], warehouse=state.app.config["WAREHOUSE"]
    )


def asker() -> Asker:
    """Return what asks the copy of this console's project."""
    found: Asker = current_app.extensions["sayso_asker"]
    return found


@blueprint.post("/sql")
@for_programs
def sql() -> Response:
    """Answer a question: JSON with `sql`, or the SQL alone as text; how, is said by `format`, `timeout` and `id`."""
    asked = _asked()
    limits = Limits(seconds=min(float(asked.get("timeout", Limits().seconds)), MOST_SECONDS))
    format, name = str(asked["format"]), str(asked.get("id", ""))
    answer = asker().ask(str(asked["sql"]), format=format, limits=limits, name=name)
    response = Response(answer.chunks(), mimetype=FORMATS[format])
    response.call_on_close(answer.close)  # also where nobody reads it
    return response


@blueprint.delete("/sql/<name>")
@for_programs
def cancel(name: str) -> Response:
    """End a question that was asked with an `id`."""
    asker().cancel(name)
    return Response(status=204)


@blueprint.get(f"/{FILE}")
@for_programs
def file() -> WerkzeugResponse:
    """Send the copy that is published now, whole or in ranges."""
    try:
        file = (current_app.config["PROJECT_FOLDER"] / FILE).open("rb")
    except FileNotFoundError:
        told = "Nothing has been published yet. Is `sayso serve` (or `sayso land`) running on this folder?"
        raise NotFound(told) from None
    # What is open is what is sent, also where another is published meanwhile: so it is named by what is open.
    stat = os.fstat(file.fileno())
    response = Response(wrap_file(request.environ, file), mimetype=DUCKDB, direct_passthrough=True)
    response.content_length = stat.st_size
    response.set_etag(f"{stat.st_ino:x}-{stat.st_mtime_ns:x}")
    response.call_on_close(file.close)
    answer = response.make_conditional(request.environ, accept_ranges=True, complete_length=stat.st_size)
    if request.method == "HEAD" or answer.status_code == 304:
        file.close()  # nobody will read it, nor say that they are done
    return answer


def _asked() -> dict[str, Any]:
    """Read a question and how it is to be answered.

    Raises:
        QueryError: the request is none.
    """
    asked: dict[str, Any] = {"format": "json", **request.args}
    if request.mimetype == "application/json":
        body = request.get_json(silent=True)
        if not isinstance(body, dict):
            raise QueryError(
                'The body is no JSON object. Send {"sql": "SELECT ..."}, or the SQL alone as text/plain.'
            )
        asked |= body
    else:
        asked["sql"] = request.stream.read(LONGEST + 1).decode("utf-8", "replace")
    if not str(asked.get("sql") or "").strip():
        raise QueryError(
            'There is no SQL in the request. Send {"sql": "SELECT ..."}, or the SQL alone as text/plain.'
        )
    if str(asked["format"]) not in FORMATS:
        raise QueryError(f"There is no format {asked['format']!r}. There are: {', '.join(FORMATS)}.")
    try:
        if not float(asked.get("timeout", 1)) > 0:
            raise ValueError
    except (TypeError, ValueError, OverflowError):
        raise QueryError(f"timeout is a number of seconds, not {asked['timeout']!r}.") from None
    return asked


@blueprint.errorhandler(QueryError)
def wrong(error: QueryError) -> Response:
    """Say what is wrong with a question."""
    return _refuse(400, "query_failed", str(error))


@blueprint.errorhandler(Busy)
def busy(error: Busy) -> Response:
    """Say that it can be asked again."""
    response = _refuse(503, "busy", str(error))
    response.headers["Retry-After"] = "1"
    return response


@blueprint.errorhandler(NotFound)
def missing(error: NotFound) -> Response:
    """Say what is not there."""
    return _refuse(404, "not_found", str(error))


@blueprint.errorhandler(HTTPException)
def refused(error: HTTPException) -> Response:
    """Say to a program what else was wrong."""
    return _refuse(error.code or 500, "refused", str(error.description))


def _refuse(status: int, code: str, message: str) -> Response:
    response = jsonify(error=code, message=message)
    response.status_code = status
    return response
