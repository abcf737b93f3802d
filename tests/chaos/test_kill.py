"""Every process of the way is killed over and over under load; what was accepted is landed, once."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from chaos.recorder import Recorder
from processes import wait_until
from service import Service

KILLS = int(os.environ.get("CHAOS_KILLS", "24"))
ROLES = ("worker", "land", "collect", "sdk")
SENDERS = 6
pytestmark = pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="finds processes in /proc")


class Load:
    """Threads that post batches, repeat what failed with the same ids, and now and then what did not."""

    def __init__(self, url: str, key: str) -> None:
        self._url = url + "/v1/events"
        self._headers = {"Authorization": f"Bearer {key}"}
        self._ended = threading.Event()
        self._threads = [threading.Thread(target=self._send, args=(n,), daemon=True) for n in range(SENDERS)]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        self._ended.set()
        for thread in self._threads:
            thread.join(timeout=30)

    def _send(self, seed: int) -> None:
        chance = random.Random(seed)
        batches: list[dict[str, object]] = []
        with requests.Session() as session:
            while not self._ended.is_set():
                again = batches and chance.random() < 0.2
                batch = chance.choice(batches) if again else _batch(chance)
                batches = [*batches[-20:], batch]
                while not self._post(session, batch) and not self._ended.is_set():
                    time.sleep(0.05)

    def _post(self, session: requests.Session, batch: dict[str, object]) -> bool:
        try:
            return session.post(self._url, json=batch, headers=self._headers, timeout=15).status_code == 200
        except requests.RequestException:
            return False


def _batch(chance: random.Random) -> dict[str, object]:
    def event() -> dict[str, object]:
        target, value = f"m{chance.randrange(1000)}", chance.choice(["up", "down", None])
        return {"id": str(uuid.uuid4()), "kind": "thumb", "target": target, "body": {"value": value}}

    return {"events": [event() for _ in range(chance.randrange(1, 20))]}


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    started = Service(tmp_path / "data")
    yield started
    started.stop()


def test_what_was_accepted_is_landed_exactly_once(service: Service) -> None:
    """kill -9 of collector workers, their main process, the lander and the SDK's process, requests in flight."""
    recorder = Recorder(service.url)
    sender = [sys.executable, str(Path(__file__).with_name("sender.py")), recorder.url, service.secret]
    application = subprocess.Popen(sender)
    load = Load(recorder.url, service.secret)
    chance = random.Random(7)
    wait_until(lambda: len(recorder.accepted) > 100, seconds=60, what="the first 100 events accepted")
    for number in range(KILLS):
        recorder.wait_for_more(50)
        time.sleep(chance.random() * 0.3)
        wait_until(lambda: recorder.in_flight > 0, what="a request in flight")
        role = ROLES[number % len(ROLES)]
        if role == "sdk":
            application.kill()
            application.wait()
            application = subprocess.Popen(sender)
        else:
            kill(service, role)
    application.kill()
    application.wait()
    load.stop()
    wait_until(lambda: recorder.in_flight == 0, what="the last requests answered")
    accepted = set(recorder.accepted)
    wait_until(lambda: accepted <= landed(service), seconds=60, what="all that was accepted landed")

    assert service.query("SELECT count(*) - count(DISTINCT event_id) FROM events") == [(0,)]
    assert service.query("SELECT count(*) FROM rejects") == [(0,)]
    assert service.query("SELECT sum(n) > 0 FROM losses WHERE reason = 'repeat'") == [(True,)]
    recorder.close()
    assert service.stop() == 0
    print(f"{KILLS} kills, {len(accepted)} events accepted, {recorder.failures} requests broken")


def kill(service: Service, role: str) -> None:
    """kill -9 of a process of this role; one that another kill has taken along may be missing for a moment."""
    while True:
        try:
            os.kill(service.workers()[0] if role == "worker" else service.room(role), signal.SIGKILL)
            return
        except (StopIteration, IndexError, FileNotFoundError, ProcessLookupError):
            time.sleep(0.05)


def landed(service: Service) -> set[str]:
    return {str(event_id) for (event_id,) in service.query("SELECT event_id FROM events")}
