"""A quick chart of any answer: its first column across, its first figures up; or why there is none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any

from sayso_ingest.console import charts
from sayso_ingest.console.columns import Column
from sayso_ingest.console.plot import LABEL, Plot
from sayso_ingest.console.table import Shown
from sayso_ingest.console.wording import NONE, exactly, number, text

MOST_LINES = 4
"""There is a colour for each."""


@dataclass(frozen=True, slots=True)
class _Point:
    at: Any
    value: float
    series: str


def quick_plot(shown: Shown) -> Plot | str:
    """Choose a chart of what is shown; where none suits, the answer is a sentence that says why."""
    if len(shown.columns) < 2:
        return "No chart: it takes two columns, a name, time or number first, and a figure after it."
    across, *others = shown.columns
    up = next((column for column in others if column.numeric), None)
    if up is None:
        return f"No chart: no column after {across.title} holds figures."
    if across.kind == "list":
        return f"No chart: {across.title} holds lists. Take one thing of each, as in {across.title}[1]."
    named = across.kind in ("text", "flag")  # nothing is a name too, and no place on a line
    timed = across.kind == "time"  # among times a text is one that cannot be shown
    rows = [
        row
        for row in shown.rows
        if (named or row[across.at] is not None)
        and not (timed and isinstance(row[across.at], str))
        and _is_figure(row[up.at])
    ]
    if len(rows) < 2:
        return f"No chart: it takes two rows in which {across.title} and {up.title} have a value."
    between = [column for column in others if column.at < up.at and column.kind in ("text", "flag")]
    if across.kind in ("time", "number"):
        return _lines(rows, across, between, up)
    return _bars(rows, [across, *between], up, more=shown.more)


def _bars(rows: Sequence[Any], naming: Sequence[Column], up: Column, *, more: bool) -> Plot | str:
    points = [(_label(row, naming), float(row[up.at])) for row in rows[: charts.MOST_ROWS]]
    if len(dict(points)) < len(points):
        return f"No chart: several rows have the same {_names(naming)}. GROUP BY it, so that each has one figure."
    highest, lowest = (pick(points, key=lambda point: point[1]) for pick in (max, min))
    which = f"the first {len(points)} rows" if more or len(points) < len(rows) else f"{len(points)} rows"
    return Plot(
        charts.bars([{"label": label, "value": value} for label, value in points], title=up.title),
        f"{up.title} by {_names(naming)}, of {which}: highest {highest[0]} with {number(highest[1])}, "
        f"lowest {lowest[0]} with {number(lowest[1])}.",
    )


def _lines(rows: Sequence[Any], across: Column, between: Sequence[Column], up: Column) -> Plot | str:
    points = [_Point(row[across.at], float(row[up.at]), _label(row, between)) for row in rows]
    if len({(point.series, point.at) for point in points}) < len(points):
        told = _names([across, *between])
        return f"No chart: several rows have the same {told}. GROUP BY it, so that each has one figure."
    groups: dict[str, list[_Point]] = {}
    for point in sorted(points, key=lambda point: point.at):
        groups.setdefault(point.series, []).append(point)
    longest = sorted(groups, key=lambda name: -len(groups[name]))[:MOST_LINES]
    drawn = [
        {"at": point.at, "value": point.value, "series": name} for name in longest for point in groups[name]
    ]
    told = "; ".join(_course(name, groups[name], across) for name in longest)
    left = f" Drawn are {MOST_LINES} of {len(groups)} lines." if len(groups) > MOST_LINES else ""
    return Plot(
        charts.lines(drawn, over=across.title, title=up.title, time=across.kind == "time"),
        f"{up.title} by {across.title}: {told}.{left}",
    )


def _course(name: str, points: Sequence[_Point], across: Column) -> str:
    spell = exactly if across.kind == "time" else number
    first, last = points[0], points[-1]
    course = f"{number(first.value)} at {spell(first.at)}, {number(last.value)} at {spell(last.at)}"
    return f"{name} {course}" if name else course


def _is_figure(value: Any) -> bool:
    return value is not None and isfinite(value)


def _names(columns: Sequence[Column]) -> str:
    return " and ".join(column.title for column in columns)


def _label(row: Any, columns: Sequence[Column]) -> str:
    return " · ".join(NONE if row[c.at] in (None, "") else text(row[c.at], LABEL) for c in columns)
