"""What arrives of what was recorded when a process ends badly or its server does, beside the real peers.

Every try is one process that records, then, where something is missing, another one that starts when all is well again
and stays for some seconds. Events are told apart by the ids that each client gives them.
"""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from bench.figure import Beside, Figure
from bench.load.serving import free_port
from bench.peers import PEERS
from bench.peers.receiving import Receiving, receiving, start
from bench.run import Run

PATIENCE = 75.0
FORK_PATIENCE = 20.0
"""Seconds after which a process is killed that does not end."""
CLIENTS = ("sayso with a spool", "sayso", *PEERS)


@dataclass(frozen=True)
class Scenario:
    """What befalls the application and its server."""

    what: str
    way: str
    mode: str
    """What the server does during the first run; "away": there is none."""
    count: int
    times: int = 1
    """How often it is tried: what depends on when threads run does not end alike each time."""


SCENARIOS = (
    Scenario("return from main, server well", "exit_without_flush", "ok", 250, times=3),
    Scenario("return from main, server answers in 0.5 s", "exit_without_flush", "slow", 250),
    Scenario("return from main, server away, then back", "exit_without_flush", "away", 50, times=2),
    Scenario("return from main, server answers 503, then well", "exit_without_flush", "failing", 50),
    Scenario("return from main, server never answers, then well", "exit_without_flush", "silent", 50),
    Scenario("fork with a queue, both flush", "fork_with_a_queue", "ok", 60, times=5),
    Scenario("forked child records and calls os._exit", "leave_at_once", "ok", 30, times=3),
)


@dataclass(frozen=True)
class Outcome:
    """What became of one scenario with one client."""

    delivered: int
    at_once: int
    twice: int
    seconds: float
    ended: bool

    @property
    def good(self) -> tuple[int, int, bool]:
        """What makes one outcome better than another."""
        return self.delivered, -self.twice, self.ended

    def note(self) -> str:
        """Everything but the number that counts."""
        parts = []
        if self.delivered > self.at_once:
            parts.append(f"{self.delivered - self.at_once} by the next run")
        if self.twice:
            parts.append(f"{self.twice} twice")
        parts.append(f"{self.seconds:.1f} s" if self.ended else f"killed after {self.seconds:.0f} s")
        return ", ".join(parts)


def measure(run: Run) -> Iterator[Figure]:
    clients = run.size(CLIENTS, CLIENTS[:3])
    for number, scenario in enumerate(SCENARIOS):
        patience = run.size(FORK_PATIENCE if "fork" in scenario.way else PATIENCE, 10.0)
        outcomes: dict[str, list[Outcome]] = {}
        for client in clients:
            folder = run.folder / f"{number}-{client.replace(' ', '-')}"
            outcomes[client] = sorted(
                (
                    outcome(client, scenario, folder / str(turn), patience)
                    for turn in range(run.size(scenario.times, 1))
                ),
                key=lambda outcome: outcome.good,
            )
        yield _figure(scenario, outcomes)


def _figure(scenario: Scenario, outcomes: Mapping[str, Sequence[Outcome]]) -> Figure:
    worst = next(iter(outcomes.values()))[0]
    ours, *peers = [
        Beside(name, _middle(tries).delivered, _note(scenario, tries)) for name, tries in outcomes.items()
    ]
    met = worst.good == (scenario.count, 0, True)
    return Figure(scenario.what, ours.value, "events", peers, "all, none twice", met, ours.note)


def _note(scenario: Scenario, tries: Sequence[Outcome]) -> str:
    """How it ended, and, where it did not end alike each time, how it ended at worst."""
    note = f"of {scenario.count}, {_middle(tries).note()}"
    if tries[0].good == _middle(tries).good:
        return note
    return f"{note}; worst of {len(tries)}: {tries[0].delivered}, {tries[0].note()}"


def _middle(tries: Sequence[Outcome]) -> Outcome:
    return tries[len(tries) // 2]


def outcome(client: str, scenario: Scenario, folder: Path, patience: float) -> Outcome:
    """Try one scenario once; a process that does not end is killed after `patience` seconds."""
    folder.mkdir(parents=True)
    spool = str(folder) if client.endswith("spool") else ""
    name = client.partition(" ")[0]
    if scenario.mode == "away":
        port = free_port()
        ended, seconds = _application(name, f"http://127.0.0.1:{port}", spool, scenario, patience)
        before = 0
        with receiving(port=port) as receiver:
            counts = _later(name, receiver, spool, before, scenario)
    else:
        with receiving(scenario.mode) as receiver:
            ended, seconds = _application(name, receiver.url, spool, scenario, patience)
            before = receiver.counts()["distinct"]
            receiver.be("ok")
            counts = _later(name, receiver, spool, before, scenario)
    return Outcome(counts["distinct"], before, counts["events"] - counts["distinct"], seconds, ended)


def _application(name: str, url: str, spool: str, scenario: Scenario, patience: float) -> tuple[bool, float]:
    """Run it; say whether it ended by itself, and after how many seconds."""
    began = time.monotonic()
    process = start(name, "application", url, spool, scenario.way, str(scenario.count),
                    stderr=subprocess.DEVNULL, start_new_session=True)  # fmt: skip
    try:
        process.wait(timeout=patience)
        return True, time.monotonic() - began
    except subprocess.TimeoutExpired:
        return False, time.monotonic() - began
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)  # a forked child may hang as well
        process.wait()


def _later(name: str, receiver: Receiving, spool: str, before: int, scenario: Scenario) -> dict[str, int]:
    """What has come after another run of the application, where something was missing."""
    if before < scenario.count:
        again = start(name, "application", receiver.url, spool, "next_run", "0", stderr=subprocess.DEVNULL)
        try:
            again.wait(timeout=60)
        finally:
            again.kill()
            again.wait()
    return receiver.counts()
