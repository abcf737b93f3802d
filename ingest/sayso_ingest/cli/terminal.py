"""Tables for people: laid out so that they fit, and cleaned of what strangers could do to a terminal."""

from __future__ import annotations

import io
import re
import shutil
import sys
from collections.abc import Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from rich.console import RenderableType

LONG_CELL = 36
"""Characters a text may count for when a table is measured: a longer one can be folded, and a UUID never is."""
UNBOUNDED = 1_000_000
"""Width of a line in a pipe or a file."""
FEW_ROWS = 6
"""So many rows may stand side by side, a line a column, when they do not fit one below the other."""

Cells = Sequence[Sequence[str]]

# What would move the cursor, colour the terminal or turn the direction of text of whoever reads other people's
# words; and halves of surrogate pairs, which no output takes.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def clean(text: str) -> str:
    """Replace control characters; line breaks and tabs stay."""
    return _CONTROL.sub("\ufffd", text)


def escape(json_text: str) -> str:
    """Escape in JSON what `clean` replaces in text, so that nothing is lost and nothing happens."""
    return _CONTROL.sub(lambda found: f"\\u{ord(found[0]):04x}", json_text)


def write_table(columns: Sequence[str], cells: Cells, *, numeric: Sequence[bool]) -> None:
    """Print rows one below the other where they fit the terminal; else few of them side by side; else in blocks.

    Into a pipe or a file nothing is cut, and a row is one line whatever a stranger wrote.
    """
    terminal = sys.stdout.isatty()
    cells = [[clean(cell) if terminal else _one_line(clean(cell)) for cell in row] for row in cells]
    width = shutil.get_terminal_size().columns if terminal else UNBOUNDED
    if _fits([columns, *cells], width):
        _grid(columns, cells, width, numeric=numeric)
    elif len(cells) <= FEW_ROWS and _fits(turned := list(zip(columns, *cells, strict=True)), width):
        _grid([], turned, width, numeric=[False, *[len(cells) > 1] * len(cells)])
    else:
        _blocks(columns, cells, width)


def _fits(lines: Cells, width: int) -> bool:
    widest = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return sum(min(size, LONG_CELL) + 3 for size in widest) <= width + 3


def _grid(columns: Sequence[str], cells: Cells, width: int, *, numeric: Sequence[bool]) -> None:
    """A line a row; a text that is longer than its column is folded."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    grid = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, show_header=bool(columns))
    for column, right in zip_longest(columns, numeric, fillvalue=""):
        grid.add_column(Text(str(column)), justify="right" if right else "left", overflow="fold")
    for row in cells:
        grid.add_row(*map(Text, row))
    _print(grid, width)


def _blocks(columns: Sequence[str], cells: Cells, width: int) -> None:
    """A block a row, a line a column."""
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


def _one_line(text: str) -> str:
    return text.replace("\n", "\\n").replace("\t", "\\t")


def _print(what: RenderableType, width: int) -> None:
    from rich.console import Console

    page = io.StringIO()
    Console(file=page, width=width, highlight=False).print(what)
    for line in page.getvalue().splitlines():
        click.echo(line.rstrip())
