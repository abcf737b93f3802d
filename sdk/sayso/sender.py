"""Sends what waits: in the client's own thread, or in that of a caller where there is no other."""

from __future__ import annotations

import json
import math
import threading
from collections.abc import Callable, Sequence
from datetime import datetime

from sayso import retry
from sayso.envelope import Report, envelope, parts
from sayso.errors import InvalidEvent, TransportError, Withheld
from sayso.fate import Fate, decide
from sayso.notices import REJECTED
from sayso.ready import Item, Outgoing, Ready, ending
from sayso.response import Response
from sayso.shared import Shared
from sayso.spool import Spool
from sayso.spool.segment import FOREIGN, Segment
from sayso.transport import Transport


class Sender:
    """Takes batches, makes them ready, sends them, and counts what became of them."""

    def __init__(
        self,
        shared: Shared,
        transport: Transport,
        outgoing: Outgoing,
        *,
        clock: Callable[[], float],
        now: Callable[[], datetime],
    ) -> None:
        self._shared = shared
        self._transport = transport
        self._outgoing = outgoing
        self._clock = clock
        self._now = now
        self._reading = threading.Lock()
        self._mentioned = 0
        self.thread = 0
        """The thread that is sending; a hook that it calls must not wait for it."""
        self.within_transport = 0
        """The same while it is within the transport: what it records there is an echo of our own request."""

    def due_batch(self, longest: float) -> list[Item]:
        """Take the next batch if it is due, else wait for a change (lock held)."""
        delay = max(self._due() - self._clock(), 0.0)
        batch = [] if delay else self._shared.backlog.take()
        if not batch:
            # Without a delay there is nothing to take, or somebody else is sending.
            self._shared.asleep = True
            self._shared.changed.wait(min(delay or longest, longest))
            self._shared.asleep = False
        return batch

    def deliver(self, batch: Sequence[Item], deadline: float = math.inf) -> BaseException | None:
        """Send a batch, in halves if it is too large, and put back what has to be sent again.

        Returns what a hook raised to end the thread: a caller has to raise it, and our own thread goes on.
        """
        shared = self._shared
        self.thread = threading.get_ident()
        try:
            ready, wish = self._ready(batch)
            waiting = parts(ready, shared.limits.batch_bytes)
            while waiting and (left := deadline - self._clock()) > 0:
                part = waiting.pop(0)
                with shared.lock:
                    if not len(shared.backlog):
                        break  # close() has given up meanwhile
                    lost = shared.tally.report
                    report = Report(shared.tally.client, lost) if lost else None
                response = self._attempt(part, report, timeout=left)
                fate = decide([item.id for item in part], response)
                if fate.split:
                    half = len(part) // 2
                    waiting[:0] = [part[:half], part[half:]]
                    continue
                with shared.lock:
                    self._settle(part, fate)
                    self._note(fate, response, report)
                if fate.slow_down:
                    break
            return wish
        finally:
            self.thread = 0
            with shared.lock:
                shared.backlog.put_back()
                shared.wake()

    def refill(self) -> None:
        """Take over what others have left, and bring what rests on the disk back to memory while there is room."""
        shared, spool = self._shared, self._shared.spool
        if spool is None or not self._reading.acquire(blocking=False):
            return
        try:
            if spool.look():
                with shared.lock:
                    spool.adopt()
                    shared.wake()
                self._mention(spool.forgotten)
            while (segment := self._next(spool)) is not None:
                self._restore(spool, segment)
        finally:
            self._reading.release()

    def _mention(self, forgotten: int) -> None:
        """Say, when there are more than before, that only clients of another URL or key may touch some files."""
        if forgotten > self._mentioned:
            self._shared.notices.say(
                "forgotten",
                f"{forgotten} file(s) in the spool are meant for another collector or key, and nobody has come for "
                "them for a day. A client with that URL and key sends them, up to 7 days old; later remove them.",
            )
        self._mentioned = forgotten

    def _next(self, spool: Spool) -> Segment | None:
        """Return what is to be read next; nothing unless memory is less than half full."""
        shared, limits = self._shared, self._shared.limits
        with shared.lock:
            half_empty = 2 * len(shared.backlog) <= limits.events and shared.backlog.has_room(
                limits.bytes // 2
            )
            return spool.next() if half_empty else None

    def _due(self) -> float:
        """Say when the next batch may go out (lock held)."""
        first, pace = self._shared.backlog.first, self._shared.pace
        if first is None or first.seq <= pace.hurry or self._shared.backlog.fills_a_batch:
            return pace.pause_until
        if first.seq == FOREIGN:
            return pace.pause_until  # it has waited long enough
        return max(pace.pause_until, first.since + self._shared.limits.linger)

    def _ready(self, batch: Sequence[Item]) -> tuple[list[Ready], BaseException | None]:
        """Make a batch ready, settle what cannot leave, and say whether somebody wants the thread to end."""
        ready: list[Ready] = []
        wish: BaseException | None = None
        refused: list[tuple[str, str, str]] = []
        for item in batch:
            try:
                ready.append(self._outgoing.ready(item))
            except InvalidEvent as problem:
                refused.append((problem.reason, item.id, f"{item.kind}: {problem}"))
                wish = wish or ending(problem)
            except Withheld:
                pass
        shared = self._shared
        with shared.lock:
            if shared.backlog.replace(ready):
                shared.drop({"before_send": len(batch) - len(ready) - len(refused)})
                for reason, event_id, why in refused:
                    shared.refuse(reason, event_id, why)
        return ready, wish

    def _attempt(self, part: Sequence[Ready], report: Report | None, *, timeout: float) -> Response | None:
        """Make one attempt, and return its answer, if any: no transport may end the thread that sends."""
        self.within_transport = threading.get_ident()
        try:
            return self._transport.send(envelope(part, self._now(), report), timeout=timeout)
        except TransportError as problem:
            trouble = str(problem)
        except Exception as error:
            trouble = f"The transport failed ({type(error).__name__})."
        finally:
            self.within_transport = 0
        self._shared.notices.say("trouble", f"{trouble} Events wait and are sent again.")
        return None

    def _settle(self, part: Sequence[Ready], fate: Fate) -> None:
        """Count what became of a part of a batch (lock held)."""
        shared, again = self._shared, set(fate.again)
        now = self._clock()
        old = [
            item.id
            for item in part
            if item.id in again and retry.too_old(now - item.since, on_disk=item.segment is not None)
        ]
        for reason, ids in fate.rejected.items():
            if shared.settle(ids):
                for event_id in ids:  # the collector keeps and counts these itself
                    shared.refuse(reason, event_id, REJECTED.format(reason), report=False)
        shared.drop({reason: shared.settle(ids) for reason, ids in {**fate.dropped, "too_old": old}.items()})
        shared.tally.delivered += shared.settle(fate.delivered)
        shared.tally.retried += len(again) - len(old)

    def _note(self, fate: Fate, response: Response | None, report: Report | None) -> None:
        """Pace the next attempt, and note whether the collector has heard of our losses (lock held)."""
        if report and response is not None and response.status < 300:
            self._shared.tally.reported(report.dropped)
        asked = response.retry_after if response else 0.0
        self._shared.pace.after(self._clock(), slow_down=fate.slow_down, asked=asked)

    def _restore(self, spool: Spool, segment: Segment) -> None:
        """Read a segment, and let its events wait."""
        payloads, unreadable = spool.read(segment)
        now = self._clock()
        events = [event for payload in payloads if (event := _restored(payload, now, segment)) is not None]
        unreadable += len(payloads) - len(events)
        missing = {"spool_unreadable": max(unreadable, segment.pending - len(events))}
        if spool.expired(segment):
            missing["spool_expired"], events = len(events), []
        with self._shared.lock:
            self._shared.restore(segment, events, missing)


def _restored(payload: bytes, since: float, segment: Segment) -> Ready | None:
    """Make an event from the disk ready; it counts as old as the first of its segment. None when it is no event."""
    try:
        event = json.loads(payload)
        event_id, kind = event["id"], event["kind"]
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    if not isinstance(event_id, str) or not isinstance(kind, str):
        return None
    return Ready.of(payload, id=event_id, seq=segment.seq, since=since, kind=kind, segment=segment)
