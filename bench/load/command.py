"""A command of sayso, as typed, in a process of its own: how long it took, and the most memory that it held."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

EVERY = 0.02
"""Seconds between two looks at how much memory it has held."""
_PEAK = re.compile(r"^VmHWM:\s+(\d+) kB", re.MULTILINE)


@dataclass(frozen=True)
class Cost:
    """Seconds from start to end, and the most memory in MB."""

    seconds: float
    megabytes: float


def run(*words: str) -> Cost:
    """Run it to its end.

    The system's own account of an ended process (`ru_maxrss`) has the peak of the one that started it in it.

    Raises:
        RuntimeError: it fails.
    """
    began = time.perf_counter()
    command = (sys.executable, "-m", "sayso_ingest", *words)
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    status, peak = Path(f"/proc/{child.pid}/status"), 0
    while child.poll() is None:
        with suppress(OSError):
            found = _PEAK.search(status.read_text())
            peak = max(peak, int(found[1]) if found else 0)
        time.sleep(EVERY)
    if child.returncode:
        raise RuntimeError(f"sayso {' '.join(words)} ended with {child.returncode}")
    return Cost(time.perf_counter() - began, peak / 1024)
