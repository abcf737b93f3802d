"""Results on standard output: as a table for people, or as JSON, JSON lines or CSV for programs."""

from __future__ import annotations

import csv
import io
import json
import math
import re
import shutil
import sys
from collections.abc import Callable, Sequence
from datetime import date, datetime
from itertools import zip_longest
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from rich.console import RenderableType

FORMATS = ("table", "json", "csv", "jsonl")
LONG_CELL = 30
"""Characters a text may count for when a table is measured: a longer one can be folded."""

Function = TypeVar("Function", bound=Callable[..., Any])
Rows = Sequence[Sequence[Any]]

# What would move the cursor or colour the terminal of whoever reads other people's comments.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def format_option(*formats: str) -> Callable[[Function], Function]:
    """Give a command the option --format, and hand it `format`; the first one named is the default."""
    choices = formats or FORMATS
    return click.option(
        "--format",
        "format",
        type=click.Choice(choices),
        default=choices[0],
        show_default=True,
        help="How to print the result.",
    )


def write_rows(columns: Sequence[str], rows: Rows, *, format: str = "table") -> None:
    """Print rows in the given format; times are UTC, a missing value is empty (null in JSON)."""
    {"table": _table, "json": _json, "jsonl": _jsonl, "csv": _csv}[format](columns, rows)


def _json(columns: Sequence[str], rows: Rows) -> None:
    write_json([dict(zip(columns, row, strict=True)) for row in rows])


def write_json(value: Any) -> None:
    """Print one value as indented JSON."""
    click.echo(json.dumps(_for_json(value), ensure_ascii=False, indent=2))


def _jsonl(columns: Sequence[str], rows: Rows) -> None:
    for row in rows:
        click.echo(json.dumps(_for_json(dict(zip(columns, row, strict=True))), ensure_ascii=False))


def _csv(columns: Sequence[str], rows: Rows) -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([_cell(value) for value in row] for row in rows)


def _table(columns: Sequence[str], rows: Rows) -> None:
    # Into a pipe or a file nothing is cut, and a row stays one line.
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else 10_000
    cells = [[_CONTROL.sub("\ufffd", _readable(value)) for value in row] for row in rows]
    widths = [max(len(cell) for cell in column) for column in zip(columns, *cells, strict=True)]
    if sum(min(size, LONG_CELL) + 3 for size in widths) > width + 3:
        _blocks(columns, cells, width)
    else:
        _grid(columns, cells, width, numeric=[_is_numeric(column) for column in zip(*rows, strict=True)])


def _grid(
    columns: Sequence[str], cells: Sequence[Sequence[str]], width: int, *, numeric: Sequence[bool]
) -> None:
    """A line a row; a text that is longer than its column is folded."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    grid = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    for column, right in zip_longest(columns, numeric, fillvalue=False):
        grid.add_column(Text(str(column)), justify="right" if right else "left", overflow="fold")
    for row in cells:
        grid.add_row(*map(Text, row))
    _print(grid, width)


def _blocks(columns: Sequence[str], cells: Sequence[Sequence[str]], width: int) -> None:
    """A block a row, a line a column: for rows that do not fit the terminal."""
    from rich.rule import Rule
    from rich.table import Table
    from rich.text import Text

    for number, row in enumerate(cells, start=1):
        _print(Rule(f"row {number}", align="left"), width)
        block = Table.grid(padding=(0, 2))
        block.add_column(no_wrap=True)
        block.add_column(overflow="fold")
        for column, cell in zip(columns, row, strict=True):
            block.add_row(Text(column), Text(cell))
        _print(block, width)


def _print(what: RenderableType, width: int) -> None:
    from rich.console import Console

    page = io.StringIO()
    Console(file=page, width=width, highlight=False).print(what)
    for line in page.getvalue().splitlines():
        click.echo(line.rstrip())


def _is_numeric(column: Sequence[Any]) -> bool:
    return bool(column) and all(map(_is_number, column))


def _is_number(value: Any) -> bool:
    return value is None or (isinstance(value, int | float) and not isinstance(value, bool))


def _readable(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds").removesuffix("+00:00")
    if isinstance(value, float):
        return f"{value:.3g}" if 0 < abs(value) < 0.001 else f"{value:.4f}".rstrip("0").rstrip(".")
    return _cell(value)


def _cell(value: Any) -> str:
    """Spell a value in one cell, so that it can be read back."""
    if value is None:
        return ""
    if isinstance(value, bool | dict | list | tuple):
        return json.dumps(_for_json(value), ensure_ascii=False)
    plain = value if isinstance(value, str | int | float) else _plain(value)
    return str(plain)


def _for_json(value: Any) -> Any:
    """Turn a value into what JSON can say; a number that is none becomes null."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {str(key): _for_json(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_for_json(item) for item in value]
    return _plain(value)


def _plain(value: Any) -> str:
    """Spell what JSON has no type for; times are UTC and end in Z."""
    if isinstance(value, datetime):
        return value.isoformat().removesuffix("+00:00") + "Z"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.decode("utf-8", errors="replace")
    return str(value)
