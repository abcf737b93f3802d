"""Sends what waits on the desk: in the client's own thread, or in that of a caller where there is no other."""

from __future__ import annotations

import json
import math
import threading
from collections.abc import Callable, Sequence

from sayso import retry
from sayso.backlog import Item, Ready
from sayso.courier import Courier, Report, Trip, parts
from sayso.desk import Desk
from sayso.errors import InvalidEvent, Withheld
from sayso.notices import REJECTED
from sayso.outgoing import Outgoing
from sayso.segment import FOREIGN, Segment
from sayso.spool import Spool


class Sender:
    """Takes batches, makes them ready, has them carried, and counts what became of them."""

    def __init__(self, desk: Desk, courier: Courier, outgoing: Outgoing, clock: Callable[[], float]) -> None:
        self._desk = desk
        self._courier = courier
        self._outgoing = outgoing
        self._clock = clock
        self._reading = threading.Lock()
        self.thread = 0
        """The thread that is sending; a hook that it calls must not wait for it."""

    def due_batch(self, longest: float) -> list[Item]:
        """Take the next batch if it is due, else wait for a change (lock held)."""
        delay = max(self._due() - self._clock(), 0.0)
        batch = [] if delay else self._desk.backlog.take()
        if not batch:
            # Without a delay there is nothing to take, or somebody else is sending.
            self._desk.asleep = True
            self._desk.changed.wait(min(delay or longest, longest))
            self._desk.asleep = False
        return batch

    def deliver(self, batch: Sequence[Item], deadline: float = math.inf) -> None:
        """Send a batch, in halves if it is too large, and put back what has to be sent again."""
        desk = self._desk
        self.thread = threading.get_ident()
        try:
            waiting = parts(self._ready(batch), desk.limits.batch_bytes)
            while waiting and (left := deadline - self._clock()) > 0:
                part = waiting.pop(0)
                with desk.lock:
                    if not len(desk.backlog):
                        break  # close() has given up meanwhile
                    lost = desk.tally.report
                    report = Report(desk.tally.client, lost) if lost else None
                trip = self._courier.carry(part, report, timeout=left)
                if trip.fate.split:
                    half = len(part) // 2
                    waiting[:0] = [part[:half], part[half:]]
                    continue
                self._settle(part, trip, report)
                if trip.fate.slow_down:
                    break
        finally:
            self.thread = 0
            with desk.lock:
                desk.backlog.put_back()
                desk.wake()

    def refill(self) -> None:
        """Take over what others have left, and bring what rests on the disk back to the desk while there is room."""
        desk, spool = self._desk, self._desk.spool
        if spool is None or not self._reading.acquire(blocking=False):
            return
        try:
            if spool.look():
                with desk.lock:
                    spool.adopt()
                    desk.wake()
            while (segment := self._next(spool)) is not None:
                self._restore(spool, segment)
        finally:
            self._reading.release()

    def _next(self, spool: Spool) -> Segment | None:
        """Return what is to be read next; nothing unless the desk is less than half full."""
        desk, limits = self._desk, self._desk.limits
        with desk.lock:
            half_empty = 2 * len(desk.backlog) <= limits.events and desk.backlog.has_room(limits.bytes // 2)
            return spool.next() if half_empty else None

    def _due(self) -> float:
        """Say when the next batch may go out (lock held)."""
        first, pace = self._desk.backlog.first, self._desk.pace
        if first is None or first.seq <= pace.hurry or self._desk.backlog.fills_a_batch:
            return pace.pause_until
        if first.seq == FOREIGN:
            return pace.pause_until  # it has waited long enough
        return max(pace.pause_until, first.since + self._desk.limits.linger)

    def _ready(self, batch: Sequence[Item]) -> list[Ready]:
        """Make a batch ready, and settle what cannot leave."""
        ready: list[Ready] = []
        refused: list[tuple[str, str, str]] = []
        for item in batch:
            try:
                ready.append(self._outgoing.ready(item))
            except InvalidEvent as problem:
                refused.append((problem.reason, item.id, f"{item.kind}: {problem}"))
            except Withheld:
                pass
        desk = self._desk
        with desk.lock:
            if desk.backlog.replace(ready):
                desk.drop({"before_send": len(batch) - len(ready) - len(refused)})
                for reason, event_id, why in refused:
                    desk.refuse(reason, event_id, why)
        return ready

    def _settle(self, part: Sequence[Ready], trip: Trip, report: Report | None) -> None:
        """Count what became of a part of a batch, and pace the next attempt."""
        fate, response, desk = trip.fate, trip.response, self._desk
        with desk.lock:
            now, again = self._clock(), set(fate.again)
            old = [
                item.id
                for item in part
                if item.id in again and retry.too_old(now - item.since, on_disk=item.segment is not None)
            ]
            for reason, ids in fate.rejected.items():
                if desk.settle(ids):
                    for event_id in ids:  # the collector keeps and counts these itself
                        desk.refuse(reason, event_id, REJECTED.format(reason), report=False)
            desk.drop({reason: desk.settle(ids) for reason, ids in {**fate.dropped, "too_old": old}.items()})
            desk.tally.delivered += desk.settle(fate.delivered)
            desk.tally.retried += len(again) - len(old)
            if report and response is not None and response.status < 300:
                desk.tally.reported(report.dropped)
            desk.pace.after(now, slow_down=fate.slow_down, asked=response.retry_after if response else 0.0)
        if trip.trouble:
            desk.notices.say("trouble", f"{trip.trouble} Events wait and are sent again.")

    def _restore(self, spool: Spool, segment: Segment) -> None:
        """Read a segment, and let its events wait."""
        payloads, unreadable = spool.read(segment)
        missing = {"spool_unreadable": max(unreadable, segment.pending - len(payloads))}
        if spool.expired(segment):
            missing["spool_expired"], payloads = len(payloads), []
        now = self._clock()
        events = [_restored(payload, now, segment) for payload in payloads]
        with self._desk.lock:
            self._desk.restore(segment, events, missing)


def _restored(payload: bytes, since: float, segment: Segment) -> Ready:
    """Make an event from the disk ready; it counts as old as the first of its segment."""
    event = json.loads(payload)
    return Ready.of(
        payload, id=event["id"], seq=segment.seq, since=since, kind=event["kind"], segment=segment
    )
