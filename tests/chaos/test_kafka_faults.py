"""With three brokers between collector and lander: whatever breaks, what was accepted lands exactly once.

One broker of three killed and started again, connections to the brokers cut, held up and slowed down by a proxy between
them, collectors and the lander killed, each with requests in flight. `make chaos-kafka` does 200, the tests a dozen.
"""

from __future__ import annotations

import os
import random
import signal
import statistics
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from chaos.accounts import Account, Journal, Landed, settled, table
from chaos.load import Load
from chaos.recorder import Recorder
from cluster import NODES, Cluster
from processes import wait_until
from service import Service

FAULTS = int(os.environ.get("KAFKA_FAULTS", "12"))
KINDS = (
    "broker killed",
    "one broker's connections cut",
    "all connections cut",
    "one broker held up",
    "all brokers held up",
    "one broker slow",
    "worker killed",
    "collector killed",
    "lander killed",
    "lander killed while a broker is held up",
    "all connections cut and worker killed",
    "one broker's connections cut",
)
SLOW = 20_000
"""Bytes a second: a batch takes about as long as a request may."""
pytestmark = [
    pytest.mark.usefixtures("sockets_collected"),
    pytest.mark.kafka,
    # kafka-python reads its own protocol files in a way that Python 3.11 and 3.12 call deprecated.
    pytest.mark.filterwarnings("ignore:(read|open)_text is deprecated:DeprecationWarning"),
    pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="finds processes in /proc"),
]


class Faults:
    """What is broken, and for how long."""

    def __init__(self, cluster: Cluster, service: Service) -> None:
        self._cluster = cluster
        self._service = service
        self._chance = random.Random(11)
        self._down = 0
        self._down_for = 0

    def do(self, kind: str) -> bool:
        """Break something; false where there is nothing to break, for an earlier fault has."""
        self._down_for -= 1
        if self._down_for < 0:
            self._start_again()
        try:
            self._do(kind)
        except (StopIteration, IndexError, FileNotFoundError, ProcessLookupError):
            return False
        return True

    def mend(self) -> None:
        """Wait until all brokers are there again."""
        self._start_again()
        self._cluster.wait_until_whole()

    def _do(self, kind: str) -> None:
        wire = self._cluster.wires[self._chance.choice(NODES)]
        wires = list(self._cluster.wires.values())
        if kind == "broker killed":
            self._kill_broker()
        if "one broker's connections cut" in kind:
            wire.cut()
        if "all connections cut" in kind:
            for each in wires:
                each.cut()
        if "held up" in kind:
            held = wires if "all brokers" in kind else [wire]
            for each in held:
                each.stall()
            threading.Timer(self._chance.uniform(0.5, 5.0), lambda: [each.heal() for each in held]).start()
        if kind == "one broker slow":
            wire.slow(SLOW)
            threading.Timer(self._chance.uniform(1.0, 5.0), wire.heal).start()
        if "worker killed" in kind:
            os.kill(self._chance.choice(self._service.workers()), signal.SIGKILL)
        if "collector killed" in kind:
            os.kill(self._service.room("collect"), signal.SIGKILL)
        if "lander killed" in kind:
            os.kill(self._service.room("land"), signal.SIGKILL)

    def _kill_broker(self) -> None:
        """kill -9 one of them, while the others are whole; it is started again a fault or two later."""
        self.mend()
        self._down = self._chance.choice(NODES)
        self._down_for = self._chance.randrange(1, 3)
        self._cluster.kill(self._down)

    def _start_again(self) -> None:
        if self._down:
            self._cluster.launch(self._down)
            self._down = 0


@pytest.fixture
def service(kafka_cluster: Cluster, tmp_path: Path) -> Iterator[Service]:
    started = Service(tmp_path / "data", "--log", kafka_cluster.url(f"chaos-{uuid4().hex[:8]}"))
    yield started
    started.stop()


def test_what_was_accepted_lands_once_whatever_befalls_brokers_and_rooms(
    kafka_cluster: Cluster, service: Service
) -> None:
    began = time.monotonic()
    recorder = Recorder(service.url)
    load = Load(recorder.url, service.secret)
    faults = Faults(kafka_cluster, service)
    recovered: dict[str, list[float]] = defaultdict(list)
    wait_until(lambda: len(recorder.accepted) > 100, seconds=60, what="the first 100 events accepted")
    for kind in kinds(FAULTS):
        while True:
            wait_until(lambda: recorder.in_flight > 0, what="a request in flight")
            if faults.do(kind):
                break
        since = time.monotonic()
        recorder.wait_for_more(50)
        recovered[kind].append(time.monotonic() - since)
    faults.mend()
    load.stop()
    wait_until(lambda: recorder.in_flight == 0, what="the last requests answered")
    recorder.close()

    landed = settled(service, recorder.accepted | recorder.rejected.keys())
    posted = Journal(frozenset(load.made), frozenset(load.made), 1)
    account = Account.of("posts", posted, landed, recorder.accepted)
    say(recovered, account, recorder, time.monotonic() - began)
    hold(service, recorder, account, landed)
    assert service.stop() == 0


def kinds(count: int) -> list[str]:
    """Every kind as often as it stands in the list, in an order that is random and the same each time."""
    chance = random.Random(5)
    rounds = [chance.sample(KINDS, len(KINDS)) for _ in range(-(-count // len(KINDS)))]
    return [kind for one in rounds for kind in one][:count]


def say(recovered: dict[str, list[float]], account: Account, recorder: Recorder, seconds: float) -> None:
    print(f"\n{table([account])}\n")
    for kind, times in sorted(recovered.items()):
        median = statistics.median(times)
        print(f"{len(times):4} {kind}: 50 more accepted after {median:.1f} s, at most {max(times):.1f}")
    faults = sum(map(len, recovered.values()))
    print(f"{faults} faults in {seconds:.0f} s, {recorder.failures:,} requests broken.")


def hold(service: Service, recorder: Recorder, account: Account, landed: Landed) -> None:
    """Every event that was accepted is there once, every one that was refused is a reject, and nothing else is."""
    assert service.process.poll() is None, "the supervisor gave up"
    assert recorder.accepted <= landed.events, "an accepted event is missing"
    assert recorder.rejected.items() <= landed.rejects.items()
    assert not landed.events & landed.rejects.keys()
    assert account.lost == 0
    for what in ("events", "rejects"):
        assert service.query(f"SELECT count(*) - count(DISTINCT event_id) FROM {what}") == [(0,)], "twice"
