"""Annotate: a queue of answers to label, some of them by two people who do not see each other's labels."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from typing import Any
from uuid import uuid4

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sayso_ingest.analysis import wilson
from sayso_ingest.console import audit, sending
from sayso_ingest.console.answer import answer
from sayso_ingest.console.copy import copy
from sayso_ingest.console.identity import Identity, needs
from sayso_ingest.console.labelling import send_label
from sayso_ingest.console.queue import SECOND_READINGS, Pools, following
from sayso_ingest.console.signin import me, signin
from sayso_ingest.console.state import iso
from sayso_ingest.console.table import Table
from sayso_ingest.errors import NotSent, UsageError
from sayso_ingest.users import Role
from sayso_ingest.warehouse import read_statements

SQL = read_statements(files(__package__) / "annotate.sql")
MOST_TURNS = 20_000
"""Turns of one person that are remembered; what was labelled longer ago has long been published."""

blueprint = Blueprint("annotate", __name__)
Row = dict[str, Any]


@blueprint.get("/annotate")
def show() -> ResponseReturnValue:
    """Show the answer that is next, or the one that the address names; or a table as a file."""
    if "format" in request.args:
        return answer("annotate.html", *_tables())
    return _page(request.args.get("target", ""))


@blueprint.post("/annotate/label")
@needs(Role.ANNOTATE)
def label() -> ResponseReturnValue:
    """Send the label, and go on to the next answer; where no collector takes it, show the same one again."""
    form = request.form
    target = form.get("target", "")
    try:
        chosen = send_label(form)
    except UsageError as error:
        return _page(target, problem=str(error), kept=form), 400
    except NotSent as error:
        return _page(target, problem=str(error), kept=form), 503
    _take_turn(target, sending.checked_id(form["event_id"]), "labelled")
    return redirect(url_for("annotate.show", said=chosen.name), 303)


@blueprint.post("/annotate/skip")
@needs(Role.ANNOTATE)
def skip() -> ResponseReturnValue:
    """Go on without a label; the answer does not come back to the same person."""
    _take_turn(request.form.get("target", ""), None, "skipped")
    return redirect(url_for("annotate.show", said="skipped"), 303)


@blueprint.post("/annotate/undo")
@needs(Role.ANNOTATE)
def undo() -> ResponseReturnValue:
    """Take the last turn back, and show its answer again."""
    at, who = signin(), me()
    last = next(iter(at.state.read("last_turn", who=who.name)), None)
    if last is None:
        return _page("", problem="There is nothing to undo.")
    if last["event_id"]:
        try:
            sending.take_back(
                current_app.config["PROJECT_FOLDER"],
                current_app.config["COLLECTOR"],
                target=last["target"],
                actor=who.name,
                of=last["event_id"],
                event_id=str(uuid4()),
            )
        except NotSent as error:
            return _page(last["target"], problem=str(error)), 503
    with at.state.writing() as writing:
        writing.run("undo_turn", id=last["id"])
        audit.record(writing, who, "undid", last["target"], now=at.now())
    return redirect(url_for("annotate.show", target=last["target"]), 303)


def _page(target: str, *, problem: str = "", kept: Mapping[str, str] | None = None) -> str:
    chosen = target or _next()
    found = copy().lookup(SQL["interaction"], {"target": chosen}) if chosen else []
    params = {"rubric": current_app.config["RUBRIC"]}
    agreed = copy().one(SQL["agreement"], params)
    return render_template(
        "annotate.html",
        tables={table.name: table.read(copy()) for table in _tables()},
        item=found[0] if found else None,
        asked=target,
        agreed=agreed,
        interval=wilson(agreed["same"] / agreed["pairs"], agreed["pairs"]) if agreed["pairs"] else None,
        mine=signin().state.read("turns_taken", who=me().name),
        labels=current_app.config["LABELS"],
        percent=SECOND_READINGS,
        problem=problem,
        kept=kept or {},
        event_id=(kept or {}).get("event_id") or str(uuid4()),
    )


def _tables() -> list[Table]:
    params = {"rubric": current_app.config["RUBRIC"]}
    to_item = {"target": lambda row: url_for("annotate.show", target=row["target"])}
    return [
        Table("labels", SQL["counts"], params, caption="Labels given", empty="No label yet."),
        Table(
            "differ",
            SQL["differ"],
            params,
            caption="Answers on which two people differ",
            links=to_item,
            empty="No two people differ on an answer.",
            rows_shown=20,
        ),
    ]


def _next() -> str | None:
    at, who = signin(), me()
    done = {row["target"] for row in at.state.read("turns", who=who.name)}
    taken = {row["target"] for row in at.state.read("turns_of_others", who=who.name)}
    return following(_pools(), who=_actor(who), turn=len(done), done=done, taken=taken)


def _pools() -> Pools:
    """What waits, of the copy that is published now."""
    rubric = {"rubric": current_app.config["RUBRIC"]}
    second = copy().rows(SQL["second"], {**rubric, "percent": SECOND_READINGS})
    return Pools(
        disliked=[row["target"] for row in copy().rows(SQL["disliked"], rubric)],
        second={row["target"]: row["who"] for row in second},
        random=[row["target"] for row in copy().rows(SQL["random"], rubric)],
    )


def _take_turn(target: str, event_id: str | None, what: str) -> None:
    at, who = signin(), me()
    with at.state.writing() as writing:
        writing.run("take_turn", at=iso(at.now()), who=who.name, target=target[:1000], event_id=event_id)
        writing.run("trim_turns", who=who.name, most=MOST_TURNS)
        audit.record(writing, who, what, target, now=at.now())


def _actor(who: Identity) -> str:
    """The person as views spell it."""
    return f"actor:{who.name}"
