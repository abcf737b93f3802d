"""Comparing two prompt versions, models, releases or arms of an experiment, from what was published."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, TypeAlias

from sayso_ingest.analysis.choices import BY, KINDS, STRATIFY
from sayso_ingest.analysis.comparison import MARGIN, Assignment, Comparison, Group, compare_groups
from sayso_ingest.analysis.stats.cells import Cells
from sayso_ingest.analysis.stats.ratio import sample_ratio
from sayso_ingest.errors import NotFound, UsageError
from sayso_ingest.warehouse import Published, read_statements

EVERYBODY = 0.05
"""Of all people the share that may meet both arms where people were assigned; with more, each interaction was."""


Row: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Contrast:
    """What is compared with what: `a` and `b` are values of the dimension `by`."""

    a: str
    b: str
    by: str = "version"
    prompt: str | None = None
    """Only this prompt; needed where several have both versions."""
    experiment: str | None = None
    """Only this experiment; needed where several have both arms."""
    kind: str = "thumb"
    name: str = ""
    """The dimension that people were asked about, such as accuracy."""
    stratify: str = "tag"
    """The mix to correct for: `tag`, the first tag of an interaction, or `none`."""
    margin: float = MARGIN
    """A difference that matters, 0 to 1."""
    planned: float = 0.5
    """The share of people that an experiment was to give to `a`."""

    def check(self) -> None:
        """See that it can be asked.

        Raises:
            UsageError: it cannot; the message says why.
        """
        if self.a == self.b:
            raise UsageError(f"{self.a} cannot be compared with itself. Name two.")
        for value, known in ((self.by, BY), (self.kind, KINDS), (self.stratify, STRATIFY)):
            if value not in known:
                raise UsageError(f"{value!r} is none of: {', '.join(known)}.")


def compare(copy: Published, contrast: Contrast) -> Comparison:
    """Compare the two sides of a contrast.

    Raises:
        NotFound: one of them is not there; the message names what is.
        UsageError: they are the same, or several prompts or experiments have both.
    """
    contrast.check()
    rows = copy.query(_sql("groups"), {"by": contrast.by})
    params = _narrowed(rows, contrast)
    cells, strata = Cells.read(copy.arrow(_sql("said"), _only(params, "said"))[1])
    if contrast.name and not len(cells.person):
        known = copy.query(_sql("names"), {"kind": contrast.kind})
        _require(contrast.name, [row["name"] for row in known], "name", said_by="verdict")
    inside = [row for row in rows if _inside(row, params)]
    seen = _seen(copy, params)
    a, b = (_group(label, inside, seen) for label in (contrast.a, contrast.b))
    return compare_groups(
        cells,
        a=a,
        b=b,
        kind=contrast.kind,
        strata=strata,
        stratified=contrast.stratify != "none",
        margin=contrast.margin,
        assignment=_assignment(copy, params, inside, contrast),
    )


def _narrowed(rows: Sequence[Row], contrast: Contrast) -> dict[str, Any]:
    """The parameters of the questions, with the one prompt or experiment that has both sides."""
    known = [row for row in rows if row["label"] is not None]
    for field in ("prompt", "experiment"):
        named = getattr(contrast, field)
        if named is not None:
            _require(named, [row[field] for row in rows], field)
            known = [row for row in known if row[field] == named]
    for label in (contrast.a, contrast.b):
        _require(label, [row["label"] for row in known], contrast.by)
    within = {"version": "prompt", "variant": "experiment"}.get(contrast.by)
    narrow = {"prompt": contrast.prompt, "experiment": contrast.experiment}
    if within and narrow[within] is None:
        narrow[within] = _only_one(known, contrast, within)
    asked = ("by", "a", "b", "kind", "name", "stratify")
    return {name: getattr(contrast, name) for name in asked} | narrow


def _inside(row: Row, params: dict[str, Any]) -> bool:
    """Whether interactions counted in this row belong to the comparison."""
    narrow = [params[name] in (None, row[name]) for name in ("prompt", "experiment")]
    return all(narrow) and row["label"] in (params["a"], params["b"])


def _only_one(known: Sequence[dict[str, Any]], contrast: Contrast, within: str) -> str | None:
    """The one prompt or experiment that has both sides; None where they are in none, or it has no name."""
    sides = [{row[within] for row in known if row["label"] == label} for label in (contrast.a, contrast.b)]
    both = sorted(name or "" for name in sides[0] & sides[1])
    if len(both) > 1:
        raise UsageError(
            f"Several {within}s have both {contrast.a} and {contrast.b}: {', '.join(both)}. "
            f"Say which with --{within}."
        )
    return (both[0] or None) if both else None


def _require(name: str, known: Sequence[str | None], what: str, *, said_by: str = "interaction") -> None:
    names = list(dict.fromkeys(one for one in known if one is not None))
    if name in names:
        return
    if not names:
        raise NotFound(f"There is no {what} {name!r}: no {said_by} has a {what}.")
    near = difflib.get_close_matches(name, names, n=3, cutoff=0.5) or names[:5]
    raise NotFound(f"There is no {what} {name!r}. Did you mean {' or '.join(near)}?")


def _seen(copy: Published, params: dict[str, Any]) -> dict[str, Row]:
    """Exposures and answers by label. What is not folded into them takes a join with all interactions."""
    folded = params["by"] in ("version", "prompt", "model") and params["experiment"] is None
    name = "seen" if folded else "seen_by_interaction"
    return {row["label"]: row for row in copy.query(_sql(name), _only(params, name))}


def _group(label: str, inside: Sequence[Row], seen: dict[str, Row]) -> Group:
    interactions = sum(row["interactions"] for row in inside if row["label"] == label)
    row = seen.get(label, {"exposed": 0, "answered": 0})
    return Group(label, interactions, row["exposed"], row["answered"], 0, None)


def _assignment(
    copy: Published, params: dict[str, Any], inside: Sequence[Row], contrast: Contrast
) -> Assignment | None:
    if len({row["experiment"] for row in inside} - {None}) != 1:
        return None
    [row] = copy.query(_sql("assigned"), _only(params, "assigned"))
    if not row["assigned"]:
        return None
    people = row["people_a"] + row["people_b"] - row["people_both"]
    unit = "people" if row["people_both"] <= EVERYBODY * people else "interactions"
    ratio = sample_ratio(row[f"{unit}_a"], row[f"{unit}_b"], planned=contrast.planned)
    return Assignment(row["experiment"], unit, ratio, row["people_both"])


def _only(params: dict[str, Any], statement: str) -> dict[str, Any]:
    """The parameters that a statement names."""
    return {name: value for name, value in params.items() if f"${name}" in _sql(statement)}


def _sql(name: str) -> str:
    return read_statements(files("sayso_ingest.analysis") / "contrast.sql")[name]
