"""What a service that has nothing to do costs: memory, processor, and the time until it is ready."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from statistics import median

from bench.figure import Beside, Figure
from bench.load.whole import pss_mb, serving_all
from bench.run import Run


def measure(run: Run) -> Iterator[Figure]:
    ready = []
    for number in range(run.size(5, 1)):
        with serving_all(run.folder / f"new{number}") as service:
            ready.append(service.ready_in)
    with serving_all(run.folder / "new0") as service:
        again = service.ready_in
        time.sleep(run.size(10, 1))  # until it is at rest
        watched = run.size(20.0, 2.0)
        before = service.cpu_seconds()
        time.sleep(watched)
        share = (service.cpu_seconds() - before) / watched * 100
        memory, count = service.pss_mb(), len(service.processes)
    beside = [Beside("as many Python processes that do nothing", _bare(count))]
    what = f"`sayso serve` at rest, PSS of its {count} processes"
    yield Figure(what, memory, "MB", beside, "<= 300 MB", memory <= 300)
    yield Figure(
        "ready after",
        median(ready),
        "s",
        [Beside("on a folder that is there", again)],
        "< 2 s",
        median(ready) < 2,
    )
    yield Figure("processor at rest", share, "% of a core", (), "< 1 %", share < 1)


def _bare(count: int) -> float:
    """The memory of as many processes that import nothing, in MB."""
    said = "print(flush=True); input()"
    processes = [
        subprocess.Popen([sys.executable, "-c", said], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        for _ in range(count)
    ]
    for process in processes:
        assert process.stdout
        process.stdout.readline()
    memory = pss_mb(process.pid for process in processes)
    for process in processes:
        process.communicate(b"\n")
    return memory
