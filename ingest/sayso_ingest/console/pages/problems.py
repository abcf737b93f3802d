"""What goes wrong: problems from the most frequent on, each with its examples, an owner, and what became of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sayso_ingest.console import problems
from sayso_ingest.console.answer import answer
from sayso_ingest.console.copy import copy
from sayso_ingest.console.pages.standing import SQL, Standing, examples, first_seen, standings
from sayso_ingest.console.problems import Status
from sayso_ingest.console.signin import me, signin
from sayso_ingest.console.table import Table
from sayso_ingest.console.themes import gathered, voiced
from sayso_ingest.errors import UsageError

SHOWN = 100

blueprint = Blueprint("problems", __name__)


@blueprint.get("/problems")
def show() -> ResponseReturnValue:
    """Show all of them, or those of one status; or their figures as a file."""
    if "format" in request.args:
        return answer("problems.html", Table("problems", SQL["ranked"]))
    themes = gathered(current_app.config["PROJECT_FOLDER"])
    every = standings(signin().state, themes)
    counts = Counter(standing.status for standing in every)
    wanted = request.args.get("status", "")
    owner = request.args.get("owner", "")
    chosen = [one for one in every if wanted in ("", one.status) and owner in ("", one.said.owner)]
    found = [one for one in chosen if not one.theme]
    by_theme = {one.theme.id: one for one in chosen if one.theme}
    spoken = [
        (by_theme[one.theme.id], one)
        for one in (voiced(themes, copy()) if by_theme and themes else [])
        if one.theme.id in by_theme
    ]
    return render_template(
        "problems.html",
        found=found[:SHOWN],
        more=len(found) - SHOWN,
        counts=counts,
        statuses=["open", "reopened", *list(Status)[1:]],
        status=wanted,
        owner=owner,
        themes=themes,
        voiced=spoken,
    )


@blueprint.get("/problems/<problem_id>")
def one(problem_id: str) -> ResponseReturnValue:
    """Show one with its examples."""
    return _page(_standing(problem_id))


@blueprint.post("/problems/<problem_id>")
def change(problem_id: str) -> ResponseReturnValue:
    """Take the team's word on it."""
    standing = _standing(problem_id)
    form = {name: request.form.get(name, "").strip() for name in ("title", "owner", "status", "fixed_in")}
    try:
        problems.change(signin().state, standing.said, me(), **form, now=signin().now())
    except UsageError as error:
        return _page(standing, problem=str(error), kept=form), 400
    return redirect(url_for("problems.one", problem_id=problem_id, done="1"), 303)


def _page(standing: Standing, *, problem: str = "", kept: Mapping[str, str] | None = None) -> str:
    return render_template(
        "one_problem.html",
        one=standing,
        examples=examples(standing),
        versions=list(dict.fromkeys(version.label for version in first_seen()))[:100],
        users=[user.name for user in signin().users.entries()],
        statuses=list(Status),
        problem=problem,
        kept=kept or {},
    )


def _standing(problem_id: str) -> Standing:
    every = standings(signin().state, gathered(current_app.config["PROJECT_FOLDER"]))
    found = next((one for one in every if one.said.problem_id == problem_id), None)
    if found is None:
        abort(404, "No such problem is said of anything now.")
    return found
