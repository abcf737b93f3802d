"""`python -m bench`: run every bench and print one table."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench import caller, collector, lander, memory


def main() -> int:
    console = Console(width=120)
    table = Table("what", box=None, pad_edge=False)
    for name in ("figure", "raw limit", "ratio"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("raw limit is")
    for name, run in (
        ("caller", caller.run),
        ("collector", collector.run),
        ("lander", lander.run),
        ("memory", memory.run),
    ):
        with tempfile.TemporaryDirectory() as folder, console.status(f"measuring: {name}"):
            for figure in run(Path(folder)):
                table.add_row(*figure.cells())
    console.print(table)
    return 0


if __name__ == "__main__":
    sys.exit(main())
