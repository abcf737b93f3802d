"""What an event costs each room with Kafka between them: what deploy/capacity.md reckons with."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from broker import Broker, running_broker
from sayso_ingest.places import log_folder

from bench.figure import Beside, Figure
from bench.lines.batches import BATCH, bodies, events_a_second
from bench.load.landing import land
from bench.load.records import accepted, write_log
from bench.load.serving import Serving, collecting
from bench.load.traffic import events, uuid7_from
from bench.load.whole import cpu_seconds, family, pss_mb
from bench.load.wrk import highest_rate, need_wrk
from bench.run import Run

PARTITIONS = 2
"""Of a topic of that broker."""


@dataclass(frozen=True)
class Spent:
    """What went by while events came in."""

    events: float
    seconds: float
    collector: float
    """Seconds of processor time, as the next."""
    broker: float
    bytes: int
    """That the topic grew by."""


def measure(run: Run) -> Iterator[Figure]:
    need_wrk()
    seconds = run.size(10, 1)
    bodies(run.folder / "plain", run.folder / "gzip")
    (run.folder / "broker").mkdir()
    with running_broker(run.folder / "broker") as running:
        with collecting(run.folder / "data", "--log", running.url("bench")) as ours:
            ways: dict[str, Callable[[], float]] = {
                "one a post": lambda: highest_rate(ours.url, "single.lua", ours.secret, seconds=seconds),
                f"{BATCH} a post": lambda: events_a_second(ours, run.folder / "plain", "", seconds),
            }
            for name, way in ways.items():
                yield from _figures(name, _spent(way, ours, running, run.folder / "broker"))
            yield Figure(
                "memory of a collector with two processes, into Kafka", pss_mb(family(ours.pid)), "MB"
            )
        yield _landed(run, running)


def _spent(way: Callable[[], float], ours: Serving, running: Broker, folder: Path) -> Spent:
    way()  # connections are made, and what is compiled has been
    before = cpu_seconds(ours.pid), cpu_seconds(running.pid), _bytes(folder)
    began = time.perf_counter()
    rate = way()
    took = time.perf_counter() - began
    after = cpu_seconds(ours.pid), cpu_seconds(running.pid), _bytes(folder)
    return Spent(rate * took, took, after[0] - before[0], after[1] - before[1], after[2] - before[2])


def _bytes(folder: Path) -> int:
    """What the topic takes on disk, and over the network to each replica: a record stays as it was sent."""
    return sum(file.stat().st_size for file in folder.rglob("bench.default-*/*.log"))


def _figures(name: str, spent: Spent) -> Iterator[Figure]:
    each = 1e6 / spent.events
    rate = spent.events / spent.seconds
    yield Figure(f"a collector, {name}, into Kafka: processor time of an event", spent.collector * each, "µs")
    yield Figure(f"the broker, {name}: processor time of an event", spent.broker * each, "µs")
    yield Figure(f"in the topic, {name}: bytes of an event, lz4", spent.bytes / spent.events, "bytes")
    yield Figure(
        f"a partition took, {name}, load and broker on the same cores", rate / PARTITIONS, "events/s"
    )


def _landed(run: Run, running: Broker) -> Figure:
    count = run.size(200_000, 5_000)
    each = {}
    for name, log in (("kafka", running.url("landing")), ("files", "sqlite")):
        project = run.folder / name / "default"
        write_log(
            log_folder(project), accepted(events(count, new_id=uuid7_from())), project="default", log=log
        )
        landing = land(project, log=log)
        assert landing.rows == count, f"{landing.rows} of {count} landed"
        each[name] = landing.cpu_seconds / count * 1e6
    beside = [Beside("from files", each["files"])]
    return Figure("a lander, from Kafka: processor time of an event", each["kafka"], "µs", beside)
