"""Runs: what eval sets came to with each prompt, one run in full, and its cases one after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sayso_ingest.console import against, runs, walking
from sayso_ingest.console.sets import SHORT
from sayso_ingest.console.walking import Filters, Stop, Walk
from sayso_ingest.errors import UsageError
from sayso_ingest.evals.runs import Manifest

if TYPE_CHECKING:  # what reckons needs numpy, and is imported when somebody compares
    from sayso_ingest.analysis.stats.paired import Paired
    from sayso_ingest.evals.compare import Comparison, Pair, Part

ON_A_PAGE = 50
WORST = 10
"""Cases that the page of a run names."""
CHANGES = 5
"""Cases that got worse, and as many that got better, that a comparison shows."""
NEAR = 0.25
"""A difference that fills the scale where all are smaller."""
MOST = 20
"""Runs that are compared at once."""

_FILTERS: Mapping[str, Callable[[Manifest], str]] = {
    "set": lambda one: one.set.name,
    "prompt": lambda one: one.prompt.name if one.prompt else "(its own)",
    "version": lambda one: one.prompt.version if one.prompt else "(its own)",
    "by": lambda one: str(one.system["name"]),
    "state": lambda one: "finished" if one.finished_at else "not finished",
}
"""What the list can be narrowed by, as the query string names it."""

blueprint = Blueprint("runs", __name__)


@dataclass(frozen=True, slots=True)
class Way:
    """The address of the cases of one run, or of two: what a walk through them, and what leads into it, is made of."""

    endpoint: str
    names: Mapping[str, str]
    """What says of which runs."""
    filters: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def through(cls, *manifests: Manifest, filters: Filters | None = None) -> Self:
        """The way through the cases of one run, or of two."""
        given = filters.given if filters else {}
        if len(manifests) == 1:
            return cls("runs.cases", {"run_id": manifests[0].run_id}, given)
        return cls(
            "runs.compare_cases", dict(zip("ab", (one.run_id for one in manifests), strict=True)), given
        )

    def to(self, *, tab: str | None = None, stop: Stop | Pair | None = None) -> str:
        """Where a list is, or a case of it."""
        place = {"tab": tab, "case": stop.case_id[:SHORT] if stop else None}
        values: dict[str, Any] = {**self.names, **self.filters, **place}
        return url_for(self.endpoint, **values)

    def anew(self, **filters: Any) -> str:
        """Where all cases are, or those that other filters choose."""
        values: dict[str, Any] = {**self.names, **filters}
        return url_for(self.endpoint, **values)


@blueprint.get("/runs")
def show() -> ResponseReturnValue:
    """Show the runs, newest first, of those that the query string asks for."""
    every = runs.every_manifest()
    choices = {name: sorted({what(one) for one in every}) for name, what in _FILTERS.items()}
    asked = {name: request.args.get(name, "") for name in _FILTERS}
    found = [one for one in every if all(asked[name] in ("", what(one)) for name, what in _FILTERS.items())]
    first = max(0, request.args.get("from", 0, type=int))
    return render_template(
        "runs.html",
        any=bool(every),
        choices=choices,
        asked=asked,
        found=len(found),
        listed=[runs.listed(one) for one in found[first : first + ON_A_PAGE]],
        first=first,
        on_a_page=ON_A_PAGE,
    )


@blueprint.get("/runs/compare")
def compare() -> ResponseReturnValue:
    """Show what two runs say of each other; those that were ticked in the list get an address of their own."""
    from sayso_ingest.evals.compare import details, sentence, warning

    ticked = sorted({*request.args.getlist("run")})
    if ticked:
        chosen = sorted((runs.manifest_of(one) for one in ticked), key=lambda one: one.created_at)
        return _chosen(chosen)
    a, b = _both()
    found = against.compared(a, b)
    return render_template(
        "run_comparison.html",
        a=runs.listed(a),
        b=runs.listed(b),
        way=Way.through(a, b),
        found=found,
        sentence=sentence(found),
        details=details(found),
        warning=warning(against.choices_of(a, b)),
        reach=reach([found.paired, *(part.paired for part in _parts(found))]),
        missing=against.met_by(a, b).missing,
        shown=CHANGES,
    )


@blueprint.get("/runs/compare/cases")
def compare_cases() -> ResponseReturnValue:
    """Show one case with the answers of two runs side by side, and the list that it is in."""
    a, b = _both()
    return _walked(against.stops_on(a, b), (a, b), walking.TWO)


@blueprint.get("/runs/<run_id>")
def one(run_id: str) -> ResponseReturnValue:
    """Show a run: what it was made of, what it came to, and where it failed."""
    manifest = runs.manifest_of(run_id)
    run = runs.run_of(manifest)
    cases, missing = runs.cases_of(manifest)
    worst = [stop for stop in walking.stops_of(run) if stop.tab == "failed"]
    return render_template(
        "run.html",
        one=runs.listed(manifest),
        run=run,
        way=Way.through(manifest),
        worst=worst[:WORST],
        failed=len(worst),
        cases=cases,
        missing=missing,
        others=[other for other in runs.every_manifest() if _comparable(manifest, other)],
    )


@blueprint.get("/runs/<run_id>/cases")
def cases(run_id: str) -> ResponseReturnValue:
    """Show one case of a run with its answers and scores, and the list that it is in."""
    manifest = runs.manifest_of(run_id)
    return _walked(walking.stops_of(runs.run_of(manifest)), (manifest,), walking.ONE)


def _walked(stops: Sequence[Stop], manifests: Sequence[Manifest], tabs: Sequence[str]) -> str:
    met = against.met_by(*manifests)
    known = met.cases
    filters = Filters.of(request.args)
    chosen = filters.choose(stops, lambda case_id: known[case_id].input if case_id in known else "")
    walk = Walk.of(
        chosen, tabs=tabs, tab=request.args.get("tab", ""), case_id=request.args.get("case", "").strip()
    )
    case = known.get(walk.current.case_id) if walk.current else None
    return render_template(
        "run_case.html",
        manifests=manifests,
        way=Way.through(*manifests, filters=filters),
        tabs=tabs,
        walk=walk,
        filters=filters,
        topics=sorted({stop.result.topic for stop in stops}),
        strata=sorted({stop.result.stratum for stop in stops}),
        known=known,
        missing=met.missing,
        case=case,
        sample=min(
            max(0, request.args.get("sample", 0, type=int)), (walk.current.samples if walk.current else 1) - 1
        ),
        around=runs.around(case) if case else None,
    )


def _chosen(manifests: Sequence[Manifest]) -> ResponseReturnValue:
    """Compare the runs that were ticked, the oldest first: two on a page of their own, more in a table."""
    if len(manifests) < 2:
        raise UsageError("Choose two runs to compare: tick the boxes of two in the list, or of more.")
    if len(manifests) == 2:
        return redirect(url_for("runs.compare", a=manifests[0].run_id, b=manifests[1].run_id))
    if len(manifests) > MOST:
        raise UsageError(
            f"Choose at most {MOST} runs to compare at once: the more, the less can be told apart."
        )
    from sayso_ingest.evals.compare.many import in_words

    table = against.compared_many(manifests)
    return render_template(
        "many_runs.html",
        table=table,
        sentence=in_words(table),
        reach=reach([entry.paired for entry in table.entries]),
    )


def reach(compared: Iterable[Paired | None]) -> float:
    """How far from 0 the scale of several differences goes, 0 to 1: so far that it holds all of their intervals."""
    return min(1.0, max([NEAR, *(one.interval.farthest for one in compared if one)]))


def _parts(found: Comparison) -> Iterable[Part]:
    return (*found.splits, *found.strata, *found.topics, *found.themes)


def _both() -> tuple[Manifest, Manifest]:
    names = request.args.get("a", ""), request.args.get("b", "")
    if not all(names) or names[0] == names[1]:
        raise UsageError("Choose two runs to compare: tick the boxes of two in the list of Runs.")
    return runs.manifest_of(names[0]), runs.manifest_of(names[1])


def _comparable(manifest: Manifest, other: Manifest) -> bool:
    return other.set.name == manifest.set.name and other.run_id != manifest.run_id
