"""A run that is interrupted says what it has kept, and the same command goes on from there."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from integration.mining.project import Events, publish

pytestmark = pytest.mark.slow

PATIENCE = 300
MINE = ["mine", "--set", "s", "--budget", "20", "--embedder", "hash", "--format", "json"]


def start(data: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "sayso_ingest", *MINE, "--data", str(data)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_interrupted_mining_exits_130_and_goes_on_from_what_it_kept(tmp_path: Path) -> None:
    events = Events()
    events.traffic(4_100)
    publish(tmp_path / "default", events.sent).close()
    vectors = tmp_path / "default" / "mining" / "_vectors"
    broken = start(tmp_path)
    until = time.monotonic() + PATIENCE
    while not list(vectors.rglob("*.npy")) and time.monotonic() < until and broken.poll() is None:
        os.sched_yield()
    broken.send_signal(signal.SIGINT)
    printed, said = broken.communicate(timeout=PATIENCE)
    assert (broken.returncode, printed) == (130, "")
    assert [line for line in said.splitlines() if line] == [
        f"Interrupted. {2_000 * len(list(vectors.rglob('*.npy'))):,} questions were embedded by this run and are kept: "
        "the same command goes on from there."
    ]
    kept = {path.name for path in vectors.rglob("*.npy")}
    after = start(tmp_path)
    printed, _ = after.communicate(timeout=PATIENCE)
    assert after.returncode == 0 and printed.count('"target"') == 20
    assert kept <= {path.name for path in vectors.rglob("*.npy")}
