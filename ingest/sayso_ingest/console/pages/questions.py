"""Questions: every question of the catalog in words, and its answer with what its columns mean."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, render_template

from sayso_ingest.analysis import View, catalog, question
from sayso_ingest.console import charts
from sayso_ingest.console.answer import Answer, answer, to
from sayso_ingest.console.copy import copy
from sayso_ingest.console.pages import proxies
from sayso_ingest.console.plot import Plot
from sayso_ingest.console.table import MOST_ROWS, ROWS, Link, Table
from sayso_ingest.errors import NotFound

NOTHING = "No rows: nothing of the kind has been published yet."
blueprint = Blueprint("questions", __name__)


@blueprint.get("/questions")
def show() -> Answer:
    """List the questions."""
    return render_template("questions.html", views=catalog())


@blueprint.get("/questions/<name>")
def one(name: str) -> Answer:
    """Answer one of them: as a table, in words or as a chart where there are any, and with the SQL behind it."""
    view = _view(name)
    template, told, rows = _IN_WORDS.get(name, ("question.html", _chart, ROWS))
    table = Table(
        name,
        question(name),
        about=view.columns,
        empty=NOTHING,
        links=_links(),
        rows_shown=rows,
        first=lambda most: question(name, limit=most),
    )
    return answer(template, table, view=view, in_sql=to("sql.show", q=f"FROM {name}"), **told(table))


def _view(name: str) -> View:
    try:
        question(name)
    except NotFound as error:
        abort(404, str(error))
    return next(view for view in catalog() if view.name == name)


def _links() -> dict[str, Link]:
    """Lead from what a row is about to the place that shows it, where there is one."""
    return {"reason": lambda row: to("rejects.show", reason=row["reason"])}


def _chart(table: Table) -> dict[str, Any]:
    """Draw the first share that has an interval; in the order of the question, however the table is sorted."""
    plot = copy().keep(("plot", table.name), lambda: Plot.of(table.read(copy())))
    chart = charts.draw(("question", table.name), plot.chart, says=plot.says) if plot else None
    return {"chart": chart}


_IN_WORDS = {proxies.NAME: (proxies.TEMPLATE, proxies.told, MOST_ROWS)}
"""Questions whose answer is said in words: by which template, from what, and of how many rows."""
