"""SQL: any question to the published copy, typed, answered below, and shared by its address."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from itertools import islice
from typing import Any

from flask import Blueprint, Response, current_app, request

from sayso_ingest.console import charts
from sayso_ingest.console.answer import Answer, answer
from sayso_ingest.console.asking import CHUNK, Asking
from sayso_ingest.console.columns import describe
from sayso_ingest.console.copy import copy
from sayso_ingest.console.download import TYPES, csv_lines
from sayso_ingest.console.identity import needs
from sayso_ingest.console.plot import Plot
from sayso_ingest.console.programs import asker
from sayso_ingest.console.quick import quick_plot
from sayso_ingest.console.signin import me
from sayso_ingest.console.table import ROWS, Shown, Table
from sayso_ingest.errors import Busy, NotFound, QueryError
from sayso_ingest.users import Role
from sayso_ingest.warehouse import read_attached

COLUMNS = """
    SELECT c.table_name, c.column_name, c.data_type, c.comment, coalesce(v.comment, t.comment) AS about
    FROM duckdb_columns() c
    LEFT JOIN duckdb_views() v ON v.database_name = c.database_name AND v.view_name = c.table_name
    LEFT JOIN duckdb_tables() t ON t.database_name = c.database_name AND t.table_name = c.table_name
    WHERE c.database_name = 'warehouse'
        AND (v.view_name IS NOT NULL OR c.table_name IN ('events', 'rejects', 'published'))
    ORDER BY c.table_name, c.column_index
"""

COOKIE = "sayso_asked"
"""Set by sql.js for the moment in which a question is sent."""

BEYOND = "(a time that cannot be shown as it is: cast it to VARCHAR)"
SHOWN_BYTES = 32 << 20
"""Of a batch of rows, as Arrow holds them: what a page is made of takes several times as much."""
PIECE_BYTES = 1 << 20
"""Of the rows that become Python objects at once, on their way into a file."""

blueprint = Blueprint("sql", __name__)


@blueprint.get("/sql")
def show() -> Answer:
    """Show the question that the address names, with its answer; or send the answer as a file."""
    question = request.args.get("q", "").strip()
    format = request.args.get("format", "")
    shown, problem, chart = None, "", None
    if question:
        table = Table("answer", question, empty="No rows.").arranged(
            sort=request.args.get("sort"), limit=request.args.get("limit", ROWS, type=int)
        )
        try:
            if format in TYPES:
                return _file(_ordered(table), format)
            shown = _read(table)
            chart = _chart(shown) if "chart" in request.args else None
        except (QueryError, Busy) as error:
            problem = str(error)
    joined = read_attached(current_app.config["ATTACH"])
    return answer(
        "sql.html",
        question=question,
        shown=shown,
        problem=problem,
        chart=chart,
        views=_views(),
        joined=joined,
    )


@blueprint.post("/sql/cancel")
@needs(Role.READ)
def cancel() -> Answer:
    """End a question of this page, of whoever asks for it; what has been answered by then stays answered.

    Who is quick cancels a question that has not come in yet; its name is drawn at random, and no other will have it.
    """
    with suppress(NotFound):
        asker().cancel(_name(request.form.get("asked", "")), ahead=True)
    return Response(status=204)


def _name(asked: str) -> str:
    """The name of a question that its page can cancel: the page names it in a cookie, so that no address has it."""
    return f"{me().name} {asked[:100]}" if asked else ""


def _chart(shown: Shown) -> dict[str, Any]:
    """Draw the answer, or say why not. It is not kept: what is joined may change while the copy stays."""
    plot = quick_plot(shown)
    if isinstance(plot, Plot):
        return {"drawn": charts.figure(plot.chart, plot.says), "says": plot.says}
    return {"drawn": None, "says": plot}


def _views() -> dict[str, list[dict[str, Any]]]:
    """Every table and view with its columns."""
    views: dict[str, list[dict[str, Any]]] = {}
    for row in copy().rows(COLUMNS):
        views.setdefault(row["table_name"], []).append(row)
    return views


def _ordered(table: Table) -> str:
    """Return the SQL as typed, or in the order that the reader chose."""
    if not table.sort:
        return table.sql
    column = table.sort.removeprefix("-").replace('"', '""')
    direction = "DESC" if table.sort.startswith("-") else "ASC"
    typed = table.sql.rstrip("; \n")
    return f'SELECT * FROM (\n{typed}\n) ORDER BY "{column}" {direction} NULLS LAST'  # noqa: S608 - theirs to write


def _read(table: Table) -> Shown:
    """Ask, and take as many rows as are shown.

    Raises:
        QueryError: it does not run.
        Busy: others are asking.
    """
    name = _name(request.cookies.get(COOKIE, ""))
    with asker().ask(_ordered(table), format="arrow", name=name) as asking:
        names, every = _rows(asking, most=SHOWN_BYTES)
        rows = list(islice(every, table.rows_shown + 1))
    shown = rows[: table.rows_shown]
    columns = [replace(column, title=column.name) for column in describe(names, shown, {})]
    return Shown(table, columns, names, shown, more=len(rows) > len(shown))


def _rows(asking: Asking, *, most: int | None = None) -> tuple[list[str], Iterator[tuple[Any, ...]]]:
    """Read the names of the columns, and the rows as they come.

    Raises:
        QueryError: a batch of them has more bytes than `most`.
    """
    import pyarrow as pa

    # Of a pipe comes what is there, and Arrow wants all that it asked for.
    reader = pa.ipc.open_stream(io.BufferedReader(asking, CHUNK))
    return reader.schema.names, _tuples(reader, most)


def _tuples(batches: Iterable[Any], most: int | None) -> Iterator[tuple[Any, ...]]:
    for batch in batches:
        if most is not None and batch.nbytes > most:
            raise QueryError(
                f"These rows take {batch.nbytes >> 20} MB, too much for a page. Take less of each, as in "
                "left(text, 200) or list[1:10], or download them."
            )
        step = max(1, batch.num_rows * PIECE_BYTES // max(1, batch.nbytes))
        for start in range(0, batch.num_rows, step):
            yield from zip(*map(_values, batch.slice(start, step).columns), strict=True)


def _values(column: Any) -> list[Any]:
    """The values of a column; Arrow has times for which Python has none."""
    try:
        found: list[Any] = column.to_pylist()
        return found
    except (OverflowError, ValueError):
        return [_value(scalar) for scalar in column]


def _value(scalar: Any) -> Any:
    try:
        return scalar.as_py()
    except (OverflowError, ValueError):
        return BEYOND


def _file(sql: str, format: str) -> Response:
    asking = asker().ask(sql, format="arrow" if format == "csv" else format)
    body = _csv(asking) if format == "csv" else asking.chunks()
    response = Response(body, mimetype=TYPES[format])
    response.headers["Content-Disposition"] = f'attachment; filename="answer.{format}"'
    response.call_on_close(asking.close)  # also where nobody reads it
    return response


def _csv(asking: Asking) -> Iterator[bytes]:
    """Write what people open in a spreadsheet, which would run a formula that a stranger wrote."""
    names, rows = _rows(asking)
    for line in csv_lines(names, rows):
        yield line.encode()
