"""wrk: as many requests as a server takes, over connections that each wait for their answer."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from bench.run import ROOT

CONNECTIONS = 64
HERE = Path(__file__).parent


def highest_rate(url: str, script: str, *words: str, seconds: float, connections: int = CONNECTIONS) -> float:
    """Requests a second that were answered with 200; one thread drives all connections.

    Raises:
        AssertionError: some were answered otherwise or not at all.
    """
    command = ["wrk", "-t1", f"-c{connections}", f"-d{max(1, round(seconds))}s", "--timeout", "10s"]
    command += ["-s", str(HERE / script), f"{url}/v1/events", "--", *words]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    result = next(line.split() for line in done.stdout.splitlines() if line.startswith("RESULT"))
    requests, microseconds, refused, broken = map(float, result[1:5])
    assert refused == broken == 0, (
        f"{refused:.0f} refused, {broken:.0f} broken of {requests:.0f}: {done.stdout}"
    )
    return requests / microseconds * 1e6


def need_wrk() -> None:
    """See to it that wrk is there: installed on Debian as root, else the command that does is said."""
    if shutil.which("wrk") is None:
        subprocess.run([str(ROOT / ".ci" / "need"), "wrk"], check=True)
        assert shutil.which("wrk"), "wrk is not here; on Debian: apt-get install wrk"
