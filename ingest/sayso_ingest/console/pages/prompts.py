"""Prompts: which version should ship, how each was liked and how it did in runs, and two of them side by side."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

from flask import Blueprint, request
from markupsafe import Markup

from sayso_ingest.console import charts
from sayso_ingest.console.answer import Answer, answer
from sayso_ingest.console.copy import copy
from sayso_ingest.console.meanings import meanings
from sayso_ingest.console.plot import Plot
from sayso_ingest.console.table import Table
from sayso_ingest.warehouse import read_statements

if TYPE_CHECKING:
    from sayso_ingest.console.pages.comparing import Between

SQL = read_statements(files(__package__) / "prompts.sql")
blueprint = Blueprint("prompts", __name__)


@blueprint.get("/prompts")
def show() -> Answer:
    """Show what should ship, the versions, and the comparison of the two that the query string names."""
    from sayso_ingest.console.versions import known_prompts  # who reckons needs numpy

    versions = Table(
        "versions",
        SQL["versions"],
        caption="Versions",
        about=meanings("prompt_versions", "prompts_in_git"),
        empty="No interaction names a prompt yet. Send it with client.interaction(..., prompt={...}): its name and "
        "version, and its commit where it is in git.",
    )
    known = known_prompts(copy().rows(SQL["versions"]))
    return answer("prompts.html", versions, chart=_chart(versions), known=known, between=_between())


def _between() -> Between | None:
    """Compare what the query string names."""
    a, b = request.args.get("a"), request.args.get("b")
    if not a or not b:
        return None
    from sayso_ingest.console.pages.comparing import between

    return between(request.args.get("prompt", ""), a, b)


def _chart(versions: Table) -> Markup | None:
    plot = copy().keep("prompts plot", lambda: Plot.of(versions.read(copy())))
    return charts.draw("prompts", plot.chart, says=plot.says) if plot else None
