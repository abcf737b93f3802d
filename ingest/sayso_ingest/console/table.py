"""A table of a page: a question to the copy, sorted, shortened and downloaded as the query string says."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from flask import abort

from sayso_ingest.console.columns import Column, describe
from sayso_ingest.console.copy import Copy
from sayso_ingest.warehouse.published import Params

ROWS = 100
MOST_ROWS = 1000
"""A page with more is slow to draw, and nobody reads it: all rows are in the download."""

Link = Callable[[dict[str, Any]], str | None]


@dataclass(frozen=True)
class Table:
    """A question and how its answer is shown.

    `about` says what columns mean, `hidden` names those that only downloads have, `links` where a value leads.
    `sort` is a column, with a minus before it for the largest first. `first` says how to ask for the first so many
    rows in the order of the question, where that is quicker than to ask for all of them.
    """

    name: str
    sql: str
    params: Params = ()
    caption: str = ""
    about: Mapping[str, str] = field(default_factory=dict)
    hidden: Sequence[str] = ()
    links: Mapping[str, Link] = field(default_factory=dict)
    empty: str = "Nothing yet."
    rows_shown: int = ROWS
    sort: str = ""
    first: Callable[[int], str] | None = None

    def arranged(self, *, sort: str | None, limit: int | None) -> Table:
        """Return it as a reader asks for it; None leaves what the page chose."""
        rows = self.rows_shown if limit is None else max(1, min(limit, MOST_ROWS))
        return replace(self, sort=self.sort if sort is None else sort, rows_shown=rows)

    def read(self, copy: Copy) -> Shown:
        """Ask the copy for the rows that are shown."""
        asked = self.rows_shown + 1
        sql = self.first(asked) if self.first and not self.sort else f"{self.ordered(copy)} LIMIT {asked}"
        names, rows = copy.table(sql, self.params)
        shown = rows[: self.rows_shown]
        columns = [column for column in describe(names, shown, self.about) if column.name not in self.hidden]
        return Shown(self, columns, names, shown, more=len(rows) > len(shown))

    def ordered(self, copy: Copy) -> str:
        """Return its SQL with the order it is to have; answers 400 where there is no such column."""
        whole = f"SELECT * FROM ({self.sql})"  # noqa: S608 - a page's own statement
        if not self.sort:
            return whole
        column = self.sort.removeprefix("-")
        names, _ = copy.table(f"{whole} LIMIT 0", self.params)
        if column not in names:
            abort(400, f"This table has no column {column!r} to sort by. It has: {', '.join(names)}.")
        direction = "DESC" if self.sort.startswith("-") else "ASC"
        quoted = column.replace('"', '""')
        return f'{whole} ORDER BY "{quoted}" {direction} NULLS LAST'


@dataclass(frozen=True)
class Shown:
    """A table with its rows, as templates draw it."""

    table: Table
    columns: list[Column]
    names: list[str]
    rows: list[tuple[Any, ...]]
    more: bool

    def link(self, column: Column, row: Sequence[Any]) -> str | None:
        """Say where the value of a column leads."""
        to = self.table.links.get(column.name)
        return to(dict(zip(self.names, row, strict=True))) if to else None

    def next_sort(self, column: Column) -> str:
        """Say what a press on a column's title sorts by: figures begin with the largest."""
        first, then = (f"-{column.name}", column.name) if column.numeric else (column.name, f"-{column.name}")
        return then if self.table.sort == first else first

    def direction(self, column: Column) -> str | None:
        """Say how a column is sorted, in the words of aria-sort."""
        if self.table.sort.removeprefix("-") != column.name:
            return None
        return "descending" if self.table.sort.startswith("-") else "ascending"

    @property
    def dicts(self) -> list[dict[str, Any]]:
        """Its rows by the names of the columns."""
        return [dict(zip(self.names, row, strict=True)) for row in self.rows]

    @property
    def explained(self) -> dict[str, str]:
        """What its columns mean, of those that say so."""
        meanings = {column.title: column.about for column in self.columns}
        return {title: text for title, text in meanings.items() if text}
