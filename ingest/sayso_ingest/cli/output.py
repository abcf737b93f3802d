"""Results on standard output: as a table for people, or as JSON, JSON lines or CSV for programs.

All but the table are written as the rows come, so that many rows need no memory. Parquet and Arrow are in `columnar`.
"""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from itertools import islice
from typing import Any, TypeVar

import click

from sayso_ingest.cli.options import say
from sayso_ingest.cli.terminal import clean, escape, write_table
from sayso_ingest.excerpt import cut
from sayso_ingest.spelling import cell, plain

FORMATS = ("table", "json", "csv", "jsonl")
TABLE_ROWS = 10_000
"""A table is measured before it is printed, so it cannot be as long as it likes."""
CELL = 10_000
"""Characters of a value that a table shows: laying out what nobody can read would take longer than any question."""

Function = TypeVar("Function", bound=Callable[..., Any])
Rows = Iterable[Sequence[Any]]


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
    """Write what `write_json` writes for the whole list, a row at a time."""
    before = "["
    for row in rows:
        text = json.dumps(plain(dict(zip(columns, row, strict=True))), ensure_ascii=False, indent=2)
        click.echo(before + "\n  " + escape(text.replace("\n", "\n  ")), nl=False)
        before = ","
    click.echo("[]" if before == "[" else "\n]")


def write_json(value: Any) -> None:
    """Print one value as indented JSON."""
    click.echo(escape(json.dumps(plain(value), ensure_ascii=False, indent=2)))


def _jsonl(columns: Sequence[str], rows: Rows) -> None:
    for row in rows:
        click.echo(escape(json.dumps(plain(dict(zip(columns, row, strict=True))), ensure_ascii=False)))


def _csv(columns: Sequence[str], rows: Rows) -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(columns)
    terminal = sys.stdout.isatty()
    for row in rows:
        cells = [cell(value) for value in row]
        # A program gets what was written, a person's terminal what cannot hurt it.
        writer.writerow([clean(text) for text in cells] if terminal else cells)


def _table(columns: Sequence[str], rows: Rows) -> None:
    some = list(islice(rows := iter(rows), TABLE_ROWS))
    cells = [[_readable(value) for value in row] for row in some]
    shown = [[cut(text, CELL) for text in row] for row in cells]
    write_table(columns, shown, numeric=[_is_numeric(column) for column in zip(*some, strict=True)])
    if not cells:
        say("(0 rows)")
    if any(len(text) > CELL for row in cells for text in row):
        say(f"Values are cut after {CELL:,} characters. All of them: --format csv (or jsonl, json).")
    if next(rows, None) is not None:
        say(
            f"These are the first {TABLE_ROWS:,} rows, and there are more. All of them: --format csv (or jsonl, json)."
        )


def _is_numeric(column: Sequence[Any]) -> bool:
    return bool(column) and all(map(_is_number, column))


def _is_number(value: Any) -> bool:
    return value is None or (isinstance(value, int | float | Decimal) and not isinstance(value, bool))


def _readable(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds").removesuffix("+00:00")
    if isinstance(value, float):
        return f"{value:.3g}" if 0 < abs(value) < 0.001 else f"{value:.4f}".rstrip("0").rstrip(".")
    return cell(value)
