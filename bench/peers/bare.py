"""The least that taking an event can cost: an id, a lock, an append."""

from __future__ import annotations

import threading
import uuid
from collections import deque


class Bare:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._queue: deque[tuple[str, str, str]] = deque()

    def record(self, number: int) -> None:
        event_id = str(uuid.uuid4())
        with self._lock:
            self._queue.append((event_id, f"msg_{number}", "down"))

    def flush(self) -> None:
        self._queue.clear()


def connect(url: str, folder: str) -> Bare:
    return Bare()
