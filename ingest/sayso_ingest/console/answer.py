"""Answering a request: a page with its tables, or one of them as a file."""

from __future__ import annotations

from typing import Any, TypeAlias
from urllib.parse import urlencode

from flask import Response, abort, current_app, render_template, request, url_for

from sayso_ingest.console.copy import copy, open_copy
from sayso_ingest.console.download import TYPES, download
from sayso_ingest.console.table import Table

Answer: TypeAlias = str | Response


def answer(template: str, /, *tables: Table, **values: Any) -> Answer:
    """Render a template, which finds the tables in `tables` by their names.

    The query string arranges one of them, the first unless `table` names another: `sort`, `limit`, and `format`,
    which makes a file of it.
    """
    arranged = {table.name: table for table in tables}
    name = request.args.get("table", next(iter(arranged), ""))
    if name in arranged:
        limit = request.args.get("limit", type=int)
        table = arranged[name] = arranged[name].arranged(sort=request.args.get("sort"), limit=limit)
        if "format" in request.args:
            return _file(table, request.args["format"])
    elif "format" in request.args and arranged:
        abort(404, f"This page has no table {name!r}. It has: {', '.join(arranged)}.")
    shown = {name: table.read(copy()) for name, table in arranged.items()}
    return render_template(template, tables=shown, **values)


def here(**changes: Any) -> str:
    """Return the address of this page with other values in its query string; None takes one away."""
    values = {**request.args.to_dict(), **changes}
    known = {name: value for name, value in values.items() if value is not None}
    # Not by url_for: of the names that a reader's query string may have, it takes some for its own, as `_scheme`.
    path = url_for(request.endpoint or "", **(request.view_args or {}))
    return f"{path}?{urlencode(known)}" if known else path


def to(endpoint: str, **values: Any) -> str | None:
    """Return the address of a page, or None where this console has no such page."""
    return url_for(endpoint, **values) if endpoint in current_app.view_functions else None


def _file(table: Table, format: str) -> Response:
    if format not in TYPES:
        abort(400, f"There is no format {format!r}. There are: {', '.join(TYPES)}.")
    folder = current_app.config["PROJECT_FOLDER"]
    sql = table.ordered(copy())
    if "limit" in request.args:
        sql += f" LIMIT {table.rows_shown}"
    return download(
        open_copy(current_app.config["HOME"]),
        sql,
        table.params,
        format=format,
        name=f"{folder.name}-{table.name}",
    )
