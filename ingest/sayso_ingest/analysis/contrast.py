"""Comparing two prompt versions, models, releases or arms of an experiment, from what was published."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from sayso_ingest.analysis.comparison import MARGIN, Assignment, Comparison, Group, compare_groups
from sayso_ingest.analysis.stats.cells import Cells
from sayso_ingest.analysis.stats.ratio import sample_ratio
from sayso_ingest.errors import NotFound, UsageError
from sayso_ingest.warehouse import Published, read_statements

DIMENSIONS = ("version", "prompt", "model", "release", "variant")
KINDS = ("thumb", "suggestion")
STRATIFY = ("tag", "none")


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


def compare(copy: Published, contrast: Contrast) -> Comparison:
    """Compare the two sides of a contrast.

    Raises:
        NotFound: one of them is not there; the message names what is.
        UsageError: they are the same, or several prompts or experiments have both.
    """
    if contrast.a == contrast.b:
        raise UsageError(f"{contrast.a} cannot be compared with itself. Name two.")
    params = _narrowed(copy, contrast)
    cells, strata = Cells.read(copy.arrow(_sql("said"), _only(params, "said"))[1])
    asked = {row["label"]: row for row in copy.query(_sql("asked"), _only(params, "asked"))}
    a, b = (_group(label, asked) for label in (contrast.a, contrast.b))
    return compare_groups(
        cells,
        a=a,
        b=b,
        kind=contrast.kind,
        strata=strata,
        stratified=contrast.stratify != "none",
        margin=contrast.margin,
        assignment=_assignment(copy, params, contrast),
    )


def _narrowed(copy: Published, contrast: Contrast) -> dict[str, Any]:
    """The parameters of the questions, with the one prompt or experiment that has both sides."""
    rows = copy.query(_sql("groups"), {"by": contrast.by})
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
    return {
        "by": contrast.by,
        "a": contrast.a,
        "b": contrast.b,
        "kind": contrast.kind,
        "name": contrast.name,
        "stratify": contrast.stratify,
        **narrow,
    }


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


def _require(name: str, known: Sequence[str | None], what: str) -> None:
    names = list(dict.fromkeys(one for one in known if one is not None))
    if name in names:
        return
    if not names:
        raise NotFound(f"There is no {what} {name!r}: no interaction names a {what}.")
    near = difflib.get_close_matches(name, names, n=3, cutoff=0.5) or names[:5]
    raise NotFound(f"There is no {what} {name!r}. Did you mean {' or '.join(near)}?")


def _group(label: str, asked: dict[str, dict[str, Any]]) -> Group:
    row = asked.get(label, {"interactions": 0, "exposed": 0, "answered": 0})
    return Group(label, row["interactions"], row["exposed"], row["answered"], 0, None)


def _assignment(copy: Published, params: dict[str, Any], contrast: Contrast) -> Assignment | None:
    [row] = copy.query(_sql("assigned"), _only(params, "assigned"))
    if not row["assigned"]:
        return None
    ratio = sample_ratio(row["people_a"], row["people_b"], planned=contrast.planned)
    return Assignment(row["experiment"], ratio, row["people_both"])


def _only(params: dict[str, Any], statement: str) -> dict[str, Any]:
    """The parameters that a statement names."""
    return {name: value for name, value in params.items() if f"${name}" in _sql(statement)}


def _sql(name: str) -> str:
    return read_statements(files("sayso_ingest.analysis") / "contrast.sql")[name]
