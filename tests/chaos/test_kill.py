"""Every process of the way is killed over and over: what was accepted is landed, once, and the sums add up."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

import pytest
from chaos.accounts import Account, Journal, Landed, settled, table
from chaos.load import Load
from chaos.recorder import Recorder
from processes import wait_until
from service import Service

KILLS = int(os.environ.get("CHAOS_KILLS", "8"))
ROLES = ("worker", "worker", "worker", "land", "land", "collect", "SDK with spool", "SDK without")
HELD = 10_000
"""Events that a client holds in memory at most, and so what one kill can cost without a spool."""
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="finds processes in /proc"),
]


class Application:
    """A process that uses the SDK, killed and started again."""

    def __init__(self, mode: str, recorder: Recorder, service: Service, folder: Path) -> None:
        self.journal = folder / f"{mode}.journal"
        self._words = [recorder.url, service.secret, service.publishable, str(self.journal)]
        self._mode = mode
        self._said = folder / f"{mode}.err"
        self.start(mode)

    def start(self, mode: str) -> None:
        command = [sys.executable, str(Path(__file__).with_name("sender.py")), mode, *self._words]
        with self._said.open("a") as err:
            self.process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=err, text=True
            )

    def kill(self) -> None:
        """kill -9."""
        self.process.kill()
        self.process.communicate()

    def kill_and_start_again(self) -> None:
        self.kill()
        self.start(self._mode)

    def end(self) -> str:
        """Let it end in order; return what it printed."""
        return self.process.communicate(timeout=120)[0]


class Chaos:
    """Everything that runs, and what is killed of it."""

    def __init__(self, service: Service, folder: Path) -> None:
        self.service = service
        self.recorder = Recorder(service.url)
        self.kept = Application("spool", self.recorder, service, folder)
        self.held = Application("memory", self.recorder, service, folder)
        self.tiny = Application("tiny", self.recorder, service, folder)
        self.load = Load(self.recorder.url, service.secret)
        self.kills: Counter[str] = Counter()
        self._chance = random.Random(7)

    def kill(self, role: str) -> bool:
        """kill -9 of a process of this role; False when there is none, for an earlier kill has taken it along."""
        try:
            if role == "SDK with spool":
                self.kept.kill_and_start_again()
            elif role == "SDK without":
                self.held.kill_and_start_again()
            else:
                service = self.service
                pid = self._chance.choice(service.workers()) if role == "worker" else service.room(role)
                os.kill(pid, signal.SIGKILL)
        except (StopIteration, IndexError, FileNotFoundError, ProcessLookupError):
            return False
        self.kills[role] += 1
        return True

    def heard(self, client: Application) -> bool:
        """Whether any event of it has been accepted."""
        return not Journal.read(client.journal).made.isdisjoint(self.recorder.accepted)

    def accounts(self, landed: Landed, dropped: Mapping[str, int]) -> list[Account]:
        """Settle the accounts of all clients; only the tiny queue drops."""
        accepted = self.recorder.accepted
        posted = Journal(frozenset(self.load.made), frozenset(self.load.made), 1)
        return [
            Account.of("SDK with spool", Journal.read(self.kept.journal), landed, accepted),
            Account.of("SDK without", Journal.read(self.held.journal), landed, accepted),
            Account.of("SDK, tiny queue", Journal.read(self.tiny.journal), landed, accepted, dropped),
            Account.of("posts", posted, landed, accepted),
        ]

    def end(self) -> dict[str, int]:
        """Stop all clients, the spool's with nothing left in it; return what the tiny queue dropped.

        Each has been heard by then: without a spool a client may be killed each time before its turn to try again.
        """
        for client in (self.kept, self.held, self.tiny):
            wait_until(partial(self.heard, client), seconds=60, what="an event of each accepted")
        self.kept.kill()
        self.held.kill()
        self.kept.start("drain")
        self.load.stop()
        dropped: dict[str, int] = json.loads(self.tiny.end())["dropped"]
        settled(self.service, Journal.read(self.kept.journal).made)
        self.kept.end()
        wait_until(lambda: self.recorder.in_flight == 0, what="the last requests answered")
        self.recorder.close()
        return dropped


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    started = Service(tmp_path / "data")
    yield started
    started.stop()


def test_what_was_accepted_is_landed_exactly_once(service: Service, tmp_path: Path) -> None:
    """kill -9 of collector workers, their main process, the lander and SDK processes, each with requests in flight."""
    began = time.monotonic()
    chaos = Chaos(service, tmp_path)
    recorder = chaos.recorder
    wait_until(lambda: len(recorder.accepted) > 100, seconds=60, what="the first 100 events accepted")
    for role in roles(KILLS):
        while True:
            recorder.wait_for_more(50)
            wait_until(lambda: recorder.in_flight > 0, what="a request in flight")
            if chaos.kill(role):
                break
    tiny_dropped = chaos.end()
    accepted = set(recorder.accepted)
    landed = settled(service, accepted | recorder.rejected.keys())
    [(repeats,)] = service.query("SELECT sum(n)::BIGINT FROM losses WHERE reason = 'repeat'")
    dropped = dict(service.query("SELECT reason, sum(n)::BIGINT FROM losses WHERE hop = 'client' GROUP BY 1"))
    accounts = chaos.accounts(landed, dropped)
    print(f"\n{table(accounts)}\n")
    by_role = ", ".join(f"{n} {role}" for role, n in sorted(chaos.kills.items()))
    print(f"{chaos.kills.total()} kills in {time.monotonic() - began:.0f} s: {by_role}.")
    print(f"{repeats:,} repeats, {recorder.failures:,} requests broken.")

    assert service.process.poll() is None, "the supervisor gave up"
    assert accepted <= landed.events, "an accepted event is missing"
    assert recorder.rejected.items() <= landed.rejects.items()
    assert not landed.events & landed.rejects.keys()
    for what in ("events", "rejects"):
        assert service.query(f"SELECT count(*) - count(DISTINCT event_id) FROM {what}") == [(0,)], "twice"
    add_up(accounts, landed)
    assert dropped == tiny_dropped, "what the client says it dropped is what the warehouse says"
    assert repeats > 0
    assert service.stop() == 0


def add_up(accounts: Sequence[Account], landed: Landed) -> None:
    """Made = landed + rejected + dropped, every term of it above zero somewhere, and nothing else has landed."""
    kept, held, tiny, posted = accounts
    assert sum(account.landed for account in accounts) == len(landed.events)
    assert sum(sum(account.rejected.values()) for account in accounts) == len(landed.rejects)
    assert kept.lost == tiny.lost == posted.lost == 0
    assert 0 <= held.lost <= HELD * held.lives
    assert all(account.landed for account in accounts)
    assert kept.rejected["kind_not_allowed"] > 0
    assert posted.rejected["invalid_value"] > 0
    assert tiny.dropped["queue_full"] > 0


def roles(count: int) -> list[str]:
    """Every role about as often as it stands in the list, in an order that is random and the same each time."""
    chance = random.Random(7)
    rounds = [chance.sample(ROLES, len(ROLES)) for _ in range(-(-count // len(ROLES)))]
    return [role for one in rounds for role in one][:count]
