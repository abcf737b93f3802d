"""The raw limit of landing: the same rows, ready as Arrow tables, inserted into a new DuckDB file.

python -m bench.load.arrow LIVE_FILE NEW_FILE
"""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from pathlib import Path

import duckdb

from bench.run import ROOT

BATCH = 150_000
"""Rows of one transaction: about what a landing has where that many wait."""


def bare_insert(live: Path, new: Path) -> tuple[float, float]:
    """Rows a second, and the most memory meanwhile in MB."""
    command = [sys.executable, "-m", "bench.load.arrow", str(live), str(new)]
    done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True, timeout=1800)
    rate, peak = map(float, done.stdout.split())
    return rate, peak


def main() -> None:
    live, new = sys.argv[1:]
    connection = duckdb.connect(new)
    connection.execute("SET checkpoint_threshold = '1TB'")
    connection.execute(f"ATTACH '{live}' AS live (READ_ONLY)")
    connection.execute("CREATE TABLE events AS FROM live.events LIMIT 0")
    rows, took, source = 0, 0.0, connection.cursor().sql("FROM live.events").to_arrow_reader(BATCH)
    for batch in source:
        connection.register("batch", batch)
        began = time.perf_counter()
        connection.execute("BEGIN")
        connection.execute("INSERT INTO events FROM batch")
        connection.execute("COMMIT")
        took += time.perf_counter() - began
        rows += batch.num_rows
    print(rows / took, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


if __name__ == "__main__":
    main()
