"""Prompts: how each version was liked, and two of them side by side."""

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
    from sayso_ingest.console.pages.comparing import SideBySide

SQL = read_statements(files(__package__) / "prompts.sql")
blueprint = Blueprint("prompts", __name__)


@blueprint.get("/prompts")
def show() -> Answer:
    """Show the versions, and the comparison of the two that the query string names."""
    versions = Table(
        "versions",
        SQL["versions"],
        caption="Versions",
        about=meanings("prompt_versions", "prompts_in_git"),
        empty="No interaction names a prompt yet. Send it with client.interaction(..., prompt={...}): its name and "
        "version, and its commit where it is in git.",
    )
    return answer("prompts.html", versions, chart=_chart(versions), prompts=_prompts(), compared=_compared())


def _compared() -> SideBySide | str | None:
    """Compare what the query string names."""
    a, b = request.args.get("a"), request.args.get("b")
    if not a or not b:
        return None
    from sayso_ingest.console.pages.comparing import side_by_side

    return side_by_side(request.args.get("prompt", ""), a, b)


def _chart(versions: Table) -> Markup | None:
    plot = copy().keep("prompts plot", lambda: Plot.of(versions.read(copy())))
    return charts.draw("prompts", plot.chart, says=plot.says) if plot else None


def _prompts() -> dict[str, list[str]]:
    """The versions of each prompt that has two to compare, the one used last first."""
    prompts: dict[str, list[str]] = {}
    for row in copy().rows(SQL["names"]):
        prompts.setdefault(row["prompt_name"] or "", []).append(row["prompt_version"])
    return {name: versions for name, versions in prompts.items() if len(versions) > 1}
