"""Which chart fits a table: its first share with an interval, over time or by what comes before it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sayso_ingest.console import charts
from sayso_ingest.console.columns import Column
from sayso_ingest.console.table import Shown
from sayso_ingest.console.wording import NONE, share, text

LABEL = 40
"""Characters of a label."""


@dataclass(frozen=True, slots=True)
class Plot:
    """A chart and what it says in words."""

    chart: charts.Chart
    says: str

    @classmethod
    def of(cls, shown: Shown) -> Plot | None:
        """Choose a chart; None where no column has an interval, or there are fewer than two rows that have one."""
        figure = next((c for c in shown.columns if c.low is not None and c.kind == "share"), None)
        if figure is None:
            return None
        known = [row for row in shown.rows if row[figure.at] is not None and row[figure.low or 0] is not None]
        rows = known[: charts.MOST_ROWS]
        before = [column for column in shown.columns if column.at < figure.at]
        day = next((column for column in before if column.kind == "time"), None)
        if len(rows) < 2:
            return None
        if day and all(isinstance(row[day.at], date) for row in rows):
            return _over_time(rows, figure, day, [c for c in before if c.kind == "text"])
        return _by_label(rows, figure, before)


def _over_time(rows: Sequence[Any], figure: Column, day: Column, others: list[Column]) -> Plot | None:
    """Draw what has most of the days: a second dimension would be lines over lines."""
    groups: dict[str, list[Any]] = {}
    for row in rows:
        groups.setdefault(_label(row, others), []).append(row)
    label, longest = max(groups.items(), key=lambda group: len(group[1]))
    if len(longest) < 2:
        return None
    points = [_point(row, figure) | {"at": row[day.at]} for row in longest]
    title = f"{figure.title}{f' ({label})' if label else ''}"
    return Plot(
        charts.trend(points, at="at", value="value", low="low", high="high", title=title),
        f"{title} by {day.title}, with 95 % intervals: {share(points[0]['value'])} at first, "
        f"{share(points[-1]['value'])} at last.",
    )


def _by_label(rows: Sequence[Any], figure: Column, before: list[Column]) -> Plot | None:
    """Draw a row each, named by texts, and by figures before them until no two have the same name."""
    naming = [column for column in before if column.kind in ("text", "flag")]
    others = [column for column in before if column not in naming]
    while len({_label(row, naming) for row in rows}) < len(rows) and others:
        naming.append(others.pop(0))
    points = [_point(row, figure) | {"label": _label(row, naming) or NONE} for row in rows]
    if len({point["label"] for point in points}) < len(points):
        return None
    first, last = (f(points, key=lambda point: point["value"]) for f in (max, min))
    return Plot(
        charts.intervals(points, label="label", value="value", low="low", high="high", title=figure.title),
        f"{figure.title} of {len(points)}, with 95 % intervals: highest {first['label']} with "
        f"{share(first['value'])}, lowest {last['label']} with {share(last['value'])}.",
    )


def _point(row: Any, figure: Column) -> dict[str, Any]:
    return {"value": row[figure.at], "low": row[figure.low or 0], "high": row[figure.high or 0]}


def _label(row: Any, columns: Sequence[Column]) -> str:
    return " · ".join(_word(row[column.at], column) for column in columns if row[column.at] not in (None, ""))


def _word(value: Any, column: Column) -> str:
    """A text by itself; a figure with what it counts, for 3 alone says nothing."""
    return f"{column.title} {text(value)}" if column.numeric else text(value, LABEL)
