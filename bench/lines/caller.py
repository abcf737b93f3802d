"""What one call costs the thread that makes it, beside the real peers and the plain way to do it.

Each client is measured in a process of its own, whose sender works with a server on this machine that answers at once.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator, Mapping
from statistics import median
from tempfile import TemporaryDirectory

from bench.figure import Beside, Figure
from bench.peers import PEERS
from bench.peers.receiving import receiving, start
from bench.run import Run

PLAIN = "uuid4, lock, append"
ROUNDS = 3
NAMES = ("p50", "p99")

Took = tuple[float, float]
"""Microseconds: p50 and p99."""


def measure(run: Run) -> Iterator[Figure]:
    calls, rounds = run.size(10_000, 500), run.size(ROUNDS, 1)
    took = _in_turn({"sayso": "record", "bare": "record"} | dict.fromkeys(PEERS, "record"), calls, rounds)
    yield from _thumb(took)
    methods = {"sayso": "record_meta", "sayso with a spool": "record", "bare": "record"}
    took = _in_turn(methods, calls, rounds)
    for what, client in (("thumb() with meta", "sayso"), ("thumb() with a spool", "sayso with a spool")):
        for share in (0, 1):
            beside = [Beside(PLAIN, took["bare"][share])]
            yield Figure(f"{what}: {NAMES[share]}", took[client][share], "µs", beside)
    took = _in_turn(dict.fromkeys(("sayso", *PEERS), "record_interaction"), calls, rounds)
    for share, goal in ((0, "<= 15 µs"), (1, "")):
        beside = [Beside(name, took[name][share]) for name in PEERS]
        value = took["sayso"][share]
        met = value <= 15 if goal else None
        yield Figure(f"interaction() with 2 KB of text: {NAMES[share]}", value, "µs", beside, goal, met)


def _thumb(took: Mapping[str, Took]) -> Iterator[Figure]:
    """The two figures that have goals of their own."""
    for share, bound, goal in (
        (0, 2 * took["bare"][0], f"<= 2 x {PLAIN}, below every peer"),
        (1, 20.0, "<= 20 µs, below every peer"),
    ):
        value, peers = took["sayso"][share], [Beside(name, took[name][share]) for name in PEERS]
        met = value <= bound and all(value < peer.value for peer in peers)
        beside = [Beside(PLAIN, took["bare"][share]), *peers]
        yield Figure(f"thumb(): {NAMES[share]}", value, "µs", beside, goal, met)


def _in_turn(methods: Mapping[str, str], calls: int, rounds: int) -> dict[str, Took]:
    """The medians of every client over several rounds, each call of a round in a process of its own."""
    taken = [
        {client: _once(client, method, calls) for client, method in methods.items()} for _ in range(rounds)
    ]
    return {
        client: (median(one[client][0] for one in taken), median(one[client][1] for one in taken))
        for client in methods
    }


def _once(client: str, method: str, calls: int) -> Took:
    with receiving() as receiver, TemporaryDirectory() as made:
        folder = made if client.endswith("spool") else ""
        words = (receiver.url, folder, method, str(calls))
        process = start(client.partition(" ")[0], "calls", *words, stdout=subprocess.PIPE)
        try:
            took = json.loads(process.communicate(timeout=120)[0])
        finally:
            process.kill()
        return took["50"], took["99"]
