"""What a service at rest keeps in memory."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

from service import Service

from bench.figure import Figure


def run(folder: Path) -> list[Figure]:
    service = Service(folder / "data")
    time.sleep(3)  # until it is at rest
    sizes = {room: _resident(service.room(room)) for room in ("collect", "land", "console")}
    sizes["workers"] = sum(_resident(pid) for pid in service.workers())
    sizes["supervisor"] = _resident(service.process.pid)
    service.stop()
    bare = _bare()
    total = sum(sizes.values())
    parts = ", ".join(f"{room} {size:.0f}" for room, size in sizes.items())
    return [Figure(f"memory at rest ({parts})", total, bare, "MB", "one Python process that imports nothing")]


def _resident(pid: int) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    return 0.0


def _bare() -> float:
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    time.sleep(0.5)
    size = _resident(child.pid)
    child.communicate(b"\n")
    return size
