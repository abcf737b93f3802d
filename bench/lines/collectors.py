"""Two collectors that write to the same Kafka, beside one: all on the same cores, with the broker and the load."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

from bench.figure import Beside, Figure, in_turn
from bench.lines.batches import AT_ONCE, BATCH, bodies, events_a_second
from bench.load.kafka import broker
from bench.load.serving import Serving, collecting
from bench.load.wrk import CONNECTIONS, highest_rate, need_wrk
from bench.run import Run

Rate = Callable[[Serving, int], float]
"""Drives a collector with so many connections."""


def measure(run: Run) -> Iterator[Figure]:
    need_wrk()
    seconds, rounds = run.size(10, 1), run.size(3, 1)
    plain = run.folder / "plain"
    bodies(plain, run.folder / "gzip")

    def posts(server: Serving, connections: int) -> float:
        return highest_rate(server.url, "single.lua", server.secret, seconds=seconds, connections=connections)

    def batches(server: Serving, connections: int) -> float:
        return events_a_second(server, plain, "", seconds, connections=connections)

    with (
        broker() as running,
        collecting(run.folder / "a", "--log", running.url("both")) as first,
        collecting(run.folder / "b", "--log", running.url("both")) as second,
    ):
        _together(posts, first, second, CONNECTIONS)  # the first post makes the topic, and connects
        for what, unit, rate, connections in (
            ("single posts", "posts/s", posts, CONNECTIONS),
            (f"batches of {BATCH}", "events/s", batches, AT_ONCE),
        ):
            two, one = in_turn(
                lambda rate=rate, n=connections: _together(rate, first, second, n),
                lambda rate=rate, n=connections: rate(first, n),
                rounds=rounds,
            )
            yield Figure(
                f"two collectors into one topic, {what}, {connections} connections in all",
                two,
                unit,
                [Beside("one collector, as many connections", one)],
            )


def _together(rate: Rate, first: Serving, second: Serving, connections: int) -> float:
    """Drive both at once, each with half of the connections."""
    with ThreadPoolExecutor(2) as pool:
        return sum(pool.map(lambda server: rate(server, connections // 2), (first, second)))
