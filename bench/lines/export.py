"""What exports cost as feedback grows: `sayso export` in a process of its own, kept apart from a set of 2,000 cases."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

from bench.figure import Beside, Figure
from bench.load import asked, command
from bench.run import Run

CASES = 2_000
GOAL_MB = 1_000
SET = "many"


def measure(run: Run) -> Iterator[Figure]:
    data = run.folder / "default"
    count = run.size(1_000_000, 600)
    asked.fill(data, interactions=count, spoken=1.0, edited=1.0)
    asked.make_set(data, SET, cases=run.size(CASES, 40))
    for format in ("trl-dpo", "parquet"):
        out = run.folder / format
        cost = command.run("export", "--format", format, "--out", str(out), "--data", str(run.folder))
        account = json.loads((out / "manifest.json").read_bytes())
        what = f"`sayso export --format {format}` over {account['considered']:,} examples, {account['kept']:,} kept"
        yield Figure(
            f"the most memory of {what}",
            cost.megabytes,
            "MB",
            goal=f"<= {GOAL_MB:,} MB",
            met=cost.megabytes <= GOAL_MB,
        )
        yield Figure(
            what,
            cost.seconds,
            "s",
            [Beside("reading, hashing and writing the same bytes", _raw(out))],
        )
        shutil.rmtree(out)


def _raw(out: Path) -> float:
    """Seconds to read, hash and write again what an export wrote."""
    began = time.perf_counter()
    for file in (path for path in out.rglob("*") if path.is_file()):
        with file.open("rb") as source, (out / "again").open("wb") as copy:
            hasher = hashlib.sha256()
            while some := source.read(2**20):
                hasher.update(some)
                copy.write(some)
            os.fsync(copy.fileno())
    return time.perf_counter() - began
