"""Candidates: what mining proposed for an eval set, one large at a time, to be taken or declined, and promoted."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sayso_ingest import evalsets
from sayso_ingest.console import audit
from sayso_ingest.console.identity import needs
from sayso_ingest.console.lineage import said_of
from sayso_ingest.console.reviewing import TABS, Reviewing
from sayso_ingest.console.sets import SHORT, chosen_set, folder, neighbours, publish_sets
from sayso_ingest.console.signin import me, signin
from sayso_ingest.errors import NotFound, UsageError
from sayso_ingest.evalsets import Proposal
from sayso_ingest.users import Role

NOTE = 2_000
"""Characters of a note."""
Decide = Callable[..., list[Proposal]]
DECISIONS: Mapping[str, Decide] = {
    "wanted": evalsets.review_candidates,
    "declined": evalsets.decline_candidates,
}

blueprint = Blueprint("candidates", __name__)


@blueprint.get("/candidates")
def show() -> ResponseReturnValue:
    """Show a list of candidates, and one of them large."""
    return _page()


@blueprint.post("/candidates/decide")
@needs(Role.ANNOTATE)
def decide() -> ResponseReturnValue:
    """Say of one candidate, or of those that were chosen, that it is wanted or not, and go on to the next one."""
    what, note = request.form.get("what", ""), _note()
    name, _ = chosen_set()
    if what not in DECISIONS:
        raise UsageError("Say what becomes of it: wanted or declined.")
    single = "at" in request.form
    after = _reviewing(name).next_up if single else None
    try:
        found = DECISIONS[what](folder(), name, _chosen(), note=note, now=signin().now())
    except (NotFound, UsageError) as error:
        return _page(problem=str(error), note=note), 400
    said = "wanted a candidate" if what == "wanted" else "declined a candidate"
    _record(said, [f"{one.case.case_id[:SHORT]} of {name}" for one in found])
    known: dict[str, Any] = {"set": name, "tab": _tab(), "done": what, "n": len(found)}
    if single:
        known |= {"case": _short(after), "last": _short(found[0])}
    response = redirect(url_for("candidates.show", **known), 303)
    # It takes longer the more versions there are, and whoever reviews goes on at once.
    response.call_on_close(partial(publish_sets, folder()))
    return response


@blueprint.post("/candidates/promote")
@needs(Role.ANNOTATE)
def promote() -> ResponseReturnValue:
    """Make the next version of the set, with those that were chosen."""
    name, _ = chosen_set()
    try:
        version = evalsets.promote_candidates(folder(), name, _chosen(), note=_note(), now=signin().now())
    except (NotFound, UsageError) as error:
        return _page(problem=str(error), note=_note()), 400
    _record("made a version of an eval set", [f"{name} v{version.number}"])
    publish_sets(folder())
    return redirect(url_for("evalsets.one", name=name, version=version.number, done="promoted"), 303)


def _page(*, problem: str = "", note: str = "") -> str:
    name, names = chosen_set()
    reviewing = _reviewing(name) if name else None
    current = reviewing.current if reviewing else None
    number, near = neighbours(name, current.case) if current else (None, ())
    return render_template(
        "candidates.html",
        name=name,
        names=names,
        reviewing=reviewing,
        tabs=list(TABS),
        current=current,
        said=said_of(current.case.provenance.target) if current else [],
        near=near,
        version=number,
        wanted=reviewing.wanted if reviewing else (),
        count=request.args.get("n", 0, type=int),
        problem=problem,
        note=note,
    )


def _reviewing(name: str) -> Reviewing:
    every = evalsets.proposals(folder(), name)
    return Reviewing.of(every, tab=_tab(), case_id=request.values.get("at") or request.values.get("case", ""))


def _chosen() -> list[str]:
    """The candidates that a form is about: the one that is shown, or those whose boxes were ticked."""
    chosen = [one for one in request.form.getlist("case") if one]
    if not chosen:
        raise UsageError("Choose at least one candidate: tick its box in the list.")
    return chosen


def _short(proposal: Proposal | None) -> str | None:
    return proposal.case.case_id[:SHORT] if proposal else None


def _tab() -> str:
    tab = request.values.get("tab", "")
    return tab if tab in TABS else next(iter(TABS))


def _note() -> str:
    return request.form.get("note", "").strip()[:NOTE]


def _record(what: str, on: Sequence[str]) -> None:
    with signin().state.writing() as writing:
        for one in on:
            audit.record(writing, me(), what, one, now=signin().now())
