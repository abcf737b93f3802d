"""The smallest box: the whole service on one core and 512 MB, while an application sends 500 events a second."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import fmean

from bench.figure import Beside, Figure
from bench.load import talking
from bench.load.smallbox import small_box
from bench.load.whole import Whole, serving_all
from bench.run import Run

RATE = 500
MEGABYTES = 512
EVERY = 2.0
"""Seconds between two looks at the memory."""
FLAT = 1.1
"""The last quarter may have that much of what the second quarter had."""


def measure(run: Run) -> Iterator[Figure]:
    seconds = run.size(600.0, 10.0)
    data = run.folder / "data"
    with small_box(MEGABYTES) as box:
        with serving_all(data, prefix=box.prefix) as service:
            process = talking.start(
                service.url, service.secret, rate=RATE, seconds=seconds, prefix=box.beside
            )
            memory = _watch(service, process)
            counts = talking.finish(process)
        bound, killed = box.bound, box.killed
    refused = counts["recorded"] - counts["delivered"] + counts["retried"]
    what = f"{RATE} events/s for {seconds:.0f} s on {bound}"
    met = refused == killed == 0
    note = f"of {counts['recorded']:,}; {killed} processes killed for want of memory"
    yield Figure(f"{what}: refused, retried or lost", refused, "events", (), "0", met, note)
    second, last = _quarter(memory, 1), _quarter(memory, 3)
    yield Figure(
        "its memory in the last quarter (PSS)",
        last,
        "MB",
        [Beside("in the second quarter", second), Beside("most", max(memory))],
        f"flat: <= {FLAT} x",
        last <= FLAT * second,
    )
    yield _disk(data / "default", counts["interactions"])


def _disk(project: Path, interactions: int) -> Figure:
    """Gigabytes for a million interactions, each with its exposure, a thumb and now and then a comment."""
    live = (project / "live" / "warehouse.duckdb").stat().st_size
    published = (project / "warehouse.duckdb").stat().st_size
    each = 1e6 / interactions / 1e9
    beside = [Beside("the published copy alone", published * each)]
    return Figure(
        "disk for a million interactions and their feedback", (live + published) * each, "GB", beside
    )


def _watch(service: Whole, process: subprocess.Popen[str]) -> list[float]:
    memory = []
    while process.poll() is None:
        memory.append(service.pss_mb())
        time.sleep(EVERY)
    return memory


def _quarter(memory: list[float], number: int) -> float:
    size = max(1, len(memory) // 4)
    return fmean(memory[number * size : (number + 1) * size] or memory)
