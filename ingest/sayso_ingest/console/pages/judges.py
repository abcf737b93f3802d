"""Judges: how good people would call what another model graded, and how far that model is to be trusted."""

from __future__ import annotations

from importlib.resources import files

from flask import Blueprint

from sayso_ingest.console.answer import Answer, answer
from sayso_ingest.console.copy import copy
from sayso_ingest.console.meanings import meanings
from sayso_ingest.console.table import Table
from sayso_ingest.warehouse import read_statements

SQL = read_statements(files(__package__) / "judges.sql")
blueprint = Blueprint("judges", __name__)


@blueprint.get("/judges")
def show() -> Answer:
    """Show each judge's rate as people correct it; where few labelled, how many are missing and which to label next."""
    judges = Table("judges", SQL["judges"], caption="Judges", about=meanings("judge_rates"))
    following = {(row["judge"], row["rubric"]): row["target"] for row in copy().rows(SQL["unlabelled"])}
    return answer("judges.html", judges, following=following)
