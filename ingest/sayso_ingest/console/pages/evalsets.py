"""Eval sets: their versions, what changed from one to another, and each case down to the clicks behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sayso_ingest import evalsets
from sayso_ingest.console import audit
from sayso_ingest.console.copy import copy
from sayso_ingest.console.identity import needs
from sayso_ingest.console.lineage import said_of
from sayso_ingest.console.runs import came_of
from sayso_ingest.console.sets import SHORT, folder, publish_sets, version_of
from sayso_ingest.console.signin import me, signin
from sayso_ingest.errors import NotFound, UsageError
from sayso_ingest.evalsets import EvalCase, Flag, State, Version
from sayso_ingest.mining import read_measurements
from sayso_ingest.places import coverage_file
from sayso_ingest.users import Role

ON_A_PAGE = 50
SHOWN = 100
"""Cases of a difference that a page names."""
REASON = 500
"""Characters that say why a case is retired."""

blueprint = Blueprint("evalsets", __name__)


@dataclass(frozen=True, slots=True)
class Change:
    """A case that two versions have otherwise, and the names of what is not the same."""

    before: EvalCase
    after: EvalCase
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Changes:
    """What is in one version and not, or not so, in an earlier one; `reasons` says why a removed case was retired."""

    before: Version
    added: tuple[EvalCase, ...]
    removed: tuple[EvalCase, ...]
    changed: tuple[Change, ...]
    reasons: Mapping[str, str]


@blueprint.get("/evalsets")
def show() -> ResponseReturnValue:
    """Show every set with its newest version."""
    return render_template("evalsets.html", sets=[_standing(name) for name in evalsets.known_names(folder())])


@blueprint.get("/evalsets/<name>")
def one(name: str) -> ResponseReturnValue:
    """Show the versions of a set, one of them with its cases, and what changed since an earlier one."""
    known = evalsets.summaries(folder(), name)
    if not known:
        if name not in evalsets.known_names(folder()):
            abort(404, f"There is no eval set {name}. Eval sets lists those there are.")
        return render_template("evalset.html", name=name, known=[], changes=None)
    version = version_of(name, request.args.get("version", known[-1].number, type=int))
    if request.args.get("format") == "jsonl":
        return _file(version)
    earlier = [summary.number for summary in known if summary.number < version.number]
    before = request.args.get("before", earlier[-1] if earlier else None, type=int)
    first = max(0, request.args.get("from", 0, type=int))
    return render_template(
        "evalset.html",
        name=name,
        known=known[::-1],
        version=version,
        changes=_changes(version_of(name, before), version) if before is not None else None,
        cases=version.cases[first : first + ON_A_PAGE],
        first=first,
        on_a_page=ON_A_PAGE,
        shown=SHOWN,
        flags=_flags(version) if "check" in request.args else None,
    )


@blueprint.get("/evalsets/<name>/<case_id>")
def case(name: str, case_id: str) -> ResponseReturnValue:
    """Show a case of a version, with every click and comment about the answer it comes from."""
    return _case(name, case_id)


@blueprint.post("/evalsets/<name>/<case_id>")
@needs(Role.ANNOTATE)
def retire(name: str, case_id: str) -> ResponseReturnValue:
    """Make the next version of the set without this case."""
    reason = request.form.get("reason", "").strip()[:REASON]
    try:
        version = evalsets.retire_cases(folder(), name, [case_id], reason=reason, now=signin().now())
    except (NotFound, UsageError) as error:
        return _case(name, case_id, problem=str(error), reason=reason), 400
    with signin().state.writing() as writing:
        audit.record(writing, me(), "retired a case", f"{case_id[:SHORT]} of {name}", now=signin().now())
    publish_sets(folder())
    return redirect(url_for("evalsets.one", name=name, version=version.number, done="retired"), 303)


def _case(name: str, case_id: str, *, problem: str = "", reason: str = "") -> str:
    known = evalsets.summaries(folder(), name)
    newest = known[-1].number if known else 1
    version = version_of(name, request.args.get("version", newest, type=int))
    found = next((one for one in version.cases if one.case_id.startswith(case_id)), None)
    if found is None:
        abort(404, f"There is no case {case_id} in {name} v{version.number}. It may be in another version.")
    return render_template(
        "one_case.html",
        name=name,
        version=version,
        newest=version.number == newest,
        case=found,
        said=said_of(found.provenance.target),
        ran=came_of(name, found.case_id),
        problem=problem,
        reason=reason,
    )


def _flags(version: Version) -> list[tuple[EvalCase, Flag]]:
    """The cases that later feedback speaks against. What is nearly asked twice takes vectors, and is the command's."""
    cases = {case.case_id: case for case in version.cases}
    traffic = evalsets.read_traffic(copy().open().query, version.cases)
    made = evalsets.made_at(evalsets.versions(folder(), version.name))
    return [(cases[flag.case_id], flag) for flag in evalsets.check_cases(version, traffic, made=made)]


def _file(version: Version) -> Response:
    """The cases as they are on disk, to the byte."""
    found = Response((version.path / "cases.jsonl").read_bytes(), mimetype="application/jsonl")
    found.headers.set("Content-Disposition", "attachment", filename=f"{version.name}-v{version.number}.jsonl")
    return found


def _standing(name: str) -> dict[str, Any]:
    """A set with its newest version, what waits for it, and how well it covered traffic when that was last measured."""
    known = evalsets.summaries(folder(), name)
    states = [proposal.state for proposal in evalsets.proposals(folder(), name)]
    measured = read_measurements(coverage_file(folder(), name))
    return {
        "name": name,
        "newest": known[-1] if known else None,
        "versions": len(known),
        "waiting": states.count(State.CANDIDATE),
        "wanted": states.count(State.REVIEWED),
        "measured": measured[-1] if measured else None,
    }


def _changes(before: Version, after: Version) -> Changes:
    old = {case.case_id: case for case in before.cases}
    new = {case.case_id: case for case in after.cases}
    between = [version_of(after.name, number) for number in range(before.number + 1, after.number)]
    found = evalsets.compare(before, after, known=between)
    return Changes(
        before,
        added=tuple(new[case_id] for case_id in found.added),
        removed=tuple(old[case_id] for case_id in found.removed),
        changed=tuple(Change(old[case_id], new[case_id], found.fields[case_id]) for case_id in found.changed),
        reasons=found.reasons,
    )
