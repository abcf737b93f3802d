"""`python -m bench [NAME...]`: measure all lines, or those that are named, and print the table."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.figure import Figure
from bench.lines import LINES
from bench.machine import versions
from bench.results import Results, cells
from bench.run import Measure, Run

Versions = Callable[[], Mapping[str, str]]


def main(
    lines: Mapping[str, Measure] = LINES, results: Results | None = None, versions: Versions = versions
) -> int:
    """Measure what is named on the command line of these lines, keep it, write the table."""
    options = _options(lines)
    console = Console(width=160)
    results = results or Results()
    failed = []
    try:
        for name in [] if options.write else options.names or lines:
            with console.status(f"measuring: {name}"):
                try:
                    began = time.monotonic()
                    figures = _measure(name, lines[name], options, console)
                except Exception:  # the other lines are worth as much without it
                    console.print_exception()
                    failed.append(name)
                    continue
            if not options.quick:  # figures of a smoke test say nothing
                results.keep(name, figures, seconds=time.monotonic() - began, versions=versions())
    except KeyboardInterrupt:
        console.print("Interrupted. What was measured before is kept.")
        return 130
    finally:
        if not options.quick:
            results.write_readme(list(lines))
    if failed:
        console.print(f"Not measured: {', '.join(failed)}.")
    return 1 if failed else 0


def _measure(name: str, measure: Measure, options: argparse.Namespace, console: Console) -> list[Figure]:
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory(
        prefix="sayso-bench-", dir=options.folder, ignore_cleanup_errors=True
    ) as made:
        for figure in measure(Run(Path(made), quick=options.quick)):
            figures.append(figure)
            console.print(_row(name, figure))
    return figures


def _row(name: str, figure: Figure) -> Table:
    table = Table(box=None, pad_edge=False, show_header=False, expand=True)
    for ratio in (1, 5, 2, 5, 1, 3, 1):
        table.add_column(ratio=ratio, overflow="fold")
    table.add_row(name, *cells(figure))
    return table


def _options(lines: Mapping[str, Measure]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description="Measure all lines, or those that are named, and print the table."
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(lines)}; all without one")
    parser.add_argument("--quick", action="store_true", help="a smoke test: small sizes, nothing is kept")
    parser.add_argument("--write", action="store_true", help="measure nothing, write the README's table anew")
    parser.add_argument(
        "--folder", type=Path, help="where files are written: on the disk that is to be measured"
    )
    options = parser.parse_args()
    if unknown := set(options.names) - set(lines):
        parser.error(f"there is no line {', '.join(sorted(unknown))}; there are: {', '.join(lines)}")
    return options


if __name__ == "__main__":
    sys.exit(main())
