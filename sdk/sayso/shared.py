"""What callers and the sender share: the events that wait, the counts, what is to be told, and the lock around it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from sayso.backlog import Backlog
from sayso.hooks import Hooks
from sayso.notices import Notices
from sayso.options import Limits
from sayso.pace import Pace
from sayso.ready import Item, Ready
from sayso.spool import ANYBODY, Spool
from sayso.spool.segment import Segment
from sayso.tally import Stats, Tally


class Shared:
    """One client's, in one process. Whoever calls a method holds the lock, unless it says otherwise."""

    def __init__(
        self,
        limits: Limits,
        hooks: Hooks,
        clock: Callable[[], float],
        spool_dir: Path | None,
        *,
        whose: str = ANYBODY,
    ) -> None:
        # Re-entrant, for a signal handler, a finalizer or a log handler may record while this thread holds it.
        self.lock = threading.RLock()
        self.changed = threading.Condition(self.lock)
        self.asleep = False
        """Whether the sender's thread waits for a change."""
        self.limits = limits
        self.backlog = Backlog(limits)
        self.tally = Tally()
        self.pace = Pace()
        self.notices = Notices(hooks, clock)
        self.spool = None if spool_dir is None else Spool(spool_dir, most=limits.spool_bytes, whose=whose)
        self._tellers: set[int] = set()

    def keep_echo(self, item: Item) -> None:
        """Let an event wait until another comes: alone, it would cause a request, and that the next echo, for ever."""
        if not self.backlog.hold_echo(item):
            self.drop({"queue_full": 1})

    def join_echoes(self) -> None:
        """Let the echoes so far wait like all others."""
        echoes = self.backlog.take_echoes()
        for item in echoes:
            self.put(item)
        if echoes:
            self.wake()

    def put(self, item: Item) -> bool:
        """Let an event wait, on disk too if there is a spool; False when something had to go for it."""
        if self.backlog.echoes:
            self.join_echoes()
        if self.spool is not None and isinstance(item, Ready):
            rest = self.spool.spills or not self.backlog.has_room(item.size)
            segment = self.spool.append(item.payload, rest=rest, seq=item.seq)
            if segment is not None and rest:
                return True
            self.tally.unspooled += segment is None
            item = item._replace(segment=segment)
        gone = self.backlog.put(item)
        if gone:
            self.forget(gone)
            self.drop({"queue_full": len(gone)})
        return not gone

    def restore(self, segment: Segment, events: Sequence[Ready], missing: Mapping[str, int]) -> None:
        """Let the events of a segment wait that was read from the disk, and count those that are missing."""
        spool = self.spool
        if spool is None or spool.closed:
            return  # meanwhile; they are somebody else's to read now
        known = spool.loaded(segment, len(events))
        count = len(events) + sum(missing.values())
        self.tally.recorded += count - known
        self.tally.recovered += 0 if known else len(events)
        self.drop(missing)
        self.backlog.restore(events)
        self.wake()

    def settle(self, ids: Iterable[str]) -> int:
        """Forget events under way, and say how many those were."""
        items = self.backlog.settle(set(ids))
        self.forget(items)
        return len(items)

    def forget(self, items: Iterable[Item]) -> None:
        """Forget what the disk has of events that are settled."""
        for item in items:
            if isinstance(item, Ready) and item.segment is not None and self.spool is not None:
                self.spool.settle(item.segment)

    def drop(self, counts: Mapping[str, int]) -> None:
        """Count what is lost, and note it as something to tell."""
        self.tally.drop(counts)
        self.notices.lose(counts)

    def refuse(self, reason: str, event_id: str, why: str, *, report: bool = True) -> None:
        """Count an event that was refused, and note it as something to tell."""
        self.tally.drop({reason: 1}, report=report)
        self.notices.refuse(reason, event_id, why)

    def give_up(self) -> int:
        """Hold nothing any more, and say how many events stay on the disk."""
        self.join_echoes()
        left = self.backlog.give_up()
        segments = [item.segment for item in left if isinstance(item, Ready) and item.segment is not None]
        kept, gone = self.spool.give_up(segments) if self.spool else (0, 0)
        self.drop({"unsent": len(left) - len(segments) + gone})
        self.wake()
        return kept

    def settled(self, newest: int) -> bool:
        """Say whether nothing waits that this process recorded up to a number; what others have left may wait."""
        oldest = self.backlog.oldest
        in_memory = oldest is not None and oldest <= newest
        return not in_memory and (self.spool is None or self.spool.oldest > newest)

    @property
    def to_read(self) -> bool:
        """Whether there are events on disk that are still to be read."""
        return self.spool is not None and self.spool.to_read

    def stats(self) -> Stats:
        """Copy the counts."""
        on_disk, lost = (self.spool.waiting, self.spool.lost) if self.spool else (0, 0)
        return self.tally.stats(waiting=len(self.backlog) + on_disk, unspooled=lost)

    def wake(self) -> None:
        """Tell everybody who waits that something has changed."""
        self.asleep = False
        self.changed.notify_all()

    def tell(self) -> None:
        """Tell what there is to tell, without the lock: who is told may take his time."""
        here = threading.get_ident()
        with self.lock:
            if here in self._tellers or not self.notices.news:
                return  # who is being told may have recorded something himself: that goes with the next news
            news = self.notices.take()
            self._tellers.add(here)
        try:
            self.notices.tell(news)
        finally:
            with self.lock:
                self._tellers.discard(here)
                self.wake()

    @property
    def others_tell(self) -> bool:
        """Whether another thread is telling something."""
        return bool(self._tellers - {threading.get_ident()})
