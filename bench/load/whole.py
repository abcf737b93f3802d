"""The whole service, `sayso serve`, and what its processes use."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from processes import children, wait_until

from bench.load.serving import COMMAND, make_key
from bench.run import ROOT

TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Whole:
    """A service that is ready."""

    url: str
    secret: str
    data: Path
    pid: int
    ready_in: float
    """Seconds from its start until it said so."""

    @property
    def processes(self) -> list[int]:
        """All of its processes that live now."""
        return family(self.pid)

    def pss_mb(self) -> float:
        """Memory of all of its processes, what they share counted once."""
        return pss_mb(self.processes)

    def cpu_seconds(self) -> float:
        """Processor time of all of its processes."""
        return cpu_seconds(self.pid)


@contextmanager
def serving_all(data: Path, *options: str, prefix: Sequence[str] = ()) -> Iterator[Whole]:
    """Run `sayso serve` with its defaults and these options, behind the words of `prefix`."""
    secret = make_key(data)
    said = data.parent / f"{data.name}.err"
    command = [
        *prefix,
        *COMMAND,
        "serve",
        "--data",
        str(data),
        "--port",
        "0",
        "--console-port",
        "0",
        *options,
    ]
    began = time.monotonic()
    with said.open("w") as errors:
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=errors)
    try:
        wait_until(lambda: "sayso is ready" in said.read_text() or process.poll() is not None, seconds=120)
        took = time.monotonic() - began
        ready = re.search(r"sayso is ready: (\S+)", said.read_text())
        assert ready, said.read_text()
        yield Whole(ready[1], secret, data, process.pid, took)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=60)


def family(pid: int) -> list[int]:
    """A process and all that it started, of those that live now."""
    found, waiting = [], [pid]
    while waiting:
        found.append(waiting.pop())
        waiting += children(found[-1])
    return found


def cpu_seconds(pid: int) -> float:
    """Processor time of a process and of all that it started."""
    return sum(_cpu(member) for member in family(pid))


def pss_mb(processes: Iterable[int]) -> float:
    """Memory of processes, what they share counted once."""
    return sum(_pss(pid) for pid in processes) / 1024


def _pss(pid: int) -> int:
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:  # it has ended meanwhile
        return 0
    return next((int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:")), 0)


def _cpu(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / TICKS
