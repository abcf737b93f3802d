"""Overview: what a project holds, and how fresh it is."""

from __future__ import annotations

from importlib.resources import files

from flask import Blueprint

from sayso_ingest.console.answer import Answer, answer
from sayso_ingest.console.copy import copy
from sayso_ingest.console.table import Table
from sayso_ingest.warehouse import read_statements

SQL = read_statements(files(__package__) / "overview.sql")
blueprint = Blueprint("overview", __name__)


@blueprint.get("/")
def show() -> Answer:
    """Show how much there is of each kind, and what was refused."""
    kinds = Table("kinds", SQL["kinds"], caption="Events by kind")
    rejects = Table("rejects", SQL["rejects"], caption="Refused, by reason", empty="Nothing was refused.")
    return answer("overview.html", kinds, rejects, published=copy().one(SQL["published"]))
