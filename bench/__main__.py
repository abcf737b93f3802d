"""`python -m bench [NAME...]`: measure all lines, or those that are named, and print the table."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.figure import Figure
from bench.lines import LINES
from bench.machine import versions
from bench.results import Results, cells
from bench.run import Run


def main() -> int:
    options = _options()
    console = Console(width=160)
    results = Results()
    failed = []
    try:
        for name in [] if options.write else options.names or LINES:
            with console.status(f"measuring: {name}"):
                try:
                    _measure(name, options, results, console)
                except Exception:  # the other lines are worth as much without it
                    console.print_exception()
                    failed.append(name)
    except KeyboardInterrupt:
        console.print("Interrupted. What was measured before is kept.")
        return 130
    finally:
        if not options.quick:
            results.write_readme(list(LINES))
    if failed:
        console.print(f"Not measured: {', '.join(failed)}.")
    return 1 if failed else 0


def _measure(name: str, options: argparse.Namespace, results: Results, console: Console) -> None:
    began = time.monotonic()
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory(
        prefix="sayso-bench-", dir=options.folder, ignore_cleanup_errors=True
    ) as made:
        for figure in LINES[name](Run(Path(made), quick=options.quick)):
            figures.append(figure)
            console.print(_row(name, figure))
    if not options.quick:  # figures of a smoke test say nothing
        results.keep(name, figures, seconds=time.monotonic() - began, versions=versions())


def _row(name: str, figure: Figure) -> Table:
    table = Table(box=None, pad_edge=False, show_header=False, expand=True)
    for ratio in (1, 5, 2, 5, 1, 3, 1):
        table.add_column(ratio=ratio, overflow="fold")
    table.add_row(name, *cells(figure))
    return table


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(LINES)}; all without one")
    parser.add_argument("--quick", action="store_true", help="a smoke test: small sizes, nothing is kept")
    parser.add_argument(
        "--write", action="store_true", help="measure nothing, write bench/README.md's table anew"
    )
    parser.add_argument(
        "--folder", type=Path, help="where files are written: on the disk that is to be measured"
    )
    options = parser.parse_args()
    if unknown := set(options.names) - set(LINES):
        parser.error(f"there is no line {', '.join(sorted(unknown))}; there are: {', '.join(LINES)}")
    return options


if __name__ == "__main__":
    sys.exit(main())
