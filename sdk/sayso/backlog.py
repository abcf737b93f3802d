"""The events that wait, oldest first, within bounds. Knows no threads: whoever calls holds the lock of `Shared`."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Sequence

from sayso.kinds import IMPLICIT
from sayso.options import Limits
from sayso.ready import Item, Ready
from sayso.spool.segment import FOREIGN


class Backlog:
    """What waits, what is under way, and echoes. All of them count against the bounds.

    What waits stands in lanes, so that what people say outlives what was merely seen of them, and our own events do not
    wait for those that other processes have left.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._explicit: deque[Item] = deque()
        self._implicit: deque[Item] = deque()
        self._foreign: deque[Item] = deque()
        """What other processes have left on disk: it goes when there is room beside our own."""
        self._under_way: list[Item] = []
        self._under_way_bytes = 0
        self.echoes: list[Item] = []
        """Recorded from within our own requests, as by a log handler or an instrumented HTTP client."""
        self._echo_bytes = 0
        self._count = 0
        self._bytes = 0

    def __len__(self) -> int:
        return self._count

    @property
    def first(self) -> Item | None:
        """What has waited longest."""
        lane = self._lane_of_first()
        return lane[0] if lane else None

    @property
    def oldest(self) -> int | None:
        """The lowest number that is not settled."""
        first = self.first
        heads = (*self._under_way[:1], *((first,) if first else ()))
        return min((item.seq for item in heads), default=None)

    @property
    def fills_a_batch(self) -> bool:
        """Whether waiting for company is of no use any more."""
        return (
            len(self._explicit) + len(self._implicit) + len(self._foreign) >= self._limits.batch_events
            or self._bytes - self._under_way_bytes - self._echo_bytes >= self._limits.batch_bytes
        )

    def put(self, item: Item) -> Sequence[Item]:
        """Add an event, and return what had to go for it: the newest implicit ones, or else the event itself."""
        implicit = item.kind in IMPLICIT
        gone: Sequence[Item] = ()
        if not self.has_room(item.size):
            gone = () if implicit else self._displace(item.size)
            if not gone:
                return [item]
        (self._implicit if implicit else self._explicit).append(item)
        self._count += 1
        self._bytes += item.size
        return gone

    def has_room(self, size: int) -> bool:
        """Say whether an event of so many bytes fits."""
        return self._bytes + size <= self._limits.bytes and self._count < self._limits.events

    def hold_echo(self, item: Item) -> bool:
        """Hold an echo apart, where nobody sends it; False when there is no room, or a tenth of it is taken by them."""
        if len(self.echoes) >= self._limits.events // 10 or not self.has_room(item.size):
            return False
        self.echoes.append(item)
        self._echo_bytes += item.size
        self._count += 1
        self._bytes += item.size
        return True

    def take_echoes(self) -> Sequence[Item]:
        """Return the echoes so far, and hold them no longer."""
        echoes, self.echoes = self.echoes, []
        self._count -= len(echoes)
        self._bytes -= self._echo_bytes
        self._echo_bytes = 0
        return echoes

    def restore(self, items: Iterable[Ready]) -> None:
        """Add events from the disk, all of them: a segment is read as a whole, whatever the bounds."""
        for item in items:
            self._lane_of(item).append(item)
            self._count += 1
            self._bytes += item.size

    def take(self) -> list[Item]:
        """Move the oldest events, as many as make a batch, under way; none while others are."""
        if self._under_way:
            return []
        while (lane := self._lane_of_first()) and len(self._under_way) < self._limits.batch_events:
            size = lane[0].size
            if self._under_way and self._under_way_bytes + size > self._limits.batch_bytes:
                break
            self._under_way.append(lane.popleft())
            self._under_way_bytes += size
        return list(self._under_way)

    def replace(self, ready: Iterable[Ready]) -> bool:
        """Let events take the place of what they were made from; False when that has been given up meanwhile."""
        if not self._under_way:
            return False
        self._set_under_way(list(ready))
        return True

    def settle(self, ids: Collection[str]) -> Sequence[Item]:
        """Forget events under way, and return them (none, when they have been given up meanwhile)."""
        gone = set(ids)
        settled = [item for item in self._under_way if item.id in gone]
        if settled:
            self._set_under_way([item for item in self._under_way if item.id not in gone])
        return settled

    def put_back(self) -> None:
        """Let everything that is under way wait again, before what came later."""
        for item in reversed(self._under_way):
            self._lane_of(item).appendleft(item)
        self._under_way, self._under_way_bytes = [], 0

    def give_up(self) -> Sequence[Item]:
        """Forget everything, and return it."""
        left = [*self._under_way, *self._explicit, *self._implicit, *self._foreign]
        self._explicit.clear()
        self._implicit.clear()
        self._foreign.clear()
        self._under_way = []
        self._under_way_bytes = self._count = self._bytes = 0
        return left

    def _lane_of_first(self) -> deque[Item]:
        if self._implicit and (not self._explicit or self._implicit[0].seq < self._explicit[0].seq):
            return self._implicit
        return self._explicit or self._foreign

    def _lane_of(self, item: Item) -> deque[Item]:
        if item.seq == FOREIGN:
            return self._foreign
        return self._implicit if item.kind in IMPLICIT else self._explicit

    def _displace(self, size: int) -> Sequence[Item]:
        """Let the newest implicit events go until `size` bytes fit; none, when all of them would not be enough."""
        gone: list[Item] = []
        held = self._bytes + size
        while self._implicit and (not gone or held > self._limits.bytes):
            gone.append(self._implicit.pop())
            held -= gone[-1].size
        if held > self._limits.bytes:
            self._implicit.extend(reversed(gone))
            return ()
        self._count -= len(gone)
        self._bytes -= sum(item.size for item in gone)
        return gone

    def _set_under_way(self, items: list[Item]) -> None:
        """Let other events take the place of those under way."""
        size = sum(item.size for item in items)
        self._count += len(items) - len(self._under_way)
        self._bytes += size - self._under_way_bytes
        self._under_way, self._under_way_bytes = items, size
