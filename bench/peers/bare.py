"""The plain way to take an event, and no promise with it: uuid4, a lock, an append.

Not the least that it can cost: uuid4 asks the system for chance at each call, where ours draws it for many at once.
"""

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
