"""What one call costs the thread that makes it, beside the real peers and the least it can cost.

Each client is measured in a process of its own, whose sender works with a server on this machine that answers at once.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from statistics import median

from bench.figure import Beside, Figure
from bench.peers.receiving import receiving, start
from bench.run import Run

PEERS = ("posthog", "langfuse", "segment", "sentry")
ROUNDS = 3

Took = tuple[float, float]
"""Microseconds: p50 and p99."""


def measure(run: Run) -> Iterator[Figure]:
    calls, rounds = run.size(20_000, 500), run.size(ROUNDS, 1)
    bare = _took("bare", "record", calls, rounds)
    peers = {name: _took(name, "record", calls // 4, rounds) for name in PEERS}
    ours = _took("sayso", "record", calls, rounds)
    yield _p50("thumb()", ours, {"bare minimum": bare, **peers}, bare)
    yield _p99("thumb()", ours, {"bare minimum": bare, **peers}, peers)
    ours = _took("sayso", "record_meta", calls, rounds)
    yield _p50("thumb() with meta", ours, {"bare minimum": bare}, None)
    yield _p99("thumb() with meta", ours, {"bare minimum": bare}, None)
    peers = {name: _took(name, "record_interaction", calls // 4, rounds) for name in PEERS}
    ours = _took("sayso", "record_interaction", calls, rounds)
    what = "interaction() with 2 KB of text"
    beside = [Beside(name, p50) for name, (p50, _) in peers.items()]
    yield Figure(f"{what}: p50", ours[0], "µs", beside, "p50 <= 15 µs", ours[0] <= 15)
    yield _p99(what, ours, peers, None)


def _p50(what: str, ours: Took, beside: dict[str, Took], bare: Took | None) -> Figure:
    others = [Beside(name, p50) for name, (p50, _) in beside.items()]
    if bare is None:
        return Figure(f"{what}: p50", ours[0], "µs", others)
    met = ours[0] <= 2 * bare[0] and all(ours[0] < took[0] for took in beside.values() if took is not bare)
    return Figure(f"{what}: p50", ours[0], "µs", others, "<= 2 x the bare minimum, below every peer", met)


def _p99(what: str, ours: Took, beside: dict[str, Took], peers: dict[str, Took] | None) -> Figure:
    others = [Beside(name, p99) for name, (_, p99) in beside.items()]
    if peers is None:
        return Figure(f"{what}: p99", ours[1], "µs", others)
    met = ours[1] <= 20 and all(ours[1] < took[1] for took in peers.values())
    return Figure(f"{what}: p99", ours[1], "µs", others, "<= 20 µs, below every peer", met)


def _took(client: str, method: str, calls: int, rounds: int) -> Took:
    """The medians over several processes."""
    taken = [_once(client, method, calls) for _ in range(rounds)]
    return median(p50 for p50, _ in taken), median(p99 for _, p99 in taken)


def _once(client: str, method: str, calls: int) -> Took:
    with receiving() as receiver:
        process = start(client, "calls", receiver.url, method, str(calls), stdout=subprocess.PIPE)
        try:
            took = json.loads(process.communicate(timeout=120)[0])
        finally:
            process.kill()
        return took["50"], took["99"]
