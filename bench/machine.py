"""The machine that was measured, and the versions of what was."""

from __future__ import annotations

import os
import platform
import re
import shutil
import sqlite3
import subprocess
from importlib.metadata import distributions, version
from pathlib import Path

from bench.peers.environment import PACKAGES, SERVERS, places

OURS = ("sayso", "duckdb", "flask", "granian", "marshmallow", "msgspec", "numpy", "pyarrow", "requests")


def describe() -> dict[str, str]:
    """Cores, processor, memory, kernel, Python."""
    return {
        "cores": str(os.cpu_count()),
        "processor": _field("/proc/cpuinfo", "model name"),
        "memory": f"{int(_field('/proc/meminfo', 'MemTotal').split()[0]) / 2**20:.0f} GB",
        "kernel": f"{platform.system()} {platform.release().partition('-')[0]}",
        "Python": platform.python_version(),
    }


def versions() -> dict[str, str]:
    """What is measured, as far as it is installed: ours, what is below it, and the peers."""
    found = {name: version(name) for name in OURS} | {"sqlite": sqlite3.sqlite_version}
    for place in places():
        for installed in distributions(path=[str(place)]):
            if installed.name in (*PACKAGES, *SERVERS):
                found[installed.name] = installed.version
    return found | _wrk()


def _wrk() -> dict[str, str]:
    if shutil.which("wrk") is None:
        return {}
    said = subprocess.run(["wrk", "-v"], check=False, capture_output=True, text=True).stdout
    number = re.search(r"[0-9]+(\.[0-9]+)+", said)
    return {"wrk": number[0]} if number else {}


def _field(file: str, name: str) -> str:
    for line in Path(file).read_text().splitlines():
        label, _, value = line.partition(":")
        if label.strip() == name:
            return value.strip()
    return "unknown"
