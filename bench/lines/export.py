"""What exports cost as feedback grows: `sayso export` in a process of its own, kept apart from a set of 2,000 cases."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.figure import Beside, Figure
from bench.load import asked
from bench.run import Run

CASES = 2_000
GOAL_MB = 1_000
SET = "many"


@dataclass(frozen=True)
class Cost:
    """Of one export: seconds, the most memory that it held, and the examples that it looked at and kept."""

    seconds: float
    megabytes: float
    considered: int
    kept: int


def measure(run: Run) -> Iterator[Figure]:
    data = run.folder / "default"
    count = run.size(1_000_000, 600)
    asked.fill(data, interactions=count, spoken=1.0, edited=1.0)
    asked.make_set(data, SET, cases=run.size(CASES, 40))
    for format in ("trl-dpo", "trl-kto", "parquet"):
        cost = _cost(run.folder, run.folder / format, format)
        what = f"`sayso export --format {format}` over {cost.considered:,} examples, {cost.kept:,} kept"
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
            [Beside("reading, hashing and writing the same bytes", _raw(run.folder / format))],
        )
        shutil.rmtree(run.folder / format)


def _cost(data: Path, out: Path, format: str) -> Cost:
    began = time.perf_counter()
    words = ("export", "--format", format, "--out", str(out), "--data", str(data))
    child = subprocess.Popen([sys.executable, "-m", "sayso_ingest", *words], stdout=subprocess.DEVNULL)
    _, status, use = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise RuntimeError(f"sayso export --format {format} ended with {child.returncode}")
    took = time.perf_counter() - began
    account = json.loads((out / "manifest.json").read_bytes())
    return Cost(took, use.ru_maxrss / 1024, account["considered"], account["kept"])


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
