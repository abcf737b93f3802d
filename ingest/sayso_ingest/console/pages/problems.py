"""What goes wrong: problems from the most frequent on, each with its examples, an owner, and what became of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sayso_ingest.console import problems
from sayso_ingest.console.answer import answer
from sayso_ingest.console.copy import copy
from sayso_ingest.console.problems import Problem, Status, problem_id_of
from sayso_ingest.console.recurrence import Heard, Version, recurrence
from sayso_ingest.console.signin import me, signin
from sayso_ingest.console.table import Table
from sayso_ingest.console.themes import gathered, voiced
from sayso_ingest.errors import UsageError
from sayso_ingest.warehouse import read_statements

SQL = read_statements(files(__package__) / "problems.sql")
SHOWN = 100

blueprint = Blueprint("problems", __name__)
Row = dict[str, Any]


@dataclass(frozen=True)
class Standing:
    """A problem: its figures, what the team says of it, and where it was heard after it was fixed."""

    figures: Row
    said: Problem
    again: Heard | None = None

    @property
    def status(self) -> str:
        """What became of it: also that it is back, which nobody has to say."""
        return "reopened" if self.again else str(self.said.status)


@blueprint.get("/problems")
def show() -> ResponseReturnValue:
    """Show all of them, or those of one status; or their figures as a file."""
    if "format" in request.args:
        return answer("problems.html", Table("problems", SQL["ranked"]))
    every = _standings()
    counts: dict[str, int] = defaultdict(int)
    for standing in every:
        counts[standing.status] += 1
    wanted = request.args.get("status", "")
    owner = request.args.get("owner", "")
    themes = None if wanted or owner else gathered(current_app.config["PROJECT_FOLDER"])
    found = [one for one in every if wanted in ("", one.status) and owner in ("", one.said.owner)]
    return render_template(
        "problems.html",
        found=found[:SHOWN],
        more=len(found) - SHOWN,
        counts=counts,
        status=wanted,
        owner=owner,
        themes=themes,
        voiced=voiced(themes, copy()) if themes else [],
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
    figures = standing.figures
    return render_template(
        "one_problem.html",
        one=standing,
        examples=copy().rows(SQL["examples"], {"source": figures["source"], "what": figures["what"]}),
        versions=list(dict.fromkeys(version.label for version in _first_seen()))[:100],
        users=[user.name for user in signin().users.users()],
        statuses=list(Status),
        problem=problem,
        kept=kept or {},
    )


def _standing(problem_id: str) -> Standing:
    found = next((one for one in _standings() if one.said.problem_id == problem_id), None)
    if found is None:
        abort(404, "No such problem is said of anything now.")
    return found


def _standings() -> list[Standing]:
    """Every problem, the most frequent first, with what the team says of it."""
    said = problems.known_problems(signin().state)
    fixed = any(problem.status == Status.FIXED for problem in said.values())
    heard, first_seen = (_heard(), _first_seen()) if fixed else ({}, {})
    standings = []
    for row in copy().rows(SQL["ranked"]):
        problem_id = problem_id_of(row["source"], row["what"])
        problem = said.get(problem_id) or Problem(problem_id, row["what"])
        again = None
        if problem.fixed_at is not None:
            where = heard.get((row["source"], row["what"]), [])
            again = recurrence(problem.fixed_in, problem.fixed_at, heard=where, first_seen=first_seen)
        standings.append(Standing(row, problem, again))
    return standings


def _heard() -> dict[tuple[str, str], list[Heard]]:
    found: dict[tuple[str, str], list[Heard]] = defaultdict(list)
    for row in copy().rows(SQL["heard"]):
        where = found[row["source"], row["what"]]
        if row["prompt_version"]:
            where.append(Heard(Version(row["prompt_name"], row["prompt_version"]), row["last_at"]))
        if row["release"]:
            where.append(Heard(Version(release=row["release"]), row["last_at"]))
    return found


def _first_seen() -> dict[Version, Any]:
    rows = copy().rows(SQL["seen"])
    return {
        Version(row["prompt_name"], row["prompt_version"], row["release"]): row["first_at"] for row in rows
    }
