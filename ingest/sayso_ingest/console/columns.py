"""What a column holds and how it is shown: told from its name, its meaning and its values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from math import ceil, floor, log10
from typing import Any

SHARE = "0 to 1"
"""What the meaning of a column says whose numbers are shares."""
LONG = 40
"""Characters that wrap badly in a narrow column."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table, with the places of its values in a row.

    `kind` is text, number, share, time, flag or list; `long` is a text that wants room. With `low` and `high` it is
    drawn with its interval, on a scale from `least` to `most`.
    """

    name: str
    title: str
    about: str
    kind: str
    at: int
    long: bool = False
    low: int | None = None
    high: int | None = None
    least: float = 0.0
    most: float = 1.0

    @property
    def looks(self) -> str:
        """The names by which the style sheet knows it."""
        return self.kind + " long" * self.long + " ranged" * (self.low is not None)

    @property
    def numeric(self) -> bool:
        """Whether its figures are set one below the other."""
        return self.kind in ("number", "share")


def describe(names: Sequence[str], rows: Sequence[Sequence[Any]], about: Mapping[str, str]) -> list[Column]:
    """Describe the columns of a table; the ends of an interval become part of the column they belong to."""
    intervals = dict(_intervals(names))
    ends = {end for pair in intervals.values() for end in pair}
    columns = []
    for at, name in enumerate(names):
        if name not in ends:
            meaning = about.get(name, "")
            values = [row[at] for row in rows]
            long = any(isinstance(value, str) and len(value) > LONG for value in values)
            column = Column(name, _title(name), meaning, _kind(values, meaning), at, long=long)
            columns.append(
                _with_interval(column, names, rows, intervals[name]) if name in intervals else column
            )
    return columns


def _with_interval(
    column: Column, names: Sequence[str], rows: Sequence[Sequence[Any]], ends: tuple[str, str]
) -> Column:
    low, high = (names.index(end) for end in ends)
    least, most = scale(value for row in rows for value in (row[low], row[high]) if value is not None)
    return replace(column, low=low, high=high, least=least, most=most)


def scale(values: Iterable[float]) -> tuple[float, float]:
    """Return round bounds that hold all values: of shares, whole tenths."""
    known = [float(value) for value in values]
    if not known:
        return 0.0, 1.0
    least, most = min(known), max(known)
    step = 0.1 if least >= -1 and most <= 1 else 10 ** floor(log10(max(-least, most)))
    bottom, top = floor(least / step) * step, ceil(most / step) * step
    return (bottom, top) if top > bottom else (bottom, bottom + step)


def _intervals(names: Sequence[str]) -> Iterator[tuple[str, tuple[str, str]]]:
    """Yield the columns that have an interval, with the names of its ends.

    Those of `up_rate` are `up_rate_low` or `up_low`, and then no count `up` has them; plain `low` and `high` belong to
    the column before them.
    """
    for name, following in zip(names, [*names[1:], ""], strict=True):
        if f"{name}_rate" in names:
            continue
        prefixes = [f"{name}_", f"{name.removesuffix('_rate')}_"] + (
            [""] if following == "low" and name != "high" else []
        )
        for prefix in prefixes:
            if f"{prefix}low" in names and f"{prefix}high" in names:
                yield name, (f"{prefix}low", f"{prefix}high")
                break


def _kind(values: Iterable[Any], meaning: str) -> str:
    first = next((value for value in values if value is not None), None)
    if isinstance(first, bool):
        return "flag"
    if isinstance(first, int | float | Decimal):
        return "share" if SHARE in meaning else "number"
    if isinstance(first, datetime | date):
        return "time"
    return "list" if isinstance(first, list | tuple) else "text"


def _title(name: str) -> str:
    return name.replace("_", " ")
