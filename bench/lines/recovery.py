"""From a kill (`kill -9`) until events are accepted again, and until a new one has landed."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from broker import can_run
from cluster import NODES, running_cluster
from processes import wait_until
from service import Landed, Service

from bench.figure import Beside, Figure
from bench.load.killed import Recovery, await_landing, recover
from bench.load.serving import COMMAND, collecting
from bench.run import ROOT, Run

STANDBY = 5.0
"""Seconds within which a lander that waits is to have taken over."""


def measure(run: Run) -> Iterator[Figure]:
    rounds = run.size(5, 1)
    with _serving(run.folder / "files") as service:
        usual = _again(service, lambda: None, rounds)
        for name, kill in _kills(service).items():
            yield from _figures(name, _again(service, kill, rounds), usual)
    yield _standby(run.folder / "standby", rounds)
    if can_run():
        yield from _broker(run.folder, rounds)


def _kills(service: Service) -> dict[str, Callable[[], object]]:
    return {
        "one of two workers": lambda: os.kill(service.workers()[0], signal.SIGKILL),
        "the collector": lambda: os.kill(service.room("collect"), signal.SIGKILL),
        "the lander, which publishes too": lambda: os.kill(service.room("land"), signal.SIGKILL),
    }


def _broker(folder: Path, rounds: int) -> Iterator[Figure]:
    """Of three brokers one is killed, the leader of some partitions; it is back before the next round."""
    (folder / "cluster").mkdir()
    with (
        running_cluster(folder / "cluster") as cluster,
        _serving(folder / "kafka", "--log", cluster.url("recovery")) as service,
    ):
        usual = _again(service, lambda: None, rounds)
        times = []
        for number in range(rounds):
            node = NODES[number % len(NODES)]
            times += _again(service, lambda node=node: cluster.kill(node), 1)
            cluster.start(node)
            cluster.wait_until_whole()
        yield from _figures("one of three Kafka brokers", times, usual)


def _standby(data: Path, rounds: int) -> Figure:
    """The lander is killed while another one waits for its place."""
    with collecting(data) as collector, _landers(data) as start:
        landing, times = start(), []
        await_landing(collector.url, collector.secret, Landed(data))
        for _ in range(rounds):
            waiting = start("--standby")
            times.append(recover(collector.url, collector.secret, Landed(data), landing.kill))
            landing.wait()
            landing = waiting
    took = [each.landed for each in times]
    return Figure(
        "the lander killed while another one waits (`--standby`): a new event has landed after",
        median(took),
        "s",
        [Beside("worst", max(took))],
        f"worst <= {STANDBY:g} s",
        max(took) <= STANDBY,
    )


def _figures(name: str, times: Sequence[Recovery], usual: Sequence[Recovery]) -> Iterator[Figure]:
    for what, of in (
        ("accepted again", lambda each: each.accepted),
        ("a new event has landed", lambda each: each.landed),
    ):
        took = [of(each) for each in times]
        yield Figure(
            f"{name} killed: {what} after",
            median(took),
            "s",
            [Beside("with nothing killed", median(map(of, usual))), Beside("worst", max(took))],
        )


def _again(service: Service, kill: Callable[[], object], rounds: int) -> list[Recovery]:
    return [recover(service.url, service.secret, service, kill) for _ in range(rounds)]


@contextmanager
def _serving(data: Path, *options: str) -> Iterator[Service]:
    service = Service(data, *options)
    try:
        yield service
    finally:
        service.stop()


@contextmanager
def _landers(data: Path) -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    """Start landers of a folder; one that waits is waited for until it does."""
    started: list[subprocess.Popen[bytes]] = []

    def start(*words: str) -> subprocess.Popen[bytes]:
        said = data / f"lander-{len(started)}.err"
        with said.open("w") as errors:
            command = [*COMMAND, "land", "--data", str(data), *words]
            started.append(subprocess.Popen(command, cwd=ROOT, stderr=errors))
        if words:
            wait_until(lambda: "waits for its end" in said.read_text(), what="a lander that waits")
        return started[-1]

    try:
        yield start
    finally:
        for process in started:
            process.kill()
            process.wait()
