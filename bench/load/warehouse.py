"""A big warehouse made in SQL, and how quickly it answers what analysts ask every day.

`python -m bench.load.warehouse FOLDER [EVENTS]` fills FOLDER (10 million events unless told otherwise) and asks.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from sayso_ingest.analysis import catalog, question
from sayso_ingest.warehouse import Published, Publisher, Warehouse, read_statements

LANDING = 500_000
"""Events of one landing: bounds the memory that filling takes."""
SQL = read_statements(Path(__file__).with_name("warehouse.sql"))
TYPED = read_statements(Path(__file__).with_name("questions.sql"))
"""What analysts ask in their own words, beside the questions that have a name."""
READ = 100
"""Rows of an answer that is long as there are events: more than anybody reads."""


def fill(folder: Path, *, events: int = 10_000_000, words: int = 0) -> Warehouse:
    """Fill a project's folder with events, folded by the real fold and published; return the open warehouse.

    Answers have 200 characters, and 33 more for each of `words`.
    """
    warehouse = Warehouse.open(folder, views=catalog())
    live = warehouse._live
    for macro in ("draw", "time_of", "id_of"):
        live.execute(SQL[macro])
    for landing, first in enumerate(range(0, events, LANDING), start=1):
        last = min(events, first + LANDING)
        live.execute(SQL["fill"], {"first": first, "last": last, "landing": landing, "words": words})
        live.execute(SQL["refuse"], {"first": first, "last": last})
        live.execute(SQL["landed"], {"landing": landing})
        warehouse.fold(now=datetime.now(UTC))
        warehouse.checkpoint()
    publisher = Publisher(warehouse, folder)
    publisher.start(now=datetime.now(UTC))
    publisher.poll(wait=True)
    return warehouse


def questions() -> dict[str, str]:
    """Every question of the catalog, as `sayso ask` asks it, and what is typed, by name."""
    return {view.name: question(view.name, limit=READ) for view in catalog()} | TYPED


def ask(folder: Path, *, rounds: int = 3) -> Iterator[tuple[str, float, int]]:
    """Ask every question of a copy that is opened for it; yield its name, the median of the seconds, and its rows."""
    for name, sql in questions().items():
        took, rows = [], 0
        for _ in range(rounds):
            began = time.perf_counter()
            with Published.open(folder) as copy:
                rows = len(copy.table(sql)[1])
            took.append(time.perf_counter() - began)
        yield name, median(took), rows


def main() -> int:
    folder = Path(sys.argv[1])
    if not (folder / "warehouse.duckdb").exists():
        fill(folder, events=int(sys.argv[2]) if len(sys.argv) > 2 else 10_000_000).close()
    for name, took, rows in ask(folder):
        print(f"{name:32} {took:8.3f} s {rows:6} rows", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
