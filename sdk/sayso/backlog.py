"""The events that wait, oldest first, within bounds. Knows no threads: the buffer guards it with its lock."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a client holds, how it batches, and how long it may hold up the end of a process."""

    events: int = 10_000
    bytes: int = 16 * 1024 * 1024
    batch_events: int = 100
    batch_bytes: int = 512 * 1024
    linger: float = 1.0
    """Seconds that an event waits for company."""
    exit_budget: float = 2.0
    """Seconds that a process which ends without `close()` waits for its events."""


@dataclass(frozen=True, slots=True)
class Item:
    """One encoded event; `number` counts up, `since` is when it came, on the buffer's clock."""

    number: int
    id: str
    payload: bytes
    since: float


class Backlog:
    """What waits and what is under way. Both count against the bounds."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._waiting: deque[Item] = deque()
        self._under_way: list[Item] = []
        self._waiting_bytes = 0
        self._under_way_bytes = 0
        self.newest = 0
        """The number of the event that came last."""

    def __len__(self) -> int:
        return len(self._waiting) + len(self._under_way)

    @property
    def first(self) -> Item | None:
        """What has waited longest."""
        return self._waiting[0] if self._waiting else None

    @property
    def oldest(self) -> int | None:
        """The lowest number that is not settled."""
        if self._under_way:
            return self._under_way[0].number
        return self._waiting[0].number if self._waiting else None

    @property
    def fills_a_batch(self) -> bool:
        """Whether waiting for company is of no use any more."""
        return (
            len(self._waiting) >= self._limits.batch_events or self._waiting_bytes >= self._limits.batch_bytes
        )

    def put(self, event_id: str, payload: bytes, since: float) -> bool:
        """Add an event; False when there is no room for it."""
        held = self._waiting_bytes + self._under_way_bytes + len(payload)
        if len(self) >= self._limits.events or held > self._limits.bytes:
            return False
        self.newest += 1
        self._waiting.append(Item(self.newest, event_id, payload, since))
        self._waiting_bytes += len(payload)
        return True

    def take(self) -> list[Item]:
        """Move the oldest events, as many as make a batch, under way; none while others are."""
        if self._under_way:
            return []
        while self._waiting and len(self._under_way) < self._limits.batch_events:
            size = len(self._waiting[0].payload)
            if self._under_way and self._under_way_bytes + size > self._limits.batch_bytes:
                break
            self._under_way.append(self._waiting.popleft())
            self._waiting_bytes -= size
            self._under_way_bytes += size
        return list(self._under_way)

    def settle(self, ids: Collection[str]) -> int:
        """Forget events under way, and say how many those were (none, when they have been given up meanwhile)."""
        gone = set(ids)
        kept = [item for item in self._under_way if item.id not in gone]
        settled = len(self._under_way) - len(kept)
        self._under_way = kept
        self._under_way_bytes = sum(len(item.payload) for item in kept)
        return settled

    def put_back(self) -> None:
        """Let everything that is under way wait again, before what came later."""
        self._waiting.extendleft(reversed(self._under_way))
        self._waiting_bytes += self._under_way_bytes
        self._under_way, self._under_way_bytes = [], 0

    def give_up(self) -> int:
        """Forget everything, and say how much that was."""
        lost = len(self)
        self._waiting.clear()
        self._under_way, self._waiting_bytes, self._under_way_bytes = [], 0, 0
        return lost
