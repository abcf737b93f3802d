"""Health: how fresh the copy is, what was lost on the way, and which clients were seen."""

from __future__ import annotations

from importlib.resources import files

from flask import Blueprint

from sayso_ingest.console.answer import Answer, answer
from sayso_ingest.console.copy import copy
from sayso_ingest.console.meanings import meanings
from sayso_ingest.console.table import Table
from sayso_ingest.warehouse import read_statements

SQL = read_statements(files(__package__) / "health.sql")
LOSSES = {
    "hop": "client: dropped before sending; collector: refused; lander: refused, or a repeat, which is no loss",
    "keys": "keys it came with",
}
blueprint = Blueprint("health", __name__)


@blueprint.get("/health")
def show() -> Answer:
    """Show what an operator looks at first."""
    losses = Table(
        "losses",
        SQL["losses"],
        caption="Losses by hop and reason",
        about=LOSSES,
        empty="Nothing was lost or refused.",
    )
    clients = Table(
        "clients",
        SQL["clients"],
        caption="Clients seen",
        about=meanings("silent_sources"),
        empty="No client has sent anything yet.",
    )
    kinds = Table("kinds", SQL["kinds"], caption="Events by kind", empty="No event has landed yet.")
    quality = Table(
        "quality", SQL["quality"], caption="How far the data can be trusted", about=meanings("data_quality")
    )
    return answer("health.html", losses, clients, kinds, quality, published=copy().one(SQL["published"]))
