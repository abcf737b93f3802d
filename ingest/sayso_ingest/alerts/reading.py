"""What a rule reads in its view: the figure of each group, its interval, and how many people it is of."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sayso_ingest.alerts.rules import Rule
from sayso_ingest.analysis import View, catalog, question
from sayso_ingest.errors import UsageError
from sayso_ingest.warehouse import Published

MOST = 1_000
"""Groups of a rule; among more, chance can hardly be told from a change."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A group's figure as it is now."""

    rule: Rule
    group: dict[str, str]
    value: float
    low: float
    high: float
    people: int | None
    """None where the view does not count them."""

    @property
    def key(self) -> tuple[str, ...]:
        """What names it from day to day."""
        return (self.rule.name, *self.group.values())


def read(copy: Published, rule: Rule) -> list[Reading]:
    """Read all groups whose figure and interval are known.

    Raises:
        UsageError: the rule asks for what the view does not have, or its groups are not told apart.
    """
    view, low, high = resolved(rule)
    known = [f'"{column}" IS NOT NULL' for column in (rule.figure, low, high)]
    chosen = [f'"{column}" IS NOT DISTINCT FROM ?' for column in rule.where]
    rows = copy.query(
        f"FROM ({question(rule.view)}) WHERE {' AND '.join(known + chosen)} LIMIT {MOST + 1}",
        list(rule.where.values()),
    )
    if len(rows) > MOST:
        raise UsageError(f"Rule {rule.name!r} has more than {MOST:,} groups. Choose some of them with where.")
    readings = [_reading(rule, row, low, high) for row in rows]
    _check_groups(readings, view)
    return readings


def resolved(rule: Rule) -> tuple[View, str, str]:
    """Find the view of a rule, and the columns of its figure's interval.

    Raises:
        UsageError: the rule asks for what is not there.
    """
    view = _view(rule)
    low, high = _interval(view, rule)
    for column in (*rule.by, *rule.where):
        _require(column, view.columns, f"Rule {rule.name!r}: {view.name} has no column")
    return view, low, high


def meaning(rule: Rule) -> str:
    """What the figure is, in the words of the view's header, without what follows a comma or a semicolon."""
    text = _view(rule).columns[rule.figure]
    return text.split(";")[0].split(",")[0]


def is_share(rule: Rule) -> bool:
    """Whether the figure is a share, or the difference of two: the view's header says from where to where it goes."""
    return "1 to 1" in (text := _view(rule).columns[rule.figure]) or "0 to 1" in text


def _reading(rule: Rule, row: dict[str, Any], low: str, high: str) -> Reading:
    group = {column: "none" if row[column] is None else str(row[column]) for column in rule.by}
    value, *ends = (float(row[column]) for column in (rule.figure, low, high))
    return Reading(rule, group, value, ends[0], ends[1], row.get("people"))


def _view(rule: Rule) -> View:
    views = {view.name: view for view in catalog()}
    _require(rule.view, views, f"Rule {rule.name!r}: there is no view")
    return views[rule.view]


def _interval(view: View, rule: Rule) -> tuple[str, str]:
    """The columns of the figure's interval: up_rate has up_low and up_high."""
    figures = {name: ends for name in view.columns if (ends := _ends(view, name))}
    if not figures:
        raise UsageError(
            f"Rule {rule.name!r}: no figure of {view.name} has an interval, so none can be watched."
        )
    _require(rule.figure, figures, f"Rule {rule.name!r}: {view.name} has no figure with an interval")
    return figures[rule.figure]


def _ends(view: View, figure: str) -> tuple[str, str] | None:
    if {f"{figure}_rate", f"{figure}_share"} & view.columns.keys():
        return None  # up is a count: up_low and up_high are those of up_rate
    for stem in (figure, figure.removesuffix("_rate"), figure.removesuffix("_share")):
        if {f"{stem}_low", f"{stem}_high"} <= view.columns.keys():
            return f"{stem}_low", f"{stem}_high"
    return None


def _require(name: str, known: Iterable[str], complaint: str) -> None:
    names = list(known)
    if name not in names:
        near = difflib.get_close_matches(name, names, n=3, cutoff=0.5) or names
        raise UsageError(f"{complaint} {name!r}. There are: {', '.join(near)}.")


def _check_groups(readings: list[Reading], view: View) -> None:
    counted = Counter(one.key for one in readings).most_common(1)
    if counted and counted[0][1] > 1:
        name, *group = counted[0][0]
        raise UsageError(
            f"Rule {name!r}: {view.name} has several rows for {', '.join(map(repr, group))}. Name more columns in by, "
            f"or choose with where: {', '.join(view.columns)}."
        )
