"""Clients without an SDK: threads that post batches, repeat those that failed, and at times those that did not."""

from __future__ import annotations

import random
import threading
import time
import uuid
from typing import Any

import requests

SENDERS = 4


class Load:
    """Posts to a collector until it is stopped; an event is made once its batch was answered with 200."""

    def __init__(self, url: str, key: str) -> None:
        self.made: set[str] = set()
        self._url = url + "/v1/events"
        self._headers = {"Authorization": f"Bearer {key}"}
        self._ended = threading.Event()
        self._threads = [threading.Thread(target=self._send, args=(n,), daemon=True) for n in range(SENDERS)]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """End each thread once the batch that it has in hand is through."""
        self._ended.set()
        for thread in self._threads:
            thread.join(timeout=60)
            assert not thread.is_alive()

    def _send(self, seed: int) -> None:
        chance = random.Random(seed)
        batches: list[list[dict[str, Any]]] = []
        with requests.Session() as session:
            while not self._ended.is_set():
                again = batches and chance.random() < 0.2
                batch = chance.choice(batches) if again else _batch(chance)
                batches = [*batches[-20:], batch]
                while not self._post(session, batch):
                    time.sleep(0.05)
                self.made |= {event["id"] for event in batch}
                time.sleep(0.01)

    def _post(self, session: requests.Session, batch: list[dict[str, Any]]) -> bool:
        try:
            answer = session.post(self._url, json={"events": batch}, headers=self._headers, timeout=15)
        except requests.RequestException:
            return False
        return answer.status_code == 200 and all(r["status"] != "retry" for r in answer.json()["results"])


def _batch(chance: random.Random) -> list[dict[str, Any]]:
    def event() -> dict[str, Any]:
        target, value = f"m{chance.randrange(1000)}", chance.choice(["up", "down", None])
        if chance.random() < 0.02:
            value = "sideways"
        return {"id": str(uuid.uuid4()), "kind": "thumb", "target": target, "body": {"value": value}}

    return [event() for _ in range(chance.randrange(1, 20))]
