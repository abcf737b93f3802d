"""How fast one process empties a full queue: from the moment the server answers until it has everything."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from functools import partial

from bench.figure import Beside, Figure, in_turn
from bench.peers import PEERS
from bench.peers.receiving import Receiving, receiving, start
from bench.run import Run

FULL = 10_000
"""Events: the bound of our queue and of most; what a client refuses beyond its own bound does not count."""
QUIET = 3.0
"""Seconds without an event after which nothing more is expected."""


def measure(run: Run) -> Iterator[Figure]:
    count = run.size(FULL, 300)
    rates = in_turn(*(partial(_rate, name, count) for name in ("sayso", *PEERS)), rounds=run.size(3, 1))
    beside = [Beside(name, rate) for name, rate in zip(PEERS, rates[1:], strict=True)]
    yield Figure(
        "a full queue drains, one process", rates[0], "events/s", beside, ">= 20,000/s", rates[0] >= 20_000
    )


def _rate(client: str, count: int) -> float:
    with receiving("hold") as receiver:
        process = start(client, "application", receiver.url, "", "fill", str(count),
                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)  # fmt: skip
        assert process.stdin and process.stdout
        try:
            assert process.stdout.readline() == "full\n"
            began = time.monotonic()
            receiver.be("ok")
            process.stdin.write("\n")
            process.stdin.flush()
            counts = _all(receiver, count)
        finally:
            process.kill()
            process.communicate()
    return float(counts["distinct"] / (counts["last"] - began)) if counts["distinct"] else 0.0


def _all(receiver: Receiving, count: int) -> dict[str, float]:
    """Wait until the server has everything, or until nothing more comes."""
    quiet_since, seen = time.monotonic(), -1
    while True:
        counts = receiver.counts()
        if counts["distinct"] >= count or time.monotonic() - quiet_since > QUIET:
            return counts
        if counts["distinct"] != seen:
            quiet_since, seen = time.monotonic(), counts["distinct"]
        time.sleep(0.05)
